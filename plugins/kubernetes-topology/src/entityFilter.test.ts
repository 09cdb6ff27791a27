import { evaluateFilterPredicate } from '@backstage/filter-predicates';
import { entityWithObjectsFilter } from './entityFilter';

describe('entityWithObjectsFilter', () => {
  it.each([
    ['Component', { 'backstage.io/kubernetes-id': 'cart' }, true],
    ['Component', { 'backstage.io/kubernetes-label-selector': 'app=x' }, true],
    ['Component', { 'backstage.io/kubernetes-namespace': 'shop' }, false],
    ['Component', {}, false],
    ['System', {}, true],
    ['Domain', {}, true],
    ['Group', {}, true],
    ['Resource', {}, true],
    ['API', {}, true],
    ['User', {}, false],
    ['Template', {}, false],
  ])('a %s with %j: %s', (kind, annotations, shown) => {
    expect(
      evaluateFilterPredicate(entityWithObjectsFilter, {
        apiVersion: 'backstage.io/v1alpha1',
        kind,
        metadata: { name: 'cart', annotations },
      }),
    ).toBe(shown);
  });
});
