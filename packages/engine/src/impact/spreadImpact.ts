import { BitesAt } from '../kinds/relation';
import {
  IMPACT_MOMENTS,
  Impact,
  ImpactEffect,
  ImpactMoment,
  ImpactStrength,
  Impacted,
} from './impact';
import { ImpactEdge, ImpactGraph, alikeId, needsOneOf } from './impactGraph';
import { impactSentence } from './impactSentence';

const MOMENT_OF: Readonly<Record<BitesAt, ImpactMoment>> = {
  run: 'now',
  delete: 'now',
  start: 'nextStart',
  schedule: 'nextStart',
  admission: 'nextStart',
  rollout: 'nextStart',
  scale: 'scaling',
  disrupt: 'drain',
};

/** Moments as numbers in their order. */
type Rank = number;
const NEVER: Rank = IMPACT_MOMENTS.length;

interface Reached {
  /** When it is hit so that it does not work, and when it is hit at all. */
  hard: Rank;
  any: Rank;
  /** When those who need it feel it: never, if it can do without what it misses (`relationships.md`, rule 2). */
  onward: Rank;
  how: Impacted['how'];
  edge: ImpactEdge;
  distance: number;
  inferred: boolean;
  loses?: Impacted['loses'];
}

class Spread {
  readonly #graph: ImpactGraph;
  readonly #outwards = new Map<number, ImpactEdge[]>();
  readonly #inwards = new Map<string, ImpactEdge[]>();
  readonly #reached = new Map<number, Reached>();

  constructor(graph: ImpactGraph) {
    this.#graph = graph;
    for (const edge of graph.edges) {
      push(this.#outwards, edge.from, edge);
      if (edge.how === 'suffers' && needsOneOf(edge.relation)) {
        push(this.#inwards, alikeId(edge.to, edge.relation), edge);
      }
    }
  }

  run(): ReadonlyMap<number, Reached> {
    const open: number[] = [this.#graph.start];
    for (let at = 0; at < open.length; at++) {
      for (const edge of this.#outwards.get(open[at]) ?? []) {
        if (this.#follow(edge)) {
          open.push(edge.to);
        }
      }
    }
    return this.#reached;
  }

  /** Whether the edge brings news. Ranks only ever fall, so that it ends, cycles included. */
  #follow(edge: ImpactEdge): boolean {
    const { start, hubs } = this.#graph;
    const from = this.#hit(edge.from);
    if (edge.to === start || (edge.how === 'goes' && !this.#goes(edge.from))) {
      return false;
    }
    if (from.hard === NEVER && hubs.has(edge.from)) {
      return false;
    }
    const own = edge.how === 'goes' ? 0 : rankOf(edge);
    const isHard =
      edge.how === 'goes' ||
      (edge.required && edge.relation.strength === 'hard');
    const group =
      edge.how === 'suffers' && needsOneOf(edge.relation)
        ? this.#groupOf(edge)
        : undefined;
    const any = Math.max(from.onward, own);
    const hard = isHard ? Math.max(group ? group.hard : from.hard, own) : NEVER;
    return this.#reach(edge, {
      hard: hard >= NEVER ? NEVER : hard,
      any: any >= NEVER ? NEVER : any,
      onward: edge.required || edge.how === 'goes' ? any : NEVER,
      loses: group && group.of > 1 && group.count > 0 ? group : undefined,
    });
  }

  #reach(
    edge: ImpactEdge,
    hit: Pick<Reached, 'hard' | 'any' | 'onward' | 'loses'>,
  ): boolean {
    if (hit.any === NEVER) {
      return false;
    }
    const before = this.#reached.get(edge.to);
    const isSooner =
      !before ||
      hit.hard < before.hard ||
      hit.any < before.any ||
      hit.onward < before.onward;
    const loses = hit.loses && {
      count: hit.loses.count,
      of: hit.loses.of,
    };
    if (!isSooner) {
      if (before && loses && before.edge.relation === edge.relation) {
        before.loses = loses;
      }
      return false;
    }
    // The way that is told is the one that hits hardest.
    const tells =
      !before || hit.hard < before.hard || before.hard === NEVER
        ? {
            edge,
            how: edge.how,
            distance: this.#distance(edge.from) + 1,
            inferred:
              Boolean(edge.relation.inferred) ||
              this.#reached.get(edge.from)?.inferred === true,
            loses,
          }
        : before;
    this.#reached.set(edge.to, {
      ...tells,
      how: before?.how === 'goes' ? 'goes' : edge.how,
      hard: Math.min(hit.hard, before?.hard ?? NEVER),
      any: Math.min(hit.any, before?.any ?? NEVER),
      onward: Math.min(hit.onward, before?.onward ?? NEVER),
    });
    return true;
  }

  /** When all of those are lost from which it needs one, and how many are at any time. */
  #groupOf(edge: ImpactEdge): { hard: Rank; count: number; of: number } {
    const id = alikeId(edge.to, edge.relation);
    const alike = this.#inwards.get(id) ?? [];
    const hits = alike.map(each => this.#hit(each.from).hard);
    const of = Math.max(this.#graph.alike.get(id) ?? 0, alike.length);
    const count = hits.filter(hard => hard !== NEVER).length;
    return { hard: count < of ? NEVER : Math.max(...hits), count, of };
  }

  #hit(id: number): Pick<Reached, 'hard' | 'onward'> {
    return id === this.#graph.start
      ? { hard: 0, onward: 0 }
      : this.#reached.get(id) ?? { hard: NEVER, onward: NEVER };
  }

  #goes(id: number): boolean {
    return id === this.#graph.start || this.#reached.get(id)?.how === 'goes';
  }

  #distance(id: number): number {
    return this.#reached.get(id)?.distance ?? 0;
  }
}

