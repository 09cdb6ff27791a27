// The goals of the table, and how a measured number stands to them.

/** @typedef {{ what: string, at: string, measured: string, probe?: string, number?: string, target?: string, isMet?: boolean, failed?: boolean }} Row */

/** By database where they differ. `share` is of the probe, `times` a multiple of it. */
export const GOALS = {
  sync: { sqlite: 1.2, postgres: 1.7 },
  informer: 5,
  doubling: 2.2,
  kilobytesAPod: 4.5,
  kilobytesAnObject: 0.5,
  loopP99: 10,
  loopMax: 50,
  restart: 1.2,
  restartRows: 0.01,
  /** PostgreSQL: of what SQLite does in the same run. */
  events: { sqlite: 8000, postgres: 0.6 },
  freshness: 75,
  write: { sqlite: 0.75, postgres: 0.65 },
  neighbours: { sqlite: 0.1, postgres: 0.7 },
  growth: { sqlite: 2, postgres: 2.5 },
  namespace: { sqlite: 3, postgres: 6 },
  dependents: { sqlite: 12, postgres: 40 },
  past: 2.5,
  kilobytesOnDisk: 2.2,
};

export const times = number => `${number.toFixed(2)} ×`;

/** @returns {Row} where less is better */
export function atMost(row, number, limit, unit) {
  return {
    ...row,
    number: unit === 'x' ? times(number) : row.number,
    target: `≤ ${limit} ${unit === 'x' ? '×' : unit}`,
    isMet: number <= limit,
  };
}

/** @returns {Row} where more is better */
export function atLeast(row, number, limit, unit) {
  return {
    ...row,
    number: unit === 'x' ? times(number) : row.number,
    target: `≥ ${limit} ${unit === 'x' ? '×' : unit}`,
    isMet: number >= limit,
  };
}

export const seconds = number => `${number.toFixed(2)} s`;
export const milliseconds = number =>
  `${number < 1 ? number.toFixed(3) : number.toFixed(1)} ms`;
export const perSecond = number =>
  `${Math.round(number).toLocaleString('en')}/s`;
export const kilobytes = number => `${number.toFixed(2)} KB`;

/** As Markdown, so that it can stand in `docs/performance.md` as it is. */
export function printTable(rows) {
  const heads = ['what', 'at', 'measured', 'probe', 'number', 'target', ''];
  const cells = rows.map(row => [
    row.what,
    row.at,
    row.measured,
    row.probe ?? '',
    row.number ?? '',
    row.target ?? '',
    verdict(row),
  ]);
  const widths = heads.map((head, nth) =>
    Math.max(head.length, 3, ...cells.map(line => line[nth].length)),
  );
  const line = texts =>
    `| ${texts.map((text, nth) => text.padEnd(widths[nth])).join(' | ')} |`;
  console.log(line(heads));
  console.log(line(widths.map(width => '-'.repeat(width))));
  cells.forEach(each => console.log(line(each)));
}

function verdict({ isMet, failed }) {
  if (failed) {
    return 'not measured';
  }
  if (isMet === undefined) {
    return '';
  }
  return isMet ? 'met' : '**missed**';
}
