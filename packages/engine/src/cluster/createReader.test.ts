import { KIND_DEFINITIONS } from '../kinds';
import { plainKind } from './__testUtils__/plainKind';
import { quickTuning, silentLogger } from './__testUtils__/quickTuning';
import { systemClock } from './clock';
import { ClusterWatcher } from './clusterWatcher';
import { createReader } from './createReader';
import { ReaderOptions } from './reader';
import { WorkerReader } from './workerReader';

describe('createReader', () => {
  const warnings: string[] = [];
  const options: ReaderOptions = {
    source: {
      name: 'demo',
      connection: { url: 'http://127.0.0.1:1' },
      headers: async () => ({}),
    },
    kinds: KIND_DEFINITIONS,
    sink: async () => {},
    onHealth: () => {},
    logger: { ...silentLogger, warn: message => warnings.push(message) },
    clock: systemClock,
    tuning: quickTuning,
  };

  beforeEach(() => {
    warnings.length = 0;
  });

  it('reads registered kinds in a worker', async () => {
    const reader = await createReader(options);
    expect(reader).toBeInstanceOf(WorkerReader);
    await reader.run(AbortSignal.abort());
    expect(warnings).toEqual([]);
  });

  it('reads kinds that a worker cannot know in this thread', async () => {
    const kinds = [
      ...KIND_DEFINITIONS,
      plainKind('widgets', { group: 'example.com', kind: 'Widget' }),
    ];
    expect(await createReader({ ...options, kinds })).toBeInstanceOf(
      ClusterWatcher,
    );
  });

  it('reads in this thread and says so when no worker can start', async () => {
    // What a worker starts with is copied, and a function cannot be.
    const connection = { url: 'http://127.0.0.1:1', agent: () => {} };
    const source = { ...options.source, connection };
    expect(await createReader({ ...options, source })).toBeInstanceOf(
      ClusterWatcher,
    );
    expect(warnings).toEqual([
      expect.stringMatching(/Cluster demo is read in the main thread/),
    ]);
  });
});
