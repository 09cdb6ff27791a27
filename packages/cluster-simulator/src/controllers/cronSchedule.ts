const RANGES: [from: number, to: number][] = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
];
const NAMES: Record<string, string> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};
const MINUTE = 60_000;
const LOOK_AHEAD_MINUTES = 366 * 24 * 60;

export class CronSyntaxError extends Error {}

/** When a CronJob runs, in UTC. */
export class CronSchedule {
  readonly #fields: Set<number>[];
  readonly #anyDay: boolean;
  readonly #anyWeekday: boolean;

  /** @throws {CronSyntaxError} */
  static parse(text: string): CronSchedule {
    const fields = (NAMES[text.trim()] ?? text).trim().split(/\s+/);
    if (fields.length !== 5) {
      throw new CronSyntaxError(
        `expected exactly 5 fields, found ${fields.length}: [${text}]`,
      );
    }
    return new CronSchedule(fields);
  }

  private constructor(fields: string[]) {
    this.#fields = fields.map((field, index) =>
      parseField(field, ...RANGES[index]),
    );
    if (this.#fields[4].has(7)) {
      this.#fields[4].add(0);
    }
    this.#anyDay = fields[2].startsWith('*');
    this.#anyWeekday = fields[4].startsWith('*');
  }

  /** The first time after the given one, in milliseconds; undefined when there is none within a year. */
  next(after: number): number | undefined {
    const first = (Math.floor(after / MINUTE) + 1) * MINUTE;
    for (let minutes = 0; minutes < LOOK_AHEAD_MINUTES; minutes++) {
      const time = first + minutes * MINUTE;
      if (this.#matches(new Date(time))) {
        return time;
      }
    }
    return undefined;
  }

  #matches(date: Date): boolean {
    const [minute, hour, day, month, weekday] = this.#fields;
    const dayFits = day.has(date.getUTCDate());
    const weekdayFits = weekday.has(date.getUTCDay());
    return (
      minute.has(date.getUTCMinutes()) &&
      hour.has(date.getUTCHours()) &&
      month.has(date.getUTCMonth() + 1) &&
      // When both days are given, either is enough.
      (this.#anyDay || this.#anyWeekday
        ? dayFits && weekdayFits
        : dayFits || weekdayFits)
    );
  }
}

function parseField(field: string, from: number, to: number): Set<number> {
  const values = new Set<number>();
  for (const item of field.split(',')) {
    const parts = /^(?:\*|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(item);
    if (!parts) {
      throw new CronSyntaxError(`failed to parse ${item}`);
    }
    const [, low, high, step] = parts;
    const start = low === undefined ? from : Number(low);
    // `*/5` and `10/5` go on to the end, a plain number is itself.
    const open = low === undefined || step !== undefined;
    const end = Number(high ?? (open ? to : start));
    if (start < from || end > to || start > end || Number(step) === 0) {
      throw new CronSyntaxError(`out of range: ${item}`);
    }
    for (let value = start; value <= end; value += Number(step ?? 1)) {
      values.add(value);
    }
  }
  return values;
}
