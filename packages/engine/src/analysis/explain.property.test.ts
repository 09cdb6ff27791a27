import * as fc from 'fast-check';
import { RELATIONS } from '../kinds';
import { StatusLevel } from '../kinds/status';
import {
  CausalGraphBuilder,
  NodeFacts,
  keyOf,
} from './__testUtils__/causalGraphBuilder';
import { causesOf, explain } from './analyse';
import { Explanation } from './rootCause';

const KINDS = [
  'Pod',
  'Container',
  'Node',
  'Secret',
  'ConfigMap',
  'PersistentVolumeClaim',
  'PersistentVolume',
  'StorageClass',
  'ReplicaSet',
  'Deployment',
  'StatefulSet',
  'Job',
  'CronJob',
  'Service',
  'Ingress',
];
const LEVELS: StatusLevel[] = [
  'ok',
  'down',
  'degraded',
  'missing',
  'unknown',
  'terminating',
  'progressing',
  'idle',
];
const REASONS = [
  'CreateContainerConfigError',
  'ImagePullBackOff',
  'CrashLoopBackOff',
  'VolumeNotReady',
  'Unschedulable',
  'NodeLost',
  'Unreachable',
  'FailedCreate',
  'NoMatchingPods',
  'NoReadyEndpoints',
  'ScaledToZero',
  'OptionalNotFound',
  '?',
];
const MESSAGES = [
  'secret "s1" not found',
  "couldn't find key k in ConfigMap ns/s1",
  'Back-off pulling image "x": not found',
  '0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims.',
  '0/2 nodes are available: 2 node(s) had untolerated taint {node.kubernetes.io/unreachable: }.',
  '0/2 nodes are available: 2 Insufficient cpu.',
  'failed calling webhook "w": Post "https://s1.ns.svc:443/v": no endpoints available for service "s1"',
  'exceeded quota: q',
];

const facts: fc.Arbitrary<NodeFacts> = fc.record({
  level: fc.constantFrom(...LEVELS),
  reason: fc.constantFrom(...REASONS),
  message: fc.option(fc.constantFrom(...MESSAGES), { nil: undefined }),
  labels: fc.constantFrom<Record<string, string>[]>(
    { app: 'a' },
    { app: 'b' },
    {},
  ),
  properties: fc.constantFrom<NonNullable<NodeFacts['properties']>[]>(
    {},
    { Status: 'Pending', StorageClassName: 's1', StorageRequest: '3Gi' },
    {
      Status: 'Available',
      StorageClassName: 's1',
      Capacity: { storage: '1Gi' },
    },
    { Selector: { app: 'a' } },
  ),
});

const REFERENCES = KINDS.flatMap(kind => [`${kind}/ns/s1`, `${kind}/ns/s2`]);

const TYPES: ReadonlySet<string> = new Set(RELATIONS.map(({ name }) => name));

/** The relation that two kinds have, or the one that any two may have: so there are cycles and nonsense, too. */
function relationBetween(source: string, target: string): string {
  const typed = [source, target]
    .map(reference => reference.split('/')[0].toLowerCase())
    .join('-');
  return TYPES.has(typed) ? typed : 'owner';
}

const graphs = fc
  .record({
    references: fc.shuffledSubarray(REFERENCES, { minLength: 8 }),
    facts: fc.array(facts, {
      minLength: REFERENCES.length,
      maxLength: REFERENCES.length,
    }),
    edges: fc.array(
      fc.record({
        source: fc.nat(REFERENCES.length),
        target: fc.nat(REFERENCES.length),
        required: fc.boolean(),
      }),
      { minLength: 40, maxLength: 160 },
    ),
  })
  .map(({ references, facts: all, edges }) => {
    const graph = CausalGraphBuilder.create();
    references.forEach((reference, i) => graph.node(reference, all[i]));
    const drawn = new Set<string>();
    for (const { source, target, required } of edges) {
      const from = references[source % references.length];
      const to = references[target % references.length];
      const relation = relationBetween(from, to);
      if (!drawn.has(`${from} ${to}`)) {
        drawn.add(`${from} ${to}`);
        graph.edge(from, relation, to, { required });
      }
    }
    return { graph, references };
  });

function expectSound(explanation: Explanation): void {
  if (explanation.answer === 'unexplained') {
    expect(explanation.because).not.toBe('');
  }
  if (explanation.answer !== 'cause') {
    return;
  }
  expect(explanation.causes).not.toEqual([]);
  for (const { root, path, summary, nextStep } of explanation.causes) {
    const keys = path.map(({ node }) => node.key);
    expect(keys[0]).toBe(root.key);
    expect(keys[keys.length - 1]).toBe(explanation.victim.key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(summary).not.toBe('');
    expect(nextStep).not.toBe('');
    path.forEach(({ edge }, i) => {
      const ends = edge && [edge.source, edge.target].sort();
      expect([undefined, [keys[i], keys[i + 1]].sort()]).toContainEqual(ends);
    });
    expect(path[path.length - 1].edge).toBeUndefined();
  }
}

it('ends on every graph, with paths that lead from the root to the victim, each node once', async () => {
  let withPath = 0;
  await fc.assert(
    fc.asyncProperty(graphs, async ({ graph, references }) => {
      const reader = graph.reader();
      for (const reference of references) {
        const explanation = await explain(reader, keyOf(reference), { now: 0 });
        expectSound(explanation!);
        withPath += Number(
          explanation?.answer === 'cause' &&
            explanation.causes[0].path.length > 1,
        );
      }
    }),
    { numRuns: 500 },
  );
  // The graphs are random, the property must not be empty.
  expect(withPath).toBeGreaterThan(50);
});

it('counts every cause once, and every victim as explained or not', async () => {
  await fc.assert(
    fc.asyncProperty(graphs, async ({ graph, references }) => {
      const reader = graph.reader();
      const keys = references.map(keyOf);
      const { causes, unexplained } = await causesOf(reader, keys, { now: 0 });
      const ids = causes.map(({ root, fault }) => `${root.key} ${fault}`);
      expect(new Set(ids).size).toBe(ids.length);
      for (const key of keys) {
        const { answer } = (await explain(reader, key, { now: 0 }))!;
        const explained = causes.some(({ affected }) => affected.includes(key));
        expect(unexplained.includes(key)).toBe(answer === 'unexplained');
        expect(explained && answer !== 'cause').toBe(false);
      }
    }),
    { numRuns: 300 },
  );
});
