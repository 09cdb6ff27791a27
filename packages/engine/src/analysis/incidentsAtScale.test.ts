import { ScenarioBench } from './scenarios/runScenario';
import { deployment, service, waiting, world } from './scenarios/templates';

const READS = {
  env: [
    {
      name: 'PASSWORD',
      valueFrom: { secretKeyRef: { name: 'db', key: 'password' } },
    },
  ],
};

/** Workloads and the pods of each: all wait for one Secret. */
const SIZES: readonly [number, number][] = process.env.INCIDENTS_AT_SCALE
  ? [
      [1, 10_000],
      [100, 100],
      [500, 20],
      [2000, 5],
    ]
  : [[60, 5]];

it.each(SIZES)(
  'make one incident of %d workloads with %d broken pods each',
  async (workloads, replicas) => {
    const objects = world(
      Array.from({ length: workloads }, (_, nth) => [
        deployment(`shop/api-${nth}`, {
          replicas,
          container: READS,
          pods: waiting('CreateContainerConfigError', 'secret "db" not found'),
        }),
        service(`shop/api-${nth}`),
      ]),
    );
    const bench = await ScenarioBench.create();
    const { incidents: found, milliseconds } = await bench.run({
      id: 'scale',
      fault: '',
      objects,
      expects: { nothing: true },
    });
    await bench.close();
    process.stdout.write(
      `${workloads} x ${replicas} broken pods: ${Math.round(
        milliseconds,
      )} ms\n`,
    );
    expect(
      found.incidents.map(({ root, affected, more }) => [
        root.name,
        affected.length + more,
      ]),
    ).toEqual([['db', workloads * (replicas + 3)]]);
    expect([found.unexplained, found.cut]).toEqual([[], undefined]);
    expect(milliseconds).toBeLessThan(2000);
  },
  300_000,
);
