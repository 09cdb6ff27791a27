/** Longest text of a cell but in the last column, in characters. */
const WIDEST = 100;

/**
 * Rows in columns, two spaces apart, as kubectl prints them; the last column is as long as it is.
 *
 * @param options.isStyled the last column holds colours of ours
 */
export function textTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  options: { isStyled?: boolean } = {},
): string {
  const lines = [header, ...rows].map(row =>
    row.map((cell, column) => {
      const isLast = column === row.length - 1;
      const line = isLast && options.isStyled ? cell : printable(cell);
      return isLast ? line : shortened(line, WIDEST);
    }),
  );
  const widths = header.map((_, column) =>
    Math.max(...lines.map(line => [...line[column]].length)),
  );
  return lines
    .map(line =>
      line
        .map((cell, column) =>
          column === line.length - 1
            ? cell
            : cell + ' '.repeat(widths[column] - [...cell].length),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export function shortened(text: string, length: number): string {
  const characters = [...text];
  return characters.length > length
    ? `${characters.slice(0, length - 1).join('')}…`
    : text;
}

/** What comes from a cluster may hold line breaks and control sequences of terminals. */
export function printable(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');
}
