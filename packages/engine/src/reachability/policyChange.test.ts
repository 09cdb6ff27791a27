import fc from 'fast-check';
import { parse } from 'yaml';
import { cornerCluster } from './__testUtils__/corners/corner';
import { randomCluster } from './__testUtils__/randomClusters';
import { inputOfObjects, isNetworkPolicy } from './inputOfObjects';
import { governedPods, policyChange } from './policyChange';
import { PortSet } from './portSet';
import { Reachability } from './reachability';
import { workloadConnections } from './workloadConnections';

function policy(name: string, namespace: string, spec: string) {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace },
    spec: parse(spec),
  };
}

const model = Reachability.create(
  inputOfObjects(
    cornerCluster([
      ['x', '{podSelector: {matchLabels: {pod: a}}, policyTypes: [Ingress]}'],
      ['x', '{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}'],
    ]),
  ),
);
const ALL = PortSet.all.ranges();

it('names the pods that a policy governs', () => {
  expect(governedPods(model, { namespace: 'x', name: 'policy-0' })).toEqual({
    pods: ['x/a'],
    directions: ['ingress'],
  });
  expect(governedPods(model, { namespace: 'y', name: 'policy-0' })).toBe(
    undefined,
  );
});

it('a policy whose work another does can go', () => {
  const remove = [{ namespace: 'x', name: 'policy-0' }];
  expect(policyChange(model, { remove })).toEqual({
    governed: ['x/a'],
    added: [],
    removed: [],
    invalid: [],
    absent: [],
  });
});

it('tells what a deletion lets through', () => {
  const remove = [{ namespace: 'x', name: 'policy-1' }];
  const { governed, added, removed } = policyChange(model, { remove });
  expect(governed).toEqual(['x/a', 'x/b', 'x/c']);
  // x/a is still closed by the other one, which lets in nobody.
  expect(removed).toEqual(
    ['x/b', 'x/c'].map(source => ({
      source: `${source}[Pod]`,
      destination: 'x/a[Pod]',
      ports: ALL,
    })),
  );
  expect(added.map(({ destination }) => destination)).toEqual(
    expect.arrayContaining(['x/b[Pod]', 'x/c[Pod]']),
  );
  expect(added).toContainEqual({
    source: '0.0.0.0-255.255.255.255',
    destination: 'x/b[Pod]',
    ports: ALL,
  });
});

it('tells what an applied policy would stop', () => {
  const apply = [
    policy(
      'new',
      'y',
      '{podSelector: {matchLabels: {pod: b}}, ingress: [{from: [{ipBlock: {cidr: 8.0.0.0/8}}], ports: [{port: 80}]}]}',
    ),
  ];
  const { governed, added, removed } = policyChange(model, { apply });
  expect([governed, added]).toEqual([['y/b'], []]);
  expect(removed).toContainEqual({
    source: 'y/a[Pod]',
    destination: 'y/b[Pod]',
    ports: ALL,
  });
  expect(removed).toContainEqual({
    source: '8.0.0.0-8.255.255.255',
    destination: 'y/b[Pod]',
    ports: PortSet.all
      .without(PortSet.of([{ protocol: 'TCP', from: 80, to: 80 }]))
      .ranges(),
  });
});

it('names what would be refused, and what is not there', () => {
  expect(
    policyChange(model, {
      apply: [policy('bad', 'x', '{policyTypes: [Both]}')],
      remove: [{ namespace: 'x', name: 'none' }],
    }),
  ).toMatchObject({
    added: [],
    removed: [],
    invalid: [{ name: 'bad', faults: [{ field: 'spec.policyTypes[0]' }] }],
    absent: [{ namespace: 'x', name: 'none' }],
  });
});

it('says where it cuts', () => {
  const apply = [policy('new', 'y', '{podSelector: {}}')];
  const { removed, cut } = policyChange(model, { apply }, 3);
  expect(removed).toHaveLength(3);
  expect(cut).toBe('only the first 3 changed connections are told');
});

it('is the difference of what passes before and after', () => {
  fc.assert(
    fc.property(randomCluster, fc.nat(), (objects, choice) => {
      const policies = objects.filter(isNetworkPolicy);
      const gone = policies[choice % policies.length];
      const before = Reachability.create(inputOfObjects(objects));
      const after = Reachability.create(
        inputOfObjects(objects.filter(object => object !== gone)),
      );
      const { namespace, name } = gone.metadata;
      const change = policyChange(before, { remove: [{ namespace, name }] });
      // Between pods: addresses are cut differently without the policy.
      const pods = (text: string) => text.endsWith('[Pod]');
      const told = (one: Reachability) =>
        new Map(
          workloadConnections(one)
            .connections.filter(
              ({ source, destination }) => pods(source) && pods(destination),
            )
            .map(({ source, destination, ports }) => [
              `${source} ${destination}`,
              PortSet.of(ports),
            ]),
        );
      const [was, is] = [told(before), told(after)];
      const expected = (one: typeof was, other: typeof was) =>
        [...one].flatMap(([ends, ports]) => {
          const more = ports.without(other.get(ends) ?? PortSet.none);
          return more.isEmpty ? [] : `${ends} ${more.key}`;
        });
      const shown = (connections: typeof change.added) =>
        connections
          .filter(
            ({ source, destination }) => pods(source) && pods(destination),
          )
          .map(
            ({ source, destination, ports }) =>
              `${source} ${destination} ${PortSet.of(ports).key}`,
          );
      expect(shown(change.added).sort()).toEqual(expected(is, was).sort());
      expect(shown(change.removed).sort()).toEqual(expected(was, is).sort());
    }),
    { numRuns: 200, seed: 5 },
  );
});
