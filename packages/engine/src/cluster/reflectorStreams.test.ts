import { ServerResponse } from 'node:http';
import { eventually } from './__testUtils__/eventually';
import { ReflectorBench } from './__testUtils__/reflectorBench';

const added = (name: string) =>
  `${JSON.stringify({
    type: 'ADDED',
    object: {
      kind: 'PartialObjectMetadata',
      metadata: {
        namespace: 'default',
        name,
        uid: `other-${name}`,
        resourceVersion: '50',
      },
    },
  })}\n`;

describe('Reflector, when a streamed list breaks off', () => {
  let bench: ReflectorBench;
  let streams: number;

  /** Answers each streamed list so. */
  async function start(answer: (response: ServerResponse) => void) {
    bench = await ReflectorBench.create();
    streams = 0;
    bench.server.faults.push(({ query }, response) => {
      if (!query.has('sendInitialEvents')) {
        return false;
      }
      streams++;
      answer(response);
      return true;
    });
    bench.start({ streaming: true });
  }

  afterEach(async () => {
    await bench.stop();
  });

  it.each<[string, (response: ServerResponse) => void]>([
    ['with the connection', response => response.socket?.destroy()],
    ['in good order', response => response.end()],
    ['within an event', response => response.end('{"type":"ADDED","obj')],
    ['in silence', response => response.flushHeaders()],
    ['with an event that is none', response => response.end('{}\n')],
  ])('%s, before anything came, reads pages', async (_, answer) => {
    await start(answer);
    await bench.watching();
    expect(bench.replica.updates.filter(type => type === 'listing')).toEqual([
      'listing',
    ]);
    bench.server.put('new');
    await bench.inStep();
    expect(streams).toBe(1);
  });

  it.each<[string, (response: ServerResponse) => void]>([
    [
      'with the connection',
      response => setTimeout(() => response.socket?.destroy(), 50),
    ],
    ['in good order', response => response.end()],
    ['in silence', () => {}],
  ])('%s, after some objects, forgets them and reads pages', async (_, end) => {
    await start(response => {
      // A page of three is taken before the end.
      for (const name of ['a', 'gone', 'gone-too', 'b', 'c']) {
        response.write(added(name));
      }
      end(response);
    });
    await bench.watching();
    expect(
      bench.replica.updates.filter(type => type === 'listing').length,
    ).toBeLessThanOrEqual(2);
    bench.server.compact();
    bench.server.endWatches('broken');
    await eventually(() => expect(bench.lists).toBeGreaterThan(0));
    await bench.watching();
    expect(streams).toBe(1);
  });
});
