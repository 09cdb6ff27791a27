import { shortened, textTable } from './textTable';

describe('textTable', () => {
  it('has columns as wide as they need to be, and no spaces at the end', () => {
    expect(
      textTable(
        ['A', 'LONGER', 'C'],
        [
          ['1', '2', ''],
          ['größer', '', 'last, as long as it is'],
        ],
      ),
    ).toBe(
      [
        'A       LONGER  C',
        '1       2',
        'größer          last, as long as it is',
      ].join('\n'),
    );
  });

  it('lets no text of a cluster write to the terminal', () => {
    expect(textTable(['A'], [['\u001b[2J\r\nx\u009b']])).toBe('A\n [2J x');
  });

  it('cuts what would push the other columns away, but for the last one', () => {
    const long = 'x'.repeat(300);
    const [, row] = textTable(['A', 'B'], [[long, long]]).split('\n');
    expect(row).toBe(`${'x'.repeat(99)}…  ${long}`);
  });
});

it.each([
  ['four', 4, 'four'],
  ['fives', 4, 'fiv…'],
  ['🙂🙂🙂', 2, '🙂…'],
])('shortens %j to %d', (text, length, short) =>
  expect(shortened(text, length)).toBe(short),
);
