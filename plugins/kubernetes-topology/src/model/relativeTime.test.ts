import { relativeTime } from './relativeTime';

const NOW = Date.UTC(2026, 10, 23, 12);

describe('relativeTime', () => {
  it.each([
    [0, 'now'],
    [999, 'now'],
    [1_000, '1 second ago'],
    [59_000, '59 seconds ago'],
    [60_000, '1 minute ago'],
    [59 * 60_000 + 59_999, '59 minutes ago'],
    [2 * 3_600_000, '2 hours ago'],
    [24 * 3_600_000, 'yesterday'],
    [72 * 3_600_000, '3 days ago'],
    [-5_000, 'now'],
  ])('reads %d ms ago as %s', (past, text) => {
    expect(relativeTime(NOW - past, NOW, 'en')).toBe(text);
  });
});
