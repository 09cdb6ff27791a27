import {
  capturedNames,
  capturedState,
  readItems,
  stateFiles,
} from '../kinds/__testUtils__/capturedStates';
import { KubernetesObject } from '../kinds/kindDefinition';
import { CauseTruth } from './__testUtils__/judgedState';
import { Incidents } from './incident';
import { CausalNode } from './rootCause';
import { ScenarioBench } from './scenarios/runScenario';
import { newestTime } from '../cluster/newestTime';

const MINUTE = 60_000;
/** Every grace period but those of hours has passed by then. */
const LATE = 15 * MINUTE;
const NAMES = capturedNames();

/** What `kubectl get all,events` writes. */
const ALL_AND_EVENTS: ReadonlySet<string> = new Set([
  'Pod',
  'Service',
  'DaemonSet',
  'Deployment',
  'ReplicaSet',
  'StatefulSet',
  'HorizontalPodAutoscaler',
  'CronJob',
  'Job',
  'ReplicationController',
  'Event',
]);

/** Slices, policies, what was written when: without these there is nothing to tell. */
const NEEDS_MORE = ['bookinfo-networkpolicy', 'stale-secret-recreated'];

function truthOf(name: string): CauseTruth {
  return capturedState(name).truth as CauseTruth;
}

function referenceOf({ kind, namespace, name }: CausalNode): string {
  return `${kind}/${namespace}/${name}`;
}

describe('captured states as dumps', () => {
  let bench: ScenarioBench;

  beforeAll(async () => {
    bench = await ScenarioBench.create();
  }, 60_000);

  afterAll(() => bench.close());

  async function incidentsOf(
    file: string,
    later: number,
    holds: (object: KubernetesObject) => boolean = () => true,
  ): Promise<Incidents> {
    const objects = readItems(file).filter(holds);
    const now = newestTime(objects)! + later;
    const scenario = { id: file, fault: '', objects, now };
    const run = await bench.run(
      { ...scenario, expects: { nothing: true } },
      { isComplete: false, eager: true },
    );
    return run.incidents;
  }

  it.each(NAMES)('%s: one incident with the true root, or none', async name => {
    const { rootCause, acceptable, affected, control } = truthOf(name);
    const { incidents } = await incidentsOf(`${name}.json`, LATE);
    expect(incidents).toHaveLength(control ? 0 : 1);
    for (const incident of incidents) {
      expect([...rootCause, ...acceptable]).toContain(
        referenceOf(incident.root),
      );
      const told = [
        referenceOf(incident.root),
        ...incident.affected.map(referenceOf),
      ];
      expect(affected.filter(one => !told.includes(one))).toEqual([]);
    }
  });

  it.each(NAMES)('%s, at once: the same', async name => {
    const { rootCause, acceptable, affected, control } = truthOf(name);
    const { incidents } = await incidentsOf(`${name}.json`, 0);
    const told = incidents.flatMap(one => [one.root, ...one.affected]);
    expect(told.map(referenceOf)).toEqual(
      expect.arrayContaining(control ? [] : affected),
    );
    const roots = incidents.map(({ root }) => referenceOf(root));
    const right = [...rootCause, ...acceptable];
    expect(roots.filter(root => !right.includes(root))).toEqual([]);
    expect(roots).toHaveLength(control ? 0 : 1);
  });

  it.each(stateFiles().filter(file => file.includes('.before.')))(
    '%s: none',
    async file => {
      const { incidents } = await incidentsOf(file, LATE);
      expect(incidents).toEqual([]);
    },
  );

  it.each(NAMES)('%s, only what `get all,events` writes', async name => {
    const { rootCause, acceptable, control } = truthOf(name);
    const { incidents } = await incidentsOf(`${name}.json`, LATE, ({ kind }) =>
      ALL_AND_EVENTS.has(kind),
    );
    const roots = incidents.map(({ root }) => referenceOf(root));
    const right = [...rootCause, ...acceptable];
    expect(roots.filter(root => !right.includes(root))).toEqual([]);
    expect(roots).toHaveLength(control || NEEDS_MORE.includes(name) ? 0 : 1);
  });
});
