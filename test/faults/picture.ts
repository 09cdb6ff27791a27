import { EventRow } from '@kubernetes-topology/engine';

/** A cluster's graph under names instead of numbers, each row as text: two of them can be compared wherever they are from. */
export interface Picture {
  /** By key: identity, labels, properties. */
  nodes: Map<string, string>;
  /** By key, of the same nodes. */
  verdicts: Map<string, string>;
  /** By `<source> -<relation>-> <target>`: whether it is required, and details. */
  edges: Map<string, string>;
  /** By object, reason and source. */
  events: Map<string, string>;
  /** The same as rows. */
  eventRows: Map<string, EventRow>;
  /** By kind: `listed 12`. */
  kinds: Map<string, string>;
}

export function emptyPicture(): Picture {
  return {
    nodes: new Map(),
    verdicts: new Map(),
    edges: new Map(),
    events: new Map(),
    eventRows: new Map(),
    kinds: new Map(),
  };
}

export function addEvent(picture: Picture, row: EventRow): void {
  const name = `${row.about} ${row.reason} ${row.source}`;
  picture.eventRows.set(name, row);
  picture.events.set(name, sortedJson(row));
}

export function edgeName(edge: {
  source: string;
  relation: string;
  target: string;
}): string {
  return `${edge.source} -${edge.relation}-> ${edge.target}`;
}

/** JSON with sorted keys: PostgreSQL's jsonb has an order of its own. */
export function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_, inner) =>
    inner && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(
          Object.entries(inner).sort(([one], [other]) =>
            one < other ? -1 : 1,
          ),
        )
      : inner,
  );
}

/**
 * What differs, in words; nothing when the database is right. Time decides some verdicts: where those at the earliest
 * and the latest clock that the engine had differ, any of what lies between may be stored.
 */
export function differences(
  stored: Picture,
  expected: { earliest: Picture; latest: Picture },
): string[] {
  const { earliest, latest } = expected;
  return [
    ...compared('node', earliest.nodes, stored.nodes),
    ...compared(
      'verdict of',
      earliest.verdicts,
      stored.verdicts,
      key => earliest.verdicts.get(key) === latest.verdicts.get(key),
    ),
    ...compared('edge', earliest.edges, stored.edges),
    ...compared('event', earliest.events, stored.events),
    ...compared('kind', earliest.kinds, withoutFormer(stored.kinds, earliest)),
  ];
}

/** A kind that was served once is remembered as one that is not. */
function withoutFormer(
  stored: ReadonlyMap<string, string>,
  { kinds }: Picture,
): ReadonlyMap<string, string> {
  return new Map(
    [...stored].filter(
      ([kind, state]) => kinds.has(kind) || !state.startsWith('absent'),
    ),
  );
}

function compared(
  what: string,
  expected: ReadonlyMap<string, string>,
  stored: ReadonlyMap<string, string>,
  isSure: (key: string) => boolean = () => true,
): string[] {
  const found: string[] = [];
  for (const [key, value] of expected) {
    const other = stored.get(key);
    if (other === undefined) {
      found.push(`lost: ${what} ${key}\n    ${value}`);
    } else if (other !== value && isSure(key)) {
      found.push(
        `other: ${what} ${key}\n    expected ${value}\n    stored   ${other}`,
      );
    }
  }
  for (const [key, value] of stored) {
    if (!expected.has(key)) {
      found.push(`ghost: ${what} ${key}\n    ${value}`);
    }
  }
  return found;
}
