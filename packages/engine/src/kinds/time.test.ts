import fc from 'fast-check';
import { parseTime } from './time';

describe('parseTime', () => {
  it('reads every second as Date.parse does', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: Date.UTC(2200, 0) / 1000 }),
        seconds => {
          const text = new Date(seconds * 1000)
            .toISOString()
            .replace('.000Z', 'Z');
          expect(parseTime(text)).toBe(seconds * 1000);
        },
      ),
    );
  });

  it.each([
    ['2026-01-02T03:04:05.678Z', Date.UTC(2026, 0, 2, 3, 4, 5, 678)],
    ['2026-01-02T03:04:05.123456Z', Date.UTC(2026, 0, 2, 3, 4, 5, 123)],
    ['2026-01-02T03:04:05+01:00', Date.UTC(2026, 0, 2, 2, 4, 5)],
    ['2026-13-02T03:04:05Z', undefined],
    ['2026-00-02T03:04:05Z', undefined],
    ['2026-01-02T25:04:05Z', undefined],
    ['2026-01-02T03:61:05Z', undefined],
    ['2026-0x-02T03:04:05Z', undefined],
    ['2026-01-02 03:04:05?', undefined],
    ['soon', undefined],
    ['', undefined],
    [null, undefined],
    [1767323045, undefined],
  ])('reads %p as %p', (text, time) => {
    expect(parseTime(text)).toBe(time);
  });
});
