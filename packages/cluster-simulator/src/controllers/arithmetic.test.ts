import fc from 'fast-check';
import { CronSchedule, CronSyntaxError } from './cronSchedule';
import { rollingScale } from './rollingUpdate';
import { parseQuantity } from './scheduler/quantity';

describe('a rolling update', () => {
  const plan = fc.record({
    desired: fc.integer({ min: 0, max: 20 }),
    surge: fc.integer({ min: 0, max: 5 }),
    unavailable: fc.integer({ min: 0, max: 5 }),
    old: fc.integer({ min: 0, max: 20 }),
    ready: fc.array(fc.boolean(), { minLength: 80, maxLength: 80 }),
  });

  it('ends, with all pods new, never too many and never too few', () => {
    fc.assert(
      fc.property(plan, ({ desired, surge, unavailable, old, ready }) => {
        fc.pre(surge + unavailable > 0);
        let current = { replicas: 0, available: 0 };
        let before = { replicas: old, available: old };
        const fewest = Math.min(old, Math.max(0, desired - unavailable));
        const most = Math.max(old, desired + surge);
        for (let step = 0; step < 80; step++) {
          const next = rollingScale({
            desired,
            recreate: false,
            paused: false,
            surge,
            unavailable,
            current,
            olds: [before],
            oldPods: before.replicas,
          });
          // New pods are there at once, and ready at some later time; removed ones are gone at once.
          current = {
            replicas: next.current,
            available:
              ready[step] || step > 40
                ? next.current
                : Math.min(current.available, next.current),
          };
          before = {
            replicas: next.olds[0],
            available: Math.min(before.available, next.olds[0]),
          };
          expect(current.replicas + before.replicas).toBeLessThanOrEqual(most);
          expect(current.available + before.available).toBeGreaterThanOrEqual(
            Math.min(fewest, current.available + old),
          );
        }
        expect([current.replicas, before.replicas]).toEqual([desired, 0]);
      }),
    );
  });
});

describe('quantities', () => {
  it.each([
    ['250m', 0.25],
    ['4', 4],
    [4, 4],
    ['1.5Gi', 1.5 * 2 ** 30],
    ['100M', 1e8],
    ['2e3', 2000],
    ['1k', 1000],
    [undefined, 0],
    ['much', NaN],
    ['1Zi', NaN],
  ])('%s is %d', (text, expected) => {
    expect(parseQuantity(text)).toBe(expected);
  });
});

describe('schedules', () => {
  const next = (schedule: string, after: string) =>
    new Date(CronSchedule.parse(schedule).next(Date.parse(after))!)
      .toISOString()
      .slice(0, 16);

  it.each([
    ['* * * * *', '2026-03-01T12:00:30Z', '2026-03-01T12:01'],
    ['*/15 * * * *', '2026-03-01T12:00:00Z', '2026-03-01T12:15'],
    ['5,35 8-10/2 * * *', '2026-03-01T08:40:00Z', '2026-03-01T10:05'],
    ['0 0 1 1 *', '2026-03-01T00:00:00Z', '2027-01-01T00:00'],
    ['0 9 * * 1', '2026-03-01T00:00:00Z', '2026-03-02T09:00'],
    ['0 9 * * 7', '2026-03-02T00:00:00Z', '2026-03-08T09:00'],
    ['0 0 13 * 5', '2026-03-01T00:00:00Z', '2026-03-06T00:00'],
    ['@hourly', '2026-03-01T12:00:00Z', '2026-03-01T13:00'],
  ])('%s after %s is %s', (schedule, after, expected) => {
    expect(next(schedule, after)).toBe(expected);
  });

  it('that never come are said to never come', () => {
    expect(CronSchedule.parse('0 0 31 2 *').next(0)).toBeUndefined();
  });

  it.each([
    '',
    '* * * *',
    '60 * * * *',
    '* * 0 * *',
    'a * * * *',
    '5-1 * * * *',
    '*/0 * * * *',
  ])('does not understand %j', schedule => {
    expect(() => CronSchedule.parse(schedule)).toThrow(CronSyntaxError);
  });

  it('come later than they were asked after, on a full minute', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 59 }),
        fc.integer({ min: 0, max: 23 }),
        fc.date({
          min: new Date('2020-01-01'),
          max: new Date('2040-01-01'),
          noInvalidDate: true,
        }),
        (minute, hour, after) => {
          const time = CronSchedule.parse(`${minute} ${hour} * * *`).next(
            after.getTime(),
          )!;
          expect(time).toBeGreaterThan(after.getTime());
          expect(time - after.getTime()).toBeLessThanOrEqual(24 * 3_600_000);
          expect(new Date(time).toISOString()).toMatch(
            new RegExp(
              `T${String(hour).padStart(2, '0')}:${String(minute).padStart(
                2,
                '0',
              )}:00.000Z`,
            ),
          );
        },
      ),
    );
  });
});
