import { KindUpdate } from '../kinds/update';
import { ApiClient } from './apiClient';
import { systemClock } from './clock';
import { ListPermits } from './listPermits';
import { ReaderTuning } from './readerTuning';
import { Reflector } from './reflector';
import { eventually } from './__testUtils__/eventually';
import { plainKind } from './__testUtils__/plainKind';
import { quickTuning, silentLogger } from './__testUtils__/quickTuning';
import { Replica } from './__testUtils__/replica';
import {
  ScriptedApiServer,
  sendStatus,
} from './__testUtils__/scriptedApiServer';

const configMap = plainKind(
  'configmaps',
  { group: '', kind: 'ConfigMap' },
  { metadataOnly: true },
);

describe('Reflector', () => {
  let server: ScriptedApiServer;
  let replica: Replica;
  let stop: AbortController;
  let client: ApiClient;
  let running: Promise<void>;
  let reflector: Reflector;

  function start(
    tuning: Partial<ReaderTuning> = {},
    sink: (update: KindUpdate) => Promise<void> = replica.sink,
  ) {
    client = new ApiClient({ url: server.url }, async () => ({}), {
      headTimeout: 300,
      idleTimeout: 300,
    });
    reflector = new Reflector({
      cluster: 'demo',
      kind: configMap,
      client,
      sink,
      permits: new ListPermits(1),
      clock: systemClock,
      logger: silentLogger,
      tuning: { ...quickTuning, ...tuning },
    });
    running = reflector.run(stop.signal);
  }

  async function inStep() {
    await eventually(() => expect(replica.state()).toEqual(server.state()));
  }

  async function watching() {
    await inStep();
    await eventually(() => expect(server.openWatches).toBe(1));
  }

  const lists = () =>
    server.requests.filter(
      ({ path, query }) =>
        path.endsWith('/configmaps') &&
        !query.has('watch') &&
        !query.has('continue') &&
        query.get('limit') !== '1',
    ).length;

  beforeEach(async () => {
    server = await ScriptedApiServer.start();
    replica = new Replica();
    stop = new AbortController();
    for (const name of 'abcdefghij') {
      server.put(name);
    }
  });

  afterEach(async () => {
    stop.abort();
    await running;
    client.close();
    await server.goAway();
  });

  it('lists in pages of one snapshot, then follows', async () => {
    start();
    await watching();
    expect(replica.updates).toEqual([
      'listing',
      ...Array(4).fill('page'),
      'listed',
    ]);
    server.put('a');
    server.put('new');
    server.delete('b');
    await inStep();
    expect(lists()).toBe(1);
    expect(
      server.requests.every(
        ({ query }) => query.get('resourceVersion') !== '0',
      ),
    ).toBe(true);
  });

  it('waits for the sink before it reads on', async () => {
    let free = () => {};
    const taken: string[] = [];
    start({}, async update => {
      taken.push(update.type);
      await replica.sink(update);
      if (update.type === 'page') {
        await new Promise<void>(resolve => (free = resolve));
      }
    });
    await eventually(() => expect(taken).toEqual(['listing', 'page']));
    await new Promise(resolve => setTimeout(resolve, 100));
    expect(taken).toEqual(['listing', 'page']);
    expect(server.requests.length).toBeLessThanOrEqual(2);
    for (let page = 0; page < 4; page++) {
      free();
      await eventually(() => expect(taken.length).toBeGreaterThan(page + 2));
    }
    await inStep();
  });

  it('resumes after a bookmark without repetition or a list', async () => {
    start();
    await watching();
    server.revision += 1000;
    server.bookmark();
    await new Promise(resolve => setTimeout(resolve, 30));
    server.endWatches('in order');
    await eventually(() =>
      expect(
        server.requests
          .filter(({ query }) => query.has('watch'))
          .pop()
          ?.query.get('resourceVersion'),
      ).toBe(String(server.revision)),
    );
    server.put('a');
    await inStep();
    expect(lists()).toBe(1);
  });

  describe.each(['in order', 'broken', 'within an event'] as const)(
    'when a watch ends %s',
    how => {
      it('resumes where it was', async () => {
        start();
        await watching();
        for (let round = 0; round < 5; round++) {
          server.put('a');
          server.delete('b');
          server.endWatches(how);
          server.put('b');
          server.put(`new-${round}`);
          await watching();
        }
        expect(lists()).toBe(1);
      });
    },
  );

  it.each([
    ['on the watch, by status', 'status'],
    ['on the watch, by an ERROR event', 'event'],
  ])('lists anew after 410 %s', async (_, form) => {
    start();
    await watching();
    if (form === 'status') {
      let left = 1;
      server.faults.push(({ query }, response) => {
        if (!query.has('watch') || left-- <= 0) {
          return false;
        }
        sendStatus(response, 410, 'too old resource version');
        return true;
      });
      server.endWatches('in order');
    } else {
      server.freeze(true);
      server.put('a');
      server.delete('b');
      server.put('x');
      server.compact();
      server.revision++;
      server.endWatches('in order');
      server.freeze(false);
    }
    await eventually(() => expect(lists()).toBe(2));
    await watching();
  });

  it('goes on with the rest of a list whose continue token expired, and misses nothing', async () => {
    let pages = 0;
    server.faults.push(({ query }) => {
      if (query.has('continue') && ++pages === 2) {
        server.put('a');
        server.delete('b');
        server.put('z');
        server.compact();
      }
      return false;
    });
    start();
    await watching();
    expect(replica.kinds.get('ConfigMap')).toBe('listed');
  });

  it.each([429, 500, 503])('tries again after HTTP %d', async status => {
    start();
    await watching();
    let left = 4;
    server.faults.push((_, response) => {
      if (left-- <= 0) {
        return false;
      }
      sendStatus(response, status, 'later');
      return true;
    });
    server.endWatches('in order');
    server.put('a');
    await watching();
    expect(left).toBeLessThan(0);
    expect(lists()).toBe(1);
  });

  it('waits as long as the server asks', async () => {
    const asked: number[] = [];
    server.faults.push((_, response) => {
      asked.push(Date.now());
      if (asked.length > 1) {
        return false;
      }
      response.setHeader('retry-after', '1');
      sendStatus(response, 429, 'later');
      return true;
    });
    start();
    await watching();
    expect(asked[1] - asked[0]).toBeGreaterThanOrEqual(990);
  });

  it('starts a list anew when a page fails for good', async () => {
    let left = 6;
    server.faults.push(({ query }, response) => {
      if (!query.has('continue') || left-- <= 0) {
        return false;
      }
      sendStatus(response, 500, 'no');
      return true;
    });
    start();
    await watching();
    expect(replica.updates.filter(type => type === 'listing').length).toBe(2);
    expect(replica.updates.filter(type => type === 'listed').length).toBe(1);
  });

  it.each([
    ['hangs', () => true],
    [
      'sends half a body',
      (_: unknown, response: any) => {
        response.write('{"kind":"PartialObjectMetadataList","items":[');
        return true;
      },
    ],
    [
      'sends broken JSON',
      (_: unknown, response: any) => {
        response.end('{"kind":"PartialObjectMetadataList","items":[}');
        return true;
      },
    ],
    [
      'is a proxy with a page of its own',
      (_: unknown, response: any) => {
        response.end('<html>Sign in</html>');
        return true;
      },
    ],
  ])('survives a server that %s', async (_, fault) => {
    let left = 2;
    server.faults.push((request, response) =>
      left-- > 0 ? fault(request, response) : false,
    );
    start();
    await watching();
    expect(replica.kinds.get('ConfigMap')).toBe('listed');
  });

  it('survives broken bytes in a watch', async () => {
    start();
    await watching();
    server.put('a');
    server.sendRaw('{"type":"ADDED","object":\n');
    server.put('b');
    await watching();
    server.sendRaw('[]\n{"type":"WHAT"}\n');
    server.put('c');
    await watching();
    expect(lists()).toBe(1);
  });

  it('drops repeated and late events', async () => {
    start();
    await watching();
    const before = server.revision;
    server.put('a');
    server.put('a');
    server.delete('b');
    server.put('c');
    await inStep();
    server.repeat(before);
    server.put('d');
    await inStep();
    expect(replica.kinds.get('ConfigMap')).toBe('listed');
  });

  it('notices a server that went away and came back', async () => {
    start();
    await watching();
    await server.goAway();
    server.put('a');
    server.delete('b');
    await new Promise(resolve => setTimeout(resolve, 100));
    await server.listen();
    await watching();
    expect(lists()).toBe(1);
  });

  it('says so when the outage lasts, keeps what it knows, and recovers with a list', async () => {
    start();
    await watching();
    const known = replica.state();
    await server.goAway();
    await eventually(() =>
      expect(replica.kinds.get('ConfigMap')).toBe('failing'),
    );
    expect(replica.state()).toEqual(known);
    server.put('a');
    await server.listen();
    await watching();
    expect(replica.kinds.get('ConfigMap')).toBe('listed');
    expect(lists()).toBe(2);
  });

  it('notices a watch that is silent past its end', async () => {
    start({ watchSeconds: { least: 1, most: 1 } });
    await watching();
    server.freeze(true);
    server.put('a');
    server.delete('b');
    await new Promise(resolve => setTimeout(resolve, 1_300));
    server.freeze(false);
    await inStep();
    expect(replica.kinds.get('ConfigMap')).toBe('listed');
  });

  it('notices a server that came back with an older state', async () => {
    start();
    await watching();
    await server.goAway();
    server.setBack(50, ['a', 'c']);
    await server.listen();
    await watching();
    expect(Object.keys(replica.state()).sort()).toEqual(['a', 'c']);
    server.put('after');
    await inStep();
  });

  it('drops a connection that is believed dead', async () => {
    start();
    await watching();
    server.freeze(true);
    server.put('a');
    server.freeze(false);
    reflector.reconnect();
    await watching();
    expect(lists()).toBe(1);
  });

  it.each([
    [403, 'forbidden'],
    [404, 'absent'],
  ])('HTTP %d makes the kind %s until it is granted', async (status, why) => {
    let isDenied = true;
    server.faults.push((_, response) => {
      if (isDenied) {
        sendStatus(response, status, 'configmaps is forbidden');
      }
      return isDenied;
    });
    start();
    await eventually(() => expect(replica.kinds.get('ConfigMap')).toBe(why));
    await new Promise(resolve => setTimeout(resolve, 150));
    expect(replica.updates).toEqual(['unavailable']);
    isDenied = false;
    await watching();
    expect(replica.kinds.get('ConfigMap')).toBe('listed');
  });

  it('lists now and then where the watch is forbidden', async () => {
    server.faults.push(({ query }, response) => {
      if (query.has('watch')) {
        sendStatus(response, 403, 'cannot watch');
      }
      return query.has('watch');
    });
    start();
    await inStep();
    server.put('a');
    server.delete('b');
    await inStep();
    expect(replica.kinds.get('ConfigMap')).toBe('listed');
  });

  it('says at once that credentials are refused', async () => {
    server.faults.push((_, response) => {
      sendStatus(response, 401, 'Unauthorized');
      return true;
    });
    start();
    await eventually(() =>
      expect(replica.kinds.get('ConfigMap')).toBe('failing'),
    );
  });

  it('asks for smaller pages when one is too large', async () => {
    for (let i = 0; i < 10; i++) {
      server.put(`n${i}`);
    }
    client = new ApiClient({ url: server.url }, async () => ({}), {
      maxBody: 900,
    });
    reflector = new Reflector({
      cluster: 'demo',
      kind: configMap,
      client,
      sink: replica.sink,
      permits: new ListPermits(1),
      clock: systemClock,
      logger: silentLogger,
      tuning: { ...quickTuning, pageSize: 100 },
    });
    running = reflector.run(stop.signal);
    await watching();
    expect(replica.kinds.get('ConfigMap')).toBe('listed');
  });

  it('refuses values from a server that does not know metadata only', async () => {
    server.put('a', { password: 'hunter2' });
    server.faults.push(({ query }, response) => {
      if (!query.has('watch')) {
        response.end(
          JSON.stringify({
            kind: 'ConfigMapList',
            metadata: { resourceVersion: '1' },
            items: [{ metadata: { name: 'a' }, data: { password: 'hunter2' } }],
          }),
        );
      }
      return !query.has('watch');
    });
    start();
    await eventually(() =>
      expect(replica.kinds.get('ConfigMap')).toBe('failing'),
    );
    expect(replica.objects.size).toBe(0);
  });
});
