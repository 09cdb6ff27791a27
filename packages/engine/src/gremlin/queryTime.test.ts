import { resolveTime, timeOfNumber, timeOfText } from './queryTime';

const NOW = Date.parse('2026-01-31T12:00:00Z');

function shown(time: ReturnType<typeof timeOfText>): string | undefined {
  return time && new Date(resolveTime(time, NOW)).toISOString();
}

it.each([
  ['-10m', '2026-01-31T11:50:00.000Z'],
  ['-1h30m', '2026-01-31T10:30:00.000Z'],
  ['-1.5h', '2026-01-31T10:30:00.000Z'],
  ['-250ms', '2026-01-31T11:59:59.750Z'],
  ['-7d', '2026-01-24T12:00:00.000Z'],
  ['10s', '2026-01-31T12:00:10.000Z'],
  ['2026-01-01', '2026-01-01T00:00:00.000Z'],
  ['2026-01-01T10:00', '2026-01-01T10:00:00.000Z'],
  ['2026-01-01T10:00:00Z', '2026-01-01T10:00:00.000Z'],
  ['2026-01-01T10:00:00.5+02:00', '2026-01-01T08:00:00.500Z'],
  ['Thu, 01 Jan 2026 10:00:00 GMT', '2026-01-01T10:00:00.000Z'],
  ['', undefined],
  ['now', undefined],
  ['10', undefined],
  ['-10 m', undefined],
  ['1h-30m', undefined],
  ['2026-02-31T10:00:00', '2026-03-03T10:00:00.000Z'],
  ['2026-13-01', undefined],
  ['yesterday', undefined],
  ['999999999999999999h', undefined],
])('the text %j is %s', (text, time) => {
  expect(shown(timeOfText(text))).toBe(time);
});

it.each([
  [0, '1970-01-01T00:00:00.000Z'],
  [1_700_000_000, '2023-11-14T22:13:20.000Z'],
  [2_147_483_647, '2038-01-19T03:14:07.000Z'],
  [1_700_000_000_000, '2023-11-14T22:13:20.000Z'],
  [-1, undefined],
  [0.5, undefined],
  [9e15, undefined],
])('the number %d is %s', (value, time) => {
  expect(shown(timeOfNumber(value))).toBe(time);
});
