export const PROTOCOLS = ['TCP', 'UDP', 'SCTP'] as const;
export type Protocol = (typeof PROTOCOLS)[number];

/** Both ends count. Ports are 1 to 65535. */
export interface PortRange {
  protocol: Protocol;
  from: number;
  to: number;
}

export const LAST_PORT = 65_535;

type Span = readonly [from: number, to: number];

/** A set of ports of each protocol: spans in order that neither touch nor overlap. Never changes. */
export class PortSet {
  static readonly none = new PortSet([[], [], []]);
  static readonly all = new PortSet([
    [[1, LAST_PORT]],
    [[1, LAST_PORT]],
    [[1, LAST_PORT]],
  ]);

  /** Equal sets have equal keys. */
  readonly key: string;
  readonly #spans: readonly (readonly Span[])[];

  static of(ranges: Iterable<PortRange>): PortSet {
    const spans: Span[][] = PROTOCOLS.map(() => []);
    for (const { protocol, from, to } of ranges) {
      spans[PROTOCOLS.indexOf(protocol)].push([from, to]);
    }
    return new PortSet(spans.map(joined));
  }

  private constructor(spans: readonly (readonly Span[])[]) {
    this.#spans = spans;
    this.key = spans
      .map(each => each.map(span => span.join('-')).join(','))
      .join(';');
  }

  get isEmpty(): boolean {
    return this.#spans.every(each => each.length === 0);
  }

  contains(protocol: Protocol, port: number): boolean {
    return this.#spans[PROTOCOLS.indexOf(protocol)].some(
      ([from, to]) => from <= port && port <= to,
    );
  }

  union(other: PortSet): PortSet {
    return new PortSet(
      this.#spans.map((spans, index) =>
        joined([...spans, ...other.#spans[index]]),
      ),
    );
  }

  intersection(other: PortSet): PortSet {
    return new PortSet(
      this.#spans.map((spans, index) =>
        spans.flatMap(([from, to]) =>
          other.#spans[index].flatMap(([first, last]): Span[] =>
            Math.max(from, first) <= Math.min(to, last)
              ? [[Math.max(from, first), Math.min(to, last)]]
              : [],
          ),
        ),
      ),
    );
  }

  /** What is in this one only. */
  without(other: PortSet): PortSet {
    return this.intersection(
      new PortSet(other.#spans.map(spans => complement(spans))),
    );
  }

  ranges(): PortRange[] {
    return PROTOCOLS.flatMap((protocol, index) =>
      this.#spans[index].map(([from, to]) => ({ protocol, from, to })),
    );
  }
}

/** In order, with those that touch or overlap made one. */
function joined(spans: readonly Span[]): Span[] {
  const result: Span[] = [];
  for (const [from, to] of [...spans].sort((a, b) => a[0] - b[0])) {
    const last = result[result.length - 1];
    if (last && from <= last[1] + 1) {
      result[result.length - 1] = [last[0], Math.max(last[1], to)];
    } else {
      result.push([from, to]);
    }
  }
  return result;
}

function complement(spans: readonly Span[]): Span[] {
  const result: Span[] = [];
  let next = 1;
  for (const [from, to] of spans) {
    if (next < from) {
      result.push([next, from - 1]);
    }
    next = to + 1;
  }
  return next <= LAST_PORT ? [...result, [next, LAST_PORT]] : result;
}
