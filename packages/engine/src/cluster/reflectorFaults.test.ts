import { eventually } from './__testUtils__/eventually';
import { ReflectorBench } from './__testUtils__/reflectorBench';
import { sendStatus } from './__testUtils__/scriptedApiServer';

describe('Reflector at a server that fails', () => {
  let bench: ReflectorBench;

  beforeEach(async () => {
    bench = await ReflectorBench.create();
  });

  afterEach(async () => {
    await bench.stop();
  });

  it.each([429, 500, 503])('tries again after HTTP %d', async status => {
    bench.start();
    await bench.watching();
    let left = 4;
    bench.server.faults.push((_, response) => {
      if (left-- <= 0) {
        return false;
      }
      sendStatus(response, status, 'later');
      return true;
    });
    bench.server.endWatches('in order');
    bench.server.put('a');
    await bench.watching();
    expect(left).toBeLessThan(0);
    expect(bench.lists).toBe(1);
  });

  it('waits as long as the server asks', async () => {
    const asked: number[] = [];
    bench.server.faults.push((_, response) => {
      asked.push(Date.now());
      if (asked.length > 1) {
        return false;
      }
      response.setHeader('retry-after', '1');
      sendStatus(response, 429, 'later');
      return true;
    });
    bench.start();
    await bench.watching();
    expect(asked[1] - asked[0]).toBeGreaterThanOrEqual(990);
  });

  it('starts a list anew when a page fails for good', async () => {
    let left = 6;
    bench.server.faults.push(({ query }, response) => {
      if (!query.has('continue') || left-- <= 0) {
        return false;
      }
      sendStatus(response, 500, 'no');
      return true;
    });
    bench.start();
    await bench.watching();
    expect(
      bench.replica.updates.filter(type => type === 'listing').length,
    ).toBe(2);
    expect(bench.replica.updates.filter(type => type === 'listed').length).toBe(
      1,
    );
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
    bench.server.faults.push((request, response) =>
      left-- > 0 ? fault(request, response) : false,
    );
    bench.start();
    await bench.watching();
    expect(bench.said).toBe('listed');
  });

  it('survives broken bytes in a watch', async () => {
    bench.start();
    await bench.watching();
    bench.server.put('a');
    bench.server.sendRaw('{"type":"ADDED","object":\n');
    bench.server.put('b');
    await bench.watching();
    bench.server.sendRaw('[]\n{"type":"WHAT"}\n');
    bench.server.put('c');
    await bench.watching();
    expect(bench.lists).toBe(1);
  });

  it('drops repeated and late events', async () => {
    bench.start();
    await bench.watching();
    const before = bench.server.revision;
    bench.server.put('a');
    bench.server.put('a');
    bench.server.delete('b');
    bench.server.put('c');
    await bench.inStep();
    bench.server.repeat(before);
    bench.server.put('d');
    await bench.inStep();
    expect(bench.said).toBe('listed');
  });

  it('notices a server that went away and came back', async () => {
    bench.start();
    await bench.watching();
    await bench.server.goAway();
    bench.server.put('a');
    bench.server.delete('b');
    await new Promise(resolve => setTimeout(resolve, 100));
    await bench.server.listen();
    await bench.watching();
    expect(bench.lists).toBe(1);
  });

  it('says so when the outage lasts, keeps what it knows, and recovers with a list', async () => {
    bench.start();
    await bench.watching();
    const known = bench.replica.state();
    await bench.server.goAway();
    await eventually(() => expect(bench.said).toBe('failing'));
    expect(bench.replica.state()).toEqual(known);
    bench.server.put('a');
    await bench.server.listen();
    await bench.watching();
    expect(bench.said).toBe('listed');
    expect(bench.lists).toBe(2);
  });

  it('notices a watch that is silent past its end', async () => {
    bench.start({ tuning: { watchSeconds: { least: 1, most: 1 } } });
    await bench.watching();
    bench.server.freeze(true);
    bench.server.put('a');
    bench.server.delete('b');
    await new Promise(resolve => setTimeout(resolve, 1_300));
    bench.server.freeze(false);
    await bench.inStep();
    expect(bench.said).toBe('listed');
  });

  it('notices a server that came back with an older state', async () => {
    bench.start();
    await bench.watching();
    await bench.server.goAway();
    bench.server.setBack(50, ['a', 'c']);
    await bench.server.listen();
    await bench.watching();
    expect(Object.keys(bench.replica.state()).sort()).toEqual(['a', 'c']);
    bench.server.put('after');
    await bench.inStep();
  });

  it('notices it also behind a connection that is believed dead, though it was busy', async () => {
    bench.start();
    await bench.watching();
    bench.server.put('a');
    await bench.watching();
    bench.server.freeze(true);
    bench.server.setBack(50, ['a', 'c']);
    bench.reconnect();
    bench.server.freeze(false);
    await eventually(() =>
      expect(Object.keys(bench.replica.state()).sort()).toEqual(['a', 'c']),
    );
  });

  it('drops a connection that is believed dead', async () => {
    bench.start();
    await bench.watching();
    bench.server.freeze(true);
    bench.server.put('a');
    bench.server.freeze(false);
    bench.reconnect();
    await bench.watching();
    expect(bench.lists).toBe(1);
  });

  it('says at once that credentials are refused', async () => {
    bench.server.faults.push((_, response) => {
      sendStatus(response, 401, 'Unauthorized');
      return true;
    });
    bench.start();
    await eventually(() => expect(bench.said).toBe('failing'));
  });

  it('asks for smaller pages when one is too large', async () => {
    for (let i = 0; i < 10; i++) {
      bench.server.put(`n${i}`);
    }
    bench.start({ limits: { maxBody: 900 }, tuning: { pageSize: 100 } });
    await bench.watching();
    expect(bench.said).toBe('listed');
  });

  it('refuses values from a server that does not know metadata only', async () => {
    bench.server.put('a', { password: 'hunter2' });
    bench.server.faults.push(({ query }, response) => {
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
    bench.start();
    await eventually(() => expect(bench.said).toBe('failing'));
    expect(bench.replica.objects.size).toBe(0);
  });
});
