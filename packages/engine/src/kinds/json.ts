import { Json } from './observation';

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** A copy without undefined fields: equal content then has equal JSON, and equal hashes. */
export function withoutUndefined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(
    Object.entries(value).filter(([, field]) => field !== undefined),
  ) as Defined<T>;
}

/** A copy down to the leaves: one borrowed map would keep the whole API object in memory. */
export function copyJson<T extends Json>(value: T): T {
  if (Array.isArray(value)) {
    return value.map(copyJson) as T;
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, field]) => field !== undefined)
        .map(([name, field]) => [name, copyJson(field)]),
    ) as T;
  }
  return value;
}
