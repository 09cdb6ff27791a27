import { EventRow, KindState } from '../graph/delta';
import { canonicalJson } from '../graph/fingerprint';
import { KindDefinition } from '../kinds/kindDefinition';
import { kindText } from '../kinds/identity';
import { Json } from '../kinds/observation';
import { Verdict } from '../kinds/status';
import { edgeSubject, NamedEdge, NamedNode, NamedRows } from './namedRows';
import { Difference, FieldDifference } from './verification';

/** Events about one object that the graph keeps at most: beyond, which ones depends on the order of arrival. */
const EVENTS_OF_AN_OBJECT = 20;

/** What the fresh reading could not see, so that nothing is proven by its silence. */
export class Sight {
  readonly #states: ReadonlyMap<string, KindState['state']>;
  readonly #isWhole: boolean;
  readonly #inContext: ReadonlySet<string>;
  readonly #expired: Set<string>;

  /**
   * @param states of the fresh reading, by `kindText`
   * @param expired nodes whose stored verdict rests on an Event that the API server does not hold any more
   */
  constructor(
    kinds: readonly KindDefinition[],
    states: ReadonlyMap<string, KindState['state']>,
    expired: Set<string>,
  ) {
    this.#states = states;
    this.#isWhole = [...states.values()].every(isReadable);
    this.#inContext = new Set(
      kinds.filter(kind => kind.judgeInContext).map(({ id }) => kindText(id)),
    );
    this.#expired = expired;
  }

  addExpired(key: string): void {
    this.#expired.add(key);
  }

  /** Whether an object of the kind would be there if it were in the cluster; a part needs the object around it. */
  sees(kind: string): boolean {
    const state = this.#states.get(kind);
    return this.#isWhole || (state !== undefined && isReadable(state));
  }

  /** Verdicts by neighbours cannot be compared while some neighbours cannot. */
  judges({ key, kind }: NamedNode): boolean {
    const isWhole = this.#isWhole && this.#expired.size === 0;
    return !this.#expired.has(key) && (isWhole || !this.#inContext.has(kind));
  }
}

/** A kind that the cluster does not serve has no objects: that is known. */
export function isReadable(state: KindState['state']): boolean {
  return state !== 'forbidden' && state !== 'failing';
}

/** What both databases say differently about the nodes that both were asked for. */
export function compareRows(
  stored: NamedRows,
  fresh: NamedRows,
  sight: Sight,
): Difference[] {
  for (const [key, events] of stored.events) {
    if (hasExpired(events, fresh.events.get(key) ?? [])) {
      const verdict = stored.nodes.get(key)?.verdict;
      if (verdict?.evidence.some(({ source }) => source === 'event')) {
        sight.addExpired(key);
      }
    }
  }
  return [
    ...compareNodes(stored, fresh, sight),
    ...compareEdges(stored, fresh, sight),
    ...compareEvents(stored, fresh),
  ];
}

function* compareNodes(
  stored: NamedRows,
  fresh: NamedRows,
  sight: Sight,
): Iterable<Difference> {
  for (const [key, node] of fresh.nodes) {
    const other = stored.nodes.get(key);
    if (!other) {
      yield nodeDifference(key, 'absent', [
        { field: 'level', fresh: node.level },
      ]);
    } else {
      const fields = [...nodeFields(other, node, sight)];
      if (fields.length > 0) {
        yield nodeDifference(key, 'different', fields);
      }
    }
  }
  for (const [key, node] of stored.nodes) {
    if (!fresh.nodes.has(key) && sight.sees(node.kind)) {
      yield nodeDifference(key, 'surplus', [
        { field: 'level', stored: node.level },
      ]);
    }
  }
}

function nodeDifference(
  subject: string,
  problem: Difference['problem'],
  fields: FieldDifference[],
): Difference {
  return { what: 'node', subject, about: subject, problem, fields };
}

function* nodeFields(
  stored: NamedNode,
  fresh: NamedNode,
  sight: Sight,
): Iterable<FieldDifference> {
  // An object of such a kind was seen before; the fresh reading knows at most its name.
  if (!sight.sees(fresh.kind)) {
    return;
  }
  let isSame = true;
  for (const field of [
    'kind',
    'namespace',
    'name',
    'uid',
    'createdAt',
    'labels',
  ] as const) {
    if (canonicalJson(stored[field]) !== canonicalJson(fresh[field])) {
      isSame = false;
      yield { field, stored: stored[field], fresh: fresh[field] };
    }
  }
  for (const difference of propertyFields(stored, fresh)) {
    isSame = false;
    yield difference;
  }
  if (canonicalJson(stored.verdict) !== canonicalJson(fresh.verdict)) {
    isSame = false;
    if (sight.judges(stored) && !isLater(stored.verdict, fresh.verdict)) {
      yield {
        field: 'verdict',
        stored: stored.verdict as unknown as Json,
        fresh: fresh.verdict as unknown as Json,
      };
    }
  }
  if (stored.level !== stored.verdict.level) {
    yield { field: 'level', stored: stored.level, fresh: stored.verdict.level };
  }
  if (isSame && stored.hash !== fresh.hash) {
    yield { field: 'hash', stored: stored.hash, fresh: fresh.hash };
  }
}

