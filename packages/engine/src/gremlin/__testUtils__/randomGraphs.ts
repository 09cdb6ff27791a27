import fc from 'fast-check';
import { matchesLabels } from '../../kinds/labelSelector';
import { Json } from '../../kinds/observation';
import { NodeFilter } from '../../store/nodeFilter';
import { STATUS_LEVELS } from '../nodeState';
import {
  FixtureDictionary,
  FixtureGraph,
  FixtureNode,
  fixtureKey,
} from './fixtureGraph';

export const DICTIONARY: FixtureDictionary = {
  clusters: ['demo', 'a/b'],
  kinds: ['Pod', 'Secret', 'Deployment.apps', 'Namespace', 'Container'],
  relations: [
    {
      name: 'namespace-contains',
      relationType: 'ownership',
      suffers: 'target',
      strength: 'hard',
    },
    {
      name: 'pod-secret',
      relationType: 'pod',
      suffers: 'source',
      strength: 'hard',
    },
    {
      name: 'deployment-pod',
      relationType: 'deployment',
      class: 'control',
      suffers: 'source',
      strength: 'hard',
    },
    {
      name: 'pod-imagepullsecret',
      relationType: 'pod',
      suffers: 'source',
      strength: 'soft',
    },
    {
      name: 'policy-ingress',
      relationType: 'networkpolicy',
      class: 'policy',
      suffers: 'target',
      strength: 'soft',
      metadata: { PolicyType: 'ingress', PolicyPoint: 'begin' },
    },
  ],
};

const TEXTS = ['web', 'web-1', 'db', '5', '-3', '007', 'Ä', '', 'x.y', "o'k"];
export const NAMES = ['web', 'web-1', 'db', '10', '-3', '007', 'Über', 'z'];
export const NAMESPACES = ['', 'shop', 'ops'];

const text = fc.constantFrom(...TEXTS);
const number = fc.constantFrom(0, 1, 5, 10, -3, 2.5, 1700000000000);
const scalar: fc.Arbitrary<Json> = fc.oneof(
  text,
  number,
  fc.boolean(),
  fc.constant(null),
);
const port = fc.record<{ [name: string]: Json }>(
  { Port: number, Name: text },
  { requiredKeys: [] },
);
const anything: fc.Arbitrary<Json> = fc.oneof(
  scalar,
  fc.array(scalar, { maxLength: 3 }),
  fc.array(port, { maxLength: 3 }),
  fc.array(fc.oneof(scalar, port, fc.array(port, { maxLength: 2 })), {
    maxLength: 3,
  }),
  port,
);

const node = fc.record({
  cluster: fc.constantFrom(...DICTIONARY.clusters),
  kind: fc.constantFrom(...DICTIONARY.kinds),
  namespace: fc.constantFrom(...NAMESPACES),
  name: fc.constantFrom(...NAMES),
  level: fc.constantFrom(...STATUS_LEVELS),
  reason: fc.constantFrom('', '', '', 'Completed'),
  stale: fc.constantFrom(false, false, true),
  labels: fc.record<Record<string, string>>(
    {
      app: text,
      'app.kubernetes.io/name': text,
      n: fc.constantFrom('1', '5', '10'),
    },
    { requiredKeys: [] },
  ),
  properties: fc.record<{ [name: string]: Json }>(
    {
      Status: text,
      Replicas: number,
      Ports: fc.oneof(fc.array(port, { maxLength: 3 }), port, scalar),
      Data: fc.array(text, { maxLength: 3 }),
      Flag: fc.boolean(),
      Nested: fc.record<{ [name: string]: Json }>(
        { a: anything, 'dotted.key': scalar },
        { requiredKeys: [] },
      ),
      Any: anything,
      // Shadowed by the node's own name.
      Name: text,
    },
    { requiredKeys: [] },
  ),
  createdAt: fc.option(fc.constantFrom(1000, 2000, 3000), { nil: undefined }),
  updatedAt: fc.constantFrom(2000, 3000, 4000),
  revision: fc.integer({ min: 1, max: 3 }),
});

/** Small, with parallel edges, self-loops, cycles and every form of property. */
export const graphs: fc.Arbitrary<FixtureGraph> = fc
  .array(node, { minLength: 0, maxLength: 9 })
  .chain(found => {
    const nodes: FixtureNode[] = [];
    for (const each of found) {
      const next = { ...each, id: nodes.length + 1 };
      if (!nodes.some(other => fixtureKey(other) === fixtureKey(next))) {
        nodes.push(next);
      }
    }
    if (nodes.length === 0) {
      return fc.constant({ nodes, edges: [] });
    }
    const id = fc.integer({ min: 1, max: nodes.length });
    return fc
      .uniqueArray(
        fc.record({
          source: id,
          target: id,
          relation: fc.constantFrom(
            ...DICTIONARY.relations.map(each => each.name),
          ),
          details: fc.option(
            fc.record<{ [name: string]: Json }>(
              {
                keys: fc.array(text, { maxLength: 2 }),
                weight: number,
                // Shadowed by the relation's own metadata.
                PolicyType: text,
              },
              { requiredKeys: [] },
            ),
            { nil: undefined },
          ),
          required: fc.constantFrom(true, true, false),
          createdAt: fc.constantFrom(1000, 2000, 5000),
        }),
        {
          maxLength: 16,
          selector: edge => `${edge.source} ${edge.relation} ${edge.target}`,
        },
      )
      .map(edges => ({ nodes, edges }));
  });

const condition: fc.Arbitrary<NodeFilter> = fc.oneof(
  fc.record({
    key: fc.constant('cluster' as const),
    values: fc.subarray(DICTIONARY.clusters),
  }),
  fc.record({
    key: fc.constant('namespace' as const),
    values: fc.subarray(NAMESPACES),
  }),
  fc.record({
    key: fc.constant('kind' as const),
    values: fc.subarray(DICTIONARY.kinds),
  }),
  fc.record({
    label: fc.record({
      key: fc.constantFrom('app', 'app.kubernetes.io/name', 'n', 'other'),
      operator: fc.constantFrom('In', 'NotIn', 'Exists', 'DoesNotExist'),
      values: fc.array(fc.oneof(text, fc.constantFrom('1', '5')), {
        maxLength: 2,
      }),
    }),
  }),
);

export const filters: fc.Arbitrary<NodeFilter> = fc.oneof(
  condition,
  fc.record({ anyOf: fc.array(condition, { maxLength: 2 }) }),
  fc.record({ allOf: fc.array(condition, { maxLength: 2 }) }),
  fc.record({ not: condition }),
);

/** The filter's meaning on plain data. */
export function allows(filter: NodeFilter, each: FixtureNode): boolean {
  if ('anyOf' in filter) {
    return filter.anyOf.some(part => allows(part, each));
  }
  if ('allOf' in filter) {
    return filter.allOf.every(part => allows(part, each));
  }
  if ('not' in filter) {
    return !allows(filter.not, each);
  }
  if ('label' in filter) {
    return matchesLabels([filter.label], each.labels);
  }
  const own = {
    cluster: each.cluster,
    namespace: each.namespace,
    kind: each.kind,
    key: fixtureKey(each),
  };
  return filter.values.includes(own[filter.key]);
}
