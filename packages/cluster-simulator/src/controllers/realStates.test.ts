import { readdirSync, readFileSync } from 'fs';
import path from 'path';
import { ClusterSimulator } from '../clusterSimulator';
import { readObjectsFromFile } from '../landscape/readObjects';
import { KubernetesObject } from '../objects/kubernetesObject';
import { FakeClock } from '../testing/fakeClock';

const CAPTURED = path.resolve(__dirname, '../../../../test/fixtures/clusters');
const KINDS = [
  'ControllerRevision',
  'DaemonSet',
  'Deployment',
  'EndpointSlice',
  'Endpoints',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'Pod',
  'PodDisruptionBudget',
  'ReplicaSet',
  'Service',
  'StatefulSet',
];
/** States that hang on something that is not simulated. */
const MOVING = [
  'cascade-db-crash', // what makes its containers crash is in no object
  'quota-blocks-replicaset', // quotas are not enforced
  'webhook-blocks-pods', // webhooks are not called
];

const states = readdirSync(CAPTURED)
  .filter(file => file.endsWith('.truth.json'))
  .map(file => file.replace('.truth.json', ''))
  .filter(state => !MOVING.includes(state));

async function takeOver(state: string) {
  const file = path.join(CAPTURED, `${state}.json`);
  const truth = JSON.parse(
    readFileSync(file.replace('.json', '.truth.json'), 'utf8'),
  );
  const clock = new FakeClock(Date.parse(truth.capturedAt));
  const simulator = await ClusterSimulator.start({
    objects: readObjectsFromFile(file),
    controllers: true,
    clock,
  });
  return { simulator, clock };
}

/** Without what the CronJob of every state does meanwhile. */
function told(simulator: ClusterSimulator): Record<string, unknown> {
  const objects = KINDS.flatMap(kind => simulator.list(kind)).filter(
    ({ metadata }) => !metadata.name.startsWith('report-'),
  );
  return Object.fromEntries(
    objects.map(({ kind, metadata, ...rest }: KubernetesObject) => {
      const { resourceVersion, managedFields, ...own } = metadata;
      const key = `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;
      return [key, { metadata: own, ...rest }];
    }),
  );
}

describe('what real controllers left as it should be, ours leave too', () => {
  it.each(states)('%s', async state => {
    const { simulator, clock } = await takeOver(state);
    const before = told(simulator);
    clock.advance(60_000);
    expect(told(simulator)).toEqual(before);
    await simulator.stop();
  });

  it('and where something is missing, they go on when it comes', async () => {
    const { simulator, clock } = await takeOver('wordpress-missing-mysql-pass');
    const pods = () =>
      simulator
        .list('Pod', 'wordpress')
        .map(({ metadata, status }) => [
          metadata.uid,
          status.conditions.find(({ type }: any) => type === 'Ready').status,
        ]);
    const waiting = pods();
    expect(waiting.map(([, ready]) => ready)).toEqual(['False', 'False']);
    simulator.apply({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'mysql-pass', namespace: 'wordpress' },
      stringData: { password: 'not-a-real-password' },
    });
    clock.advance(10_000);
    expect(pods()).toEqual(waiting.map(([uid]) => [uid, 'True']));
    await simulator.stop();
  });
});
