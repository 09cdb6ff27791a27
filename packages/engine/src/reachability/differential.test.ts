import fc from 'fast-check';
import { KubernetesObject } from '../kinds/kindDefinition';
import { bruteForce } from './__testUtils__/bruteForce';
import { OUTSIDE, randomCluster } from './__testUtils__/randomClusters';
import { inputOfObjects } from './inputOfObjects';
import { parseIpRange } from './ipRange';
import { podMatrix } from './podMatrix';
import { PROTOCOLS } from './portSet';
import { reachPair } from './reach';
import { Reachability } from './reachability';
import { addressEnds, podEnd } from './reachEnds';
import { workloadConnections } from './workloadConnections';

/** REACH_CLUSTERS=20000 for a long run. */
const CLUSTERS = Number(process.env.REACH_CLUSTERS ?? 800);
const ASKED = [80, 81, 443, 8080, 53, 5000].flatMap(port =>
  PROTOCOLS.map(protocol => ({ port, protocol })),
);
const counts = { clusters: 0, cells: 0, allowed: 0, outside: 0, folded: 0 };

function alivePods(objects: readonly KubernetesObject[]): KubernetesObject[] {
  return objects.filter(
    ({ kind, status }) =>
      kind === 'Pod' && !['Failed', 'Succeeded'].includes(status.phase),
  );
}

function podOf(objects: readonly KubernetesObject[], text: string) {
  return objects.find(
    ({ kind, metadata }) =>
      kind === 'Pod' && `${metadata.namespace}/${metadata.name}` === text,
  )!;
}

jest.setTimeout(3_600_000);

afterAll(() => {
  process.stdout.write(
    `reachability against brute force: ${JSON.stringify(counts)}\n`,
  );
});

it('agrees with the documentation, pod by pod, port by port', () => {
  fc.assert(
    fc.property(randomCluster, objects => {
      const model = Reachability.create(inputOfObjects(objects));
      expect(model.invalid).toEqual([]);
      const { pods, allowed } = podMatrix(model, ASKED);
      expect([...pods].sort()).toEqual(
        alivePods(objects)
          .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)
          .sort(),
      );
      const sources = pods.map(text => podOf(objects, text));
      counts.clusters++;
      ASKED.forEach(({ port, protocol }, at) => {
        const expected = sources.map(from =>
          sources.map(to =>
            bruteForce(objects, { pod: from }, { pod: to }, port, protocol),
          ),
        );
        expect({ port, protocol, allowed: allowed[at] }).toEqual({
          port,
          protocol,
          allowed: expected,
        });
        counts.cells += expected.length ** 2;
        counts.allowed += expected.flat().filter(Boolean).length;
      });
    }),
    { numRuns: CLUSTERS, seed: 20261123 },
  );
});

it('agrees in one question, also with addresses outside', () => {
  fc.assert(
    fc.property(
      randomCluster,
      fc.constantFrom(...ASKED),
      (objects, { port, protocol }) => {
        const model = Reachability.create(inputOfObjects(objects));
        const asked = { port, protocol };
        model.pods.forEach((pod, index) => {
          const here = podEnd(model, index);
          const party = {
            pod: podOf(objects, `${pod.namespace}/${pod.name}`),
          };
          model.pods.forEach((other, otherIndex) => {
            const there = podEnd(model, otherIndex);
            const { verdict } = reachPair(model, here, there, asked);
            const otherParty = {
              pod: podOf(objects, `${other.namespace}/${other.name}`),
            };
            expect(verdict === 'allowed').toBe(
              bruteForce(objects, party, otherParty, port, protocol),
            );
          });
          for (const address of OUTSIDE) {
            const ends = addressEnds(model, parseIpRange(address)!);
            for (const end of ends.filter(one => one.pod === undefined)) {
              const out = reachPair(model, here, end, asked).verdict;
              const into = reachPair(model, end, here, asked).verdict;
              const outside = { address };
              expect([out === 'allowed', into === 'allowed']).toEqual([
                bruteForce(objects, party, outside, port, protocol),
                bruteForce(objects, outside, party, port, protocol),
              ]);
              counts.outside += 2;
            }
          }
        });
      },
    ),
    { numRuns: CLUSTERS, seed: 4711 },
  );
});

it('folds into connections that say the same', () => {
  fc.assert(
    fc.property(randomCluster, objects => {
      const model = Reachability.create(inputOfObjects(objects));
      const { connections } = workloadConnections(model);
      const portsOf = (source: string, destination: string) =>
        connections.find(
          one => one.source === source && one.destination === destination,
        )?.ports ?? [];
      for (const from of model.pods) {
        for (const to of model.pods) {
          if (from === to) {
            continue;
          }
          const ports = portsOf(
            `${from.namespace}/${from.name}[Pod]`,
            `${to.namespace}/${to.name}[Pod]`,
          );
          for (const { port, protocol } of ASKED) {
            counts.folded++;
            expect(
              ports.some(
                range =>
                  range.protocol === protocol &&
                  range.from <= port &&
                  port <= range.to,
              ),
            ).toBe(
              bruteForce(
                objects,
                { pod: podOf(objects, `${from.namespace}/${from.name}`) },
                { pod: podOf(objects, `${to.namespace}/${to.name}`) },
                port,
                protocol,
              ),
            );
          }
        }
      }
    }),
    { numRuns: Math.ceil(CLUSTERS / 3), seed: 99 },
  );
});