/**
 * Spreads the loss of the graph's start. An object is hit when one that it needs is, not before that one, and hard only
 * if that one is hit hard, the reference is required and the relation is hard; where it needs one of several, only if
 * all of these are. A loss goes moment by moment, so that what is hit now is known before what is hit at the next start.
 */
export function spreadImpact(
  graph: ImpactGraph,
  { limit }: { limit: number },
): Impact {
  const reached = new Spread(graph).run();
  const impacted = [...reached]
    .map(([id, found]) => impactedOf(graph, id, found))
    .sort(compareImpacted);
  const counts = noCounts();
  for (const { effects } of impacted) {
    const { when, strength } = gravest(effects);
    counts[when][strength] += 1;
  }
  return {
    node: graph.nodes.get(graph.start)!,
    impacted: impacted.slice(0, limit),
    counts,
    more: Math.max(0, impacted.length - limit),
    ...(graph.cut !== undefined && { cut: graph.cut }),
  };
}

function rankOf({ relation }: ImpactEdge): Rank {
  const ranks = relation.bitesAt.map(at =>
    IMPACT_MOMENTS.indexOf(MOMENT_OF[at]),
  );
  return Math.min(NEVER, ...ranks);
}

function impactedOf(graph: ImpactGraph, id: number, found: Reached): Impacted {
  const { edge, how, distance, inferred, loses } = found;
  const effects: ImpactEffect[] = [];
  if (found.any < found.hard) {
    effects.push({ when: IMPACT_MOMENTS[found.any], strength: 'soft' });
  }
  if (found.hard < NEVER) {
    effects.push({ when: IMPACT_MOMENTS[found.hard], strength: 'hard' });
  }
  const node = graph.nodes.get(id)!;
  const via = graph.nodes.get(edge.from)!;
  return {
    node,
    how,
    effects,
    via: via.key,
    relation: edge.relation.name,
    ...(loses && { loses }),
    ...(inferred && { inferred }),
    distance,
    says: impactSentence({ node, via, how, effects, loses, inferred }),
  };
}

/** The hard one if there is one: it is what the object is counted by. */
export function gravest(effects: readonly ImpactEffect[]): ImpactEffect {
  return effects[effects.length - 1];
}

function compareImpacted(a: Impacted, b: Impacted): number {
  const [of, other] = [gravest(a.effects), gravest(b.effects)];
  return (
    IMPACT_MOMENTS.indexOf(of.when) - IMPACT_MOMENTS.indexOf(other.when) ||
    Number(of.strength === 'soft') - Number(other.strength === 'soft') ||
    a.distance - b.distance ||
    (a.node.key < b.node.key ? -1 : 1)
  );
}

function noCounts(): Impact['counts'] {
  const none = (): Record<ImpactStrength, number> => ({ hard: 0, soft: 0 });
  return { now: none(), nextStart: none(), scaling: none(), drain: none() };
}

function push<K>(map: Map<K, ImpactEdge[]>, key: K, edge: ImpactEdge): void {
  const known = map.get(key);
  if (known) {
    known.push(edge);
  } else {
    map.set(key, [edge]);
  }
}
