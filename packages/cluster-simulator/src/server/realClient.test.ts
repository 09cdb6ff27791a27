import { execFile } from 'child_process';
import path from 'path';
import { promisify } from 'util';
import { ClusterSimulator } from '../clusterSimulator';
import { readObjectsFromFile } from '../landscape/readObjects';

const SCRIPT = path.resolve(__dirname, '../testing/realClient.mjs');
const CAPTURED = path.resolve(
  __dirname,
  '../../../../test/fixtures/clusters/bookinfo-healthy.json',
);

it('is an API server to the real @kubernetes/client-node', async () => {
  const simulator = await ClusterSimulator.start({
    objects: readObjectsFromFile(CAPTURED),
    tokens: { secret: { user: 'client' } },
  });
  const { stdout } = await promisify(execFile)(process.execPath, [
    SCRIPT,
    simulator.url,
    'secret',
  ]);
  const pods = simulator.list('Pod').map(({ metadata }) => metadata.name);
  const answer = JSON.parse(stdout);
  expect(answer).toMatchObject({
    version: 'v1.31.0+simulator',
    groups: expect.arrayContaining(['Deployment', 'Scale']),
    refusal: { code: 404, body: { kind: 'Status', reason: 'NotFound' } },
    evicted: pods[0],
    allowed: true,
  });
  expect(answer.pages.flat()).toEqual(pods);
  expect(answer.pages).toHaveLength(3);
  const [evicted] = simulator.list('Pod');
  expect(evicted.metadata.deletionTimestamp).toBeDefined();
  const made = answer.seen.filter((line: string) => line.endsWith(' made'));
  expect(made).toEqual(['add made', 'update made', 'delete made']);
  expect(simulator.requests.all({ verb: 'watch' })).toHaveLength(1);
  await simulator.stop();
}, 30_000);
