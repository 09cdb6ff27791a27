import { Clock } from './clock';
import { DiscoverySchedule } from './discoverySchedule';

/** Time passes by itself; `at` happens on the way. */
class PassingClock implements Clock {
  time = 0;
  readonly events: { at: number; act(): void }[] = [];

  now = () => this.time;
  random = () => 0.5;

  async sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    const end = this.time + milliseconds;
    while (!signal.aborted && this.events[0]?.at <= end) {
      const { at, act } = this.events.shift()!;
      this.time = Math.max(this.time, at);
      act();
    }
    if (!signal.aborted) {
      this.time = end;
    }
  }
}

async function times(
  count: number,
  changesAt: readonly number[],
): Promise<number[]> {
  const clock = new PassingClock();
  const schedule = new DiscoverySchedule(clock, {
    every: 60_000,
    afterChange: [500, 3_000],
  });
  for (const at of changesAt) {
    clock.events.push({ at, act: () => schedule.hasten() });
  }
  const { signal } = new AbortController();
  const found: number[] = [];
  for (let nth = 0; nth < count; nth++) {
    await schedule.next(signal);
    found.push(clock.time);
  }
  return found;
}

describe('DiscoverySchedule', () => {
  it.each<[string, number[], number[]]>([
    ['now and then', [], [60_000, 120_000, 180_000]],
    ['soon after a change, twice', [1_000], [1_500, 4_500, 64_500]],
    [
      'soon after changes that do not end',
      Array.from({ length: 400 }, (_, nth) => 1_000 + nth * 100),
      [1_500, 2_000, 2_500],
    ],
    [
      'again after a change that came between the two',
      [1_000, 2_000],
      [1_500, 4_500, 5_000],
    ],
  ])('%s', async (_, changesAt, expected) => {
    expect(await times(expected.length, changesAt)).toEqual(expected);
  });
});
