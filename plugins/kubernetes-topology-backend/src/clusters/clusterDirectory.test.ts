import { mockServices } from '@backstage/backend-test-utils';
import { ClusterScope } from '@kubernetes-topology/engine';
import {
  ClusterSupplier,
  SuppliedCluster,
} from '@kubernetes-topology/plugin-kubernetes-topology-node';
import { ClusterDirectory, KnownClusters } from './clusterDirectory';

const server = (name: string, url = `https://${name}`): SuppliedCluster => ({
  name,
  connection: { url },
  headers: async () => ({ Authorization: `Bearer ${url}` }),
});
const files = (name: string): SuppliedCluster => ({ name, path: `/${name}` });
const unwatched = (name: string, reason = 'no right'): SuppliedCluster => ({
  name,
  reason,
});

type Answer = SuppliedCluster[] | Error | 'silence';

class List implements ClusterSupplier {
  asked = 0;
  #changed = () => {};

  constructor(readonly name: string, public answer: Answer) {}

  async getClusters() {
    this.asked++;
    if (this.answer === 'silence') {
      return new Promise<never>(() => {});
    }
    if (this.answer instanceof Error) {
      throw this.answer;
    }
    return this.answer;
  }

  onChange(listener: () => void) {
    this.#changed = listener;
    return () => {
      this.#changed = () => {};
    };
  }

  change(answer: Answer) {
    this.answer = answer;
    this.#changed();
  }
}

describe('ClusterDirectory', () => {
  let directory: ClusterDirectory | undefined;
  let told: KnownClusters[] = [];
  const logger = mockServices.logger.mock();
  const logs = (level: 'info' | 'warn' | 'error') =>
    logger[level].mock.calls.map(([message]) => message);

  function start(
    suppliers: List[],
    options: {
      scopes?: [string, ClusterScope][];
      refreshEvery?: number;
      onKnown?(known: KnownClusters): Promise<void>;
    } = {},
  ) {
    told = [];
    directory = new ClusterDirectory({
      suppliers: () => suppliers,
      scopes: new Map(options.scopes),
      onKnown: async known => {
        told.push(known);
        await options.onKnown?.(known);
      },
      logger,
      refreshEvery: options.refreshEvery ?? 3_600_000,
    });
    directory.start();
    return directory;
  }
  const settled = () => new Promise(resolve => setTimeout(resolve, 20));
  const names = () => {
    const { sources, unwatched: others, isComplete } = directory!.known;
    return [
      sources.map(({ name }) => name).join(),
      others.map(({ name }) => name).join(),
      isComplete,
    ];
  };

  beforeEach(() => jest.clearAllMocks());
  afterEach(() => directory?.stop());

  it.each<[string, Answer[], string, string, boolean]>([
    ['nobody', [], '', '', true],
    ['one list', [[server('a'), files('b'), unwatched('c')]], 'a,b', 'c', true],
    ['two lists', [[server('a')], [server('b')]], 'a,b', '', true],
    ['one that fails', [[server('a')], new Error('away')], 'a', '', false],
    ['one that is silent', ['silence', [server('b')]], 'b', '', false],
    [
      'a name that comes twice',
      [[server('a', 'https://first')], [server('a', 'https://second')]],
      'a',
      '',
      true,
    ],
    [
      'one that another can watch',
      [[unwatched('a')], [server('a')]],
      'a',
      '',
      true,
    ],
    [
      'one that another cannot',
      [[server('a')], [unwatched('a')]],
      'a',
      '',
      true,
    ],
  ])(
    'knows the clusters of %s',
    async (_, answers, sources, others, complete) => {
      start(answers.map((answer, nth) => new List(`list ${nth}`, answer)));
      await settled();
      expect(names()).toEqual([sources, others, complete]);
      expect(told.at(-1)!.isComplete).toBe(complete);
    },
  );

  it('takes the first of two that have one name', async () => {
    start([
      new List('one', [server('a', 'https://first')]),
      new List('two', [server('a', 'https://second')]),
    ]);
    await settled();
    expect(directory!.known.sources).toMatchObject([
      { connection: { url: 'https://first' } },
    ]);
  });

  it('follows a list that changes', async () => {
    const list = new List('ours', [server('a')]);
    start([list]);
    await settled();
    list.change([server('b'), unwatched('a')]);
    await settled();
    expect(names()).toEqual(['b', 'a', true]);
    expect(list.asked).toBe(2);
    expect(logs('info')).toEqual([
      'Clusters to watch: a',
      'Clusters to watch: b',
    ]);
    expect(logs('warn')).toEqual(['Cluster a: no right']);
  });

  it('asks again by itself', async () => {
    const list = new List('ours', [server('a')]);
    start([list], { refreshEvery: 10 });
    await settled();
    list.answer = [server('b')];
    await settled();
    expect(names()).toEqual(['b', '', true]);
  });

  it('keeps what was answered before while a list cannot be had, and says so once', async () => {
    const list = new List('ours', [server('a'), unwatched('c')]);
    start([list], { refreshEvery: 5 });
    await settled();
    const since = directory!.known.unwatched[0].at;
    list.answer = new Error('the catalog is away');
    await settled();
    await settled();
    expect(names()).toEqual(['a', 'c', true]);
    list.answer = [server('a'), unwatched('c')];
    await settled();
    expect(directory!.known.unwatched[0].at).toBe(since);
    expect(logs('warn')).toEqual([
      'Cluster c: no right',
      'The clusters of ours cannot be listed, those known before stay: the catalog is away',
    ]);
    expect(logs('info')).toContain('Clusters come from ours again');
  });

  it('gives clusters their scope, files none', async () => {
    const all = { kinds: { exclude: ['Event'] } };
    const prod = { namespaces: ['shop'] };
    start([new List('ours', [server('prod'), server('b'), files('c')])], {
      scopes: [
        ['*', all],
        ['prod', prod],
      ],
    });
    await settled();
    const { sources } = directory!.known;
    expect(sources.map(source => 'scope' in source && source.scope)).toEqual([
      prod,
      all,
      false,
    ]);
    expect(await (sources[0] as any).headers()).toEqual({
      Authorization: 'Bearer https://prod',
    });
  });

  it('goes on when a change could not be followed', async () => {
    const list = new List('ours', [server('a')]);
    let isAway = true;
    start([list], {
      onKnown: async () => {
        if (isAway) {
          throw new Error('the database is away');
        }
      },
    });
    await settled();
    isAway = false;
    list.change([server('a')]);
    await settled();
    expect(logs('error')[0]).toContain('could not be followed');
    expect(told.at(-1)!.sources).toHaveLength(1);
  });

  it('says nothing after its end', async () => {
    const list = new List('ours', [server('a')]);
    start([list]);
    await settled();
    await directory!.stop();
    const before = told.length;
    list.change([]);
    await settled();
    expect(told).toHaveLength(before);
  });
});
