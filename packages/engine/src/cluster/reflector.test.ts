import { eventually } from './__testUtils__/eventually';
import { ReflectorBench } from './__testUtils__/reflectorBench';
import { sendStatus } from './__testUtils__/scriptedApiServer';

describe('Reflector', () => {
  let bench: ReflectorBench;

  beforeEach(async () => {
    bench = await ReflectorBench.create();
  });

  afterEach(async () => {
    await bench.stop();
  });

  it('lists in pages of one snapshot, then follows', async () => {
    bench.start();
    await bench.watching();
    expect(bench.replica.updates).toEqual([
      'listing',
      ...Array(4).fill('page'),
      'listed',
    ]);
    bench.server.put('a');
    bench.server.put('new');
    bench.server.delete('b');
    await bench.inStep();
    expect(bench.lists).toBe(1);
    expect(
      bench.server.requests.every(
        ({ query }) => query.get('resourceVersion') !== '0',
      ),
    ).toBe(true);
  });

  it('waits for the sink before it reads on', async () => {
    let free = () => {};
    const taken: string[] = [];
    bench.start({
      sink: async update => {
        taken.push(update.type);
        await bench.replica.sink(update);
        if (update.type === 'page') {
          await new Promise<void>(resolve => (free = resolve));
        }
      },
    });
    await eventually(() => expect(taken).toEqual(['listing', 'page']));
    await new Promise(resolve => setTimeout(resolve, 100));
    expect(taken).toEqual(['listing', 'page']);
    expect(bench.server.requests.length).toBeLessThanOrEqual(2);
    for (let page = 0; page < 4; page++) {
      free();
      await eventually(() => expect(taken.length).toBeGreaterThan(page + 2));
    }
    await bench.inStep();
  });

  it('resumes after a bookmark without repetition or a list', async () => {
    bench.start();
    await bench.watching();
    bench.server.revision += 1000;
    bench.server.bookmark();
    await new Promise(resolve => setTimeout(resolve, 30));
    bench.server.endWatches('in order');
    await eventually(() =>
      expect(
        bench.server.requests
          .filter(({ query }) => query.has('watch'))
          .pop()
          ?.query.get('resourceVersion'),
      ).toBe(String(bench.server.revision)),
    );
    bench.server.put('a');
    await bench.inStep();
    expect(bench.lists).toBe(1);
  });

  describe.each(['in order', 'broken', 'within an event'] as const)(
    'when a watch ends %s',
    how => {
      it('resumes where it was', async () => {
        // However slow the machine is, this is no outage.
        bench.start({
          tuning: { failingAfter: { tries: 3, milliseconds: 60_000 } },
        });
        await bench.watching();
        for (let round = 0; round < 5; round++) {
          bench.server.put('a');
          bench.server.delete('b');
          bench.server.endWatches(how);
          bench.server.put('b');
          bench.server.put(`new-${round}`);
          await bench.watching();
        }
        expect(bench.lists).toBe(1);
      });
    },
  );

  it.each([
    ['on the watch, by status', 'status'],
    ['on the watch, by an ERROR event', 'event'],
  ])('lists anew after 410 %s', async (_, form) => {
    bench.start();
    await bench.watching();
    if (form === 'status') {
      let left = 1;
      bench.server.faults.push(({ query }, response) => {
        if (!query.has('watch') || left-- <= 0) {
          return false;
        }
        sendStatus(response, 410, 'too old resource version');
        return true;
      });
      bench.server.endWatches('in order');
    } else {
      bench.server.freeze(true);
      bench.server.put('a');
      bench.server.delete('b');
      bench.server.put('x');
      bench.server.compact();
      bench.server.revision++;
      bench.server.endWatches('in order');
      bench.server.freeze(false);
    }
    await eventually(() => expect(bench.lists).toBe(2));
    await bench.watching();
  });

  it('goes on with the rest of a list whose continue token expired, and misses nothing', async () => {
    let pages = 0;
    bench.server.faults.push(({ query }) => {
      if (query.has('continue') && ++pages === 2) {
        bench.server.put('a');
        bench.server.delete('b');
        bench.server.put('z');
        bench.server.compact();
      }
      return false;
    });
    bench.start();
    await bench.watching();
    expect(bench.said).toBe('listed');
  });

  it.each([
    [403, 'forbidden'],
    [404, 'absent'],
  ])('HTTP %d makes the kind %s until it is granted', async (status, why) => {
    let isDenied = true;
    bench.server.faults.push((_, response) => {
      if (isDenied) {
        sendStatus(response, status, 'configmaps is forbidden');
      }
      return isDenied;
    });
    bench.start();
    await eventually(() => expect(bench.said).toBe(why));
    await new Promise(resolve => setTimeout(resolve, 150));
    expect(bench.replica.updates).toEqual(['unavailable']);
    isDenied = false;
    await bench.watching();
    expect(bench.said).toBe('listed');
  });

  it('lists now and then where the watch is forbidden', async () => {
    bench.server.faults.push(({ query }, response) => {
      if (query.has('watch')) {
        sendStatus(response, 403, 'cannot watch');
      }
      return query.has('watch');
    });
    bench.start();
    await bench.inStep();
    bench.server.put('a');
    bench.server.delete('b');
    await bench.inStep();
    expect(bench.said).toBe('listed');
  });
});
