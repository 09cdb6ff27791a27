import { mockCredentials } from '@backstage/backend-test-utils';
import { Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { entityWithParts } from './entityParts';

const entity = (
  ref: string,
  relations: Record<string, string[]> = {},
): Entity => {
  const [kind, name] = ref.split(':');
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind,
    metadata: { name, namespace: 'default' },
    relations: Object.entries(relations).flatMap(([type, targets]) =>
      targets.map(target => ({
        type,
        targetRef: target.replace(':', ':default/'),
      })),
    ),
  };
};

async function parts(root: Entity, others: Entity[]) {
  const { entities, omitted } = await entityWithParts(
    root,
    catalogServiceMock({ entities: others }),
    mockCredentials.user(),
  );
  return {
    refs: entities.map(each =>
      stringifyEntityRef(each).replace(':default/', ':'),
    ),
    omitted,
  };
}

describe('entityWithParts', () => {
  it.each<[string, Entity, Entity[], string[]]>([
    [
      'a component alone',
      entity('component:a', { dependsOn: ['component:b'] }),
      [entity('component:b')],
      ['component:a'],
    ],
    [
      "a system's components and their subcomponents",
      entity('system:s', { hasPart: ['component:a', 'resource:r'] }),
      [
        entity('component:a', { hasPart: ['component:sub'] }),
        entity('resource:r'),
        entity('component:sub'),
      ],
      ['system:s', 'component:a', 'resource:r', 'component:sub'],
    ],
    [
      "a domain's systems",
      entity('domain:d', { hasPart: ['system:s'] }),
      [entity('system:s', { hasPart: ['component:a'] }), entity('component:a')],
      ['domain:d', 'system:s', 'component:a'],
    ],
    [
      'what a group and its subgroups own',
      entity('group:g', { ownerOf: ['component:a'], parentOf: ['group:h'] }),
      [
        entity('component:a'),
        entity('group:h', { ownerOf: ['component:b'] }),
        entity('component:b'),
      ],
      ['group:g', 'component:a', 'group:h', 'component:b'],
    ],
    [
      'the components that provide an API',
      entity('api:x', { apiProvidedBy: ['component:a'] }),
      [entity('component:a')],
      ['api:x', 'component:a'],
    ],
    [
      'nothing twice, though the relations go round',
      entity('system:s', { hasPart: ['component:a', 'component:b'] }),
      [
        entity('component:a', { hasPart: ['component:b', 'system:s'] }),
        entity('component:b', { hasPart: ['component:a'] }),
      ],
      ['system:s', 'component:a', 'component:b'],
    ],
    [
      'nothing that the catalog does not show',
      entity('system:s', { hasPart: ['component:hidden', 'component:b'] }),
      [entity('component:b')],
      ['system:s', 'component:b'],
    ],
  ])('gathers %s', async (_, root, others, expected) => {
    await expect(parts(root, others)).resolves.toEqual({
      refs: expected,
      omitted: 0,
    });
  });

  it('ends at 200 entities and says how many it left out', async () => {
    const names = Array.from({ length: 250 }, (_, i) => `component:c${i}`);
    const { refs, omitted } = await parts(
      entity('system:s', { hasPart: names }),
      names.map(name => entity(name)),
    );
    expect([refs.length, omitted]).toEqual([200, 51]);
  });
});