function* propertyFields(
  stored: NamedNode,
  fresh: NamedNode,
): Iterable<FieldDifference> {
  const one = stored.properties as { [name: string]: Json };
  const other = fresh.properties as { [name: string]: Json };
  for (const name of new Set([...Object.keys(one), ...Object.keys(other)])) {
    if (canonicalJson(one[name]) !== canonicalJson(other[name])) {
      yield {
        field: `properties.${name}`,
        stored: one[name],
        fresh: other[name],
      };
    }
  }
}

/** Time alone changes a verdict into its sequel, and the clocks of two readings are not one. */
function isLater(one: Verdict, other: Verdict): boolean {
  return isSequel(one, other) || isSequel(other, one);
}

function isSequel(verdict: Verdict, of: Verdict): boolean {
  const text = canonicalJson(verdict);
  for (let next = of.sequel; next; next = next.verdict.sequel) {
    if (canonicalJson(next.verdict) === text) {
      return true;
    }
  }
  return false;
}

function* compareEdges(
  stored: NamedRows,
  fresh: NamedRows,
  sight: Sight,
): Iterable<Difference> {
  for (const [subject, edge] of fresh.edges) {
    const other = stored.edges.get(subject);
    if (!other) {
      yield edgeDifference(edge, 'absent', []);
    } else {
      const fields = [...edgeFields(other, edge)];
      if (fields.length > 0) {
        yield edgeDifference(edge, 'different', fields);
      }
    }
  }
  for (const [subject, edge] of stored.edges) {
    if (
      !fresh.edges.has(subject) &&
      sees(edge.source, fresh, stored, sight) &&
      sees(edge.target, fresh, stored, sight)
    ) {
      yield edgeDifference(edge, 'surplus', []);
    }
  }
}

function edgeDifference(
  edge: NamedEdge,
  problem: Difference['problem'],
  fields: FieldDifference[],
): Difference {
  const subject = edgeSubject(edge);
  return { what: 'edge', subject, about: edge.source, problem, fields };
}

/** The other end of an edge may be on another page: its kind stands in its key. */
function sees(
  key: string,
  fresh: NamedRows,
  stored: NamedRows,
  sight: Sight,
): boolean {
  const node = fresh.nodes.get(key) ?? stored.nodes.get(key);
  return sight.sees(node?.kind ?? key.split('/')[1] ?? '');
}

function* edgeFields(
  stored: NamedEdge,
  fresh: NamedEdge,
): Iterable<FieldDifference> {
  if (stored.required !== fresh.required) {
    const field = 'required';
    yield { field, stored: stored.required, fresh: fresh.required };
  }
  if (canonicalJson(stored.details) !== canonicalJson(fresh.details)) {
    const field = 'details';
    yield { field, stored: stored.details, fresh: fresh.details };
  }
}

/** Events expire in the cluster and may outlive that in the database; what the cluster holds has to be there. */
function* compareEvents(
  stored: NamedRows,
  fresh: NamedRows,
): Iterable<Difference> {
  for (const [about, events] of fresh.events) {
    const others = stored.events.get(about) ?? [];
    if (others.length < EVENTS_OF_AN_OBJECT) {
      for (const event of events) {
        const other = others.find(each => isSameEvent(each, event));
        if (!other) {
          yield eventDifference(event, 'absent', []);
        } else if (canonicalJson(other) !== canonicalJson(event)) {
          yield eventDifference(event, 'different', [
            { field: 'count', stored: other.count, fresh: event.count },
            { field: 'lastAt', stored: other.lastAt, fresh: event.lastAt },
          ]);
        }
      }
    }
  }
}

function eventDifference(
  { about, reason, source }: EventRow,
  problem: Difference['problem'],
  fields: FieldDifference[],
): Difference {
  const subject = `${about} ${reason} ${source}`;
  return { what: 'event', subject, about, problem, fields };
}

function hasExpired(
  stored: readonly EventRow[],
  fresh: readonly EventRow[],
): boolean {
  return stored.some(event => !fresh.some(each => isSameEvent(each, event)));
}

function isSameEvent(one: EventRow, other: EventRow): boolean {
  return one.reason === other.reason && one.source === other.source;
}
