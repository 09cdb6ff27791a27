import { Entity } from '@backstage/catalog-model';
import { ObjectSelection } from '@kubernetes-topology/engine';
import { objectSelection } from './objectSelection';

const entity = (annotations?: Record<string, string>): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name: 'cart', annotations },
});
const byId = (id: string) => [
  { key: 'backstage.io/kubernetes-id', operator: 'In' as const, values: [id] },
];
const byApp = [{ key: 'app', operator: 'In' as const, values: ['cart'] }];

describe('objectSelection', () => {
  it.each<[Record<string, string> | undefined, ObjectSelection | undefined]>([
    [undefined, undefined],
    [{}, undefined],
    [{ namespace: 'shop' }, undefined],
    [{ cluster: 'demo', namespace: 'shop' }, undefined],
    [{ 'label-selector': ' ' }, undefined],
    [{ id: 'cart' }, { labels: byId('cart') }],
    [{ 'label-selector': 'app=cart' }, { labels: byApp }],
    [{ 'label-selector': 'app=cart', id: 'other' }, { labels: byApp }],
    [{ 'label-selector': ' ', id: 'cart' }, { labels: byId('cart') }],
    [
      { id: 'cart', namespace: 'shop' },
      { labels: byId('cart'), namespace: 'shop' },
    ],
    [
      { id: 'cart', cluster: 'demo' },
      { labels: byId('cart'), clusters: ['demo'] },
    ],
    [
      { 'label-selector': 'app=cart', namespace: 'shop', cluster: 'demo' },
      { labels: byApp, namespace: 'shop', clusters: ['demo'] },
    ],
  ])('backstage.io/kubernetes-… %j', (annotations, expected) => {
    const full =
      annotations &&
      Object.fromEntries(
        Object.entries(annotations).map(([name, value]) => [
          `backstage.io/kubernetes-${name}`,
          value,
        ]),
      );
    expect(objectSelection(entity(full))).toEqual(expected);
  });

  it('names the annotation and the place of a fault', () => {
    expect(() =>
      objectSelection(
        entity({ 'backstage.io/kubernetes-label-selector': 'app=(' }),
      ),
    ).toThrow(
      expect.objectContaining({
        name: 'InputError',
        message: expect.stringMatching(
          /backstage\.io\/kubernetes-label-selector is faulty.*column 5/,
        ),
      }),
    );
  });
});
