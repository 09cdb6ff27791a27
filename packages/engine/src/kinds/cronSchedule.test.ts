import fc from 'fast-check';
import { isRun, nextRun, parseCronSchedule } from './cronSchedule';
import { latestNextRun } from './missedRun';

const next = (
  schedule: string,
  after: string,
  zone: string | number = 'UTC',
) => {
  const parsed = parseCronSchedule(schedule);
  const time = parsed && nextRun(parsed, Date.parse(after), zone);
  return time === undefined ? 'never' : new Date(time).toISOString();
};

/** 2026-01-01 is a Thursday. */
it.each([
  ['* * * * *', '2026-01-01T12:00:30Z', '2026-01-01T12:01:00.000Z'],
  ['0 * * * *', '2026-01-01T12:00:00Z', '2026-01-01T13:00:00.000Z'],
  ['*/15 * * * *', '2026-01-01T12:46:00Z', '2026-01-01T13:00:00.000Z'],
  ['10/20 * * * *', '2026-01-01T12:31:00Z', '2026-01-01T12:50:00.000Z'],
  ['30 4 * * *', '2026-01-01T12:00:00Z', '2026-01-02T04:30:00.000Z'],
  ['0 0 * * mon-fri', '2026-01-02T00:00:00Z', '2026-01-05T00:00:00.000Z'],
  ['0 0 1,15 * *', '2026-01-01T12:00:00Z', '2026-01-15T00:00:00.000Z'],
  // Both are restricted: one of them is enough.
  ['0 0 13 * 5', '2026-01-03T00:00:00Z', '2026-01-09T00:00:00.000Z'],
  // A star with a step restricts, too; one without leaves the other alone.
  ['0 0 */2 * 0', '2026-01-01T12:00:00Z', '2026-01-03T00:00:00.000Z'],
  ['0 0 * * SUN', '2026-01-01T12:00:00Z', '2026-01-04T00:00:00.000Z'],
  ['0 0 29 2 *', '2026-01-01T00:00:00Z', '2028-02-29T00:00:00.000Z'],
  ['0 0 30 2 *', '2026-01-01T00:00:00Z', 'never'],
  ['@daily', '2026-01-01T12:00:00Z', '2026-01-02T00:00:00.000Z'],
  ['@weekly', '2026-01-01T12:00:00Z', '2026-01-04T00:00:00.000Z'],
  ['@every 1h30m', '2026-01-01T12:00:00Z', '2026-01-01T13:30:00.000Z'],
])('%s after %s comes at %s', (schedule, after, expected) => {
  expect(next(schedule, after)).toBe(expected);
});

it.each([
  [
    'an hour east',
    'Europe/Berlin',
    '2026-01-01T12:00:00Z',
    '2026-01-02T02:00:00.000Z',
  ],
  [
    'in summer',
    'Europe/Berlin',
    '2026-07-01T12:00:00Z',
    '2026-07-02T01:00:00.000Z',
  ],
  [
    'west',
    'America/New_York',
    '2026-01-01T12:00:00Z',
    '2026-01-02T08:00:00.000Z',
  ],
  [
    'half an hour',
    'Asia/Kolkata',
    '2026-01-01T12:00:00Z',
    '2026-01-01T21:30:00.000Z',
  ],
  ['a zone that nobody knows', 'Mars/Olympus', '2026-01-01T12:00:00Z', 'never'],
])('is by the clocks of a zone: %s', (_, zone, after, expected) => {
  expect(next('0 3 * * *', after, zone)).toBe(expected);
});

it('leaves out an hour that the clocks skip', () => {
  // 2026-03-29: 02:00 becomes 03:00.
  expect(next('30 2 * * *', '2026-03-28T12:00:00Z', 'Europe/Berlin')).toBe(
    '2026-03-30T00:30:00.000Z',
  );
});

it.each([
  '',
  '* * * *',
  '60 * * * *',
  '* * * * 7',
  '5-1 * * * *',
  '*/0 * * * *',
  '1-2-3 * * * *',
  'a * * * *',
  '@sometimes',
  '@every',
])('is no schedule: "%s"', text => {
  expect(parseCronSchedule(text)).toBeUndefined();
});

it('takes a zone before the schedule', () => {
  expect(parseCronSchedule('TZ=Asia/Tokyo 0 3 * * *')).toMatchObject({
    timeZone: 'Asia/Tokyo',
  });
});

describe('a field of any shape', () => {
  const value = fc.integer({ min: 0, max: 59 });
  const part = fc.oneof(
    fc.constant('*'),
    value.map(String),
    fc
      .tuple(value, value)
      .map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
    fc.integer({ min: 1, max: 30 }).map(step => `*/${step}`),
  );
  /** The plainest reading there is: minute by minute. */
  const isWanted = (text: string, minute: number) =>
    text.split(',').some(one => {
      const [range, step] = one.split('/');
      const [from, to = from] = range === '*' ? ['0', '59'] : range.split('-');
      return (
        minute >= Number(from) &&
        minute <= Number(to) &&
        (minute - Number(from)) % Number(step ?? 1) === 0
      );
    });
  it('comes when a reading minute by minute says', () => {
    fc.assert(
      fc.property(
        fc.array(part, { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 0, max: 2_000_000_000 }),
        (parts, seconds) => {
          const text = parts.join(',');
          const schedule = parseCronSchedule(`${text} * * * *`)!;
          const found = nextRun(schedule, seconds * 1000, 'UTC')!;
          let time = (Math.floor(seconds / 60) + 1) * 60_000;
          while (!isWanted(text, (time / 60_000) % 60)) {
            time += 60_000;
          }
          expect(found).toBe(time);
          expect(isRun(schedule, found, 0)).toBe(true);
        },
      ),
    );
  });
});

describe('the latest next run', () => {
  const latest = (spec: {}, after: string, hasRun = true) => {
    const time = latestNextRun(spec, Date.parse(after), hasRun);
    return time === undefined ? 'unknown' : new Date(time).toISOString();
  };
  it.each([
    [
      'follows the last run where that was on time in UTC',
      { schedule: '0 3 * * *' },
      '2026-01-01T03:00:00Z',
      '2026-01-02T03:00:00.000Z',
    ],
    [
      'is by the zone that the last run tells, with an hour for summer time',
      { schedule: '0 3 * * *' },
      '2026-01-01T01:00:00Z',
      '2026-01-02T02:00:00.000Z',
    ],
    [
      'is by any zone when the schedule was changed since',
      { schedule: '0 3 * * *' },
      '2026-01-01T12:07:00Z',
      '2026-01-02T12:00:00.000Z',
    ],
    [
      'is by the zone that the spec names',
      { schedule: '0 3 * * *', timeZone: 'Europe/Berlin' },
      '2026-01-01T02:00:00Z',
      '2026-01-02T02:00:00.000Z',
    ],
    [
      'is not known of what is no schedule',
      { schedule: 'now and then' },
      '2026-01-01T02:00:00Z',
      'unknown',
    ],
  ])('%s', (_, spec, after, expected) => {
    expect(latest(spec, after)).toBe(expected);
  });
});
