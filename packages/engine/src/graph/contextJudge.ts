import { ContextNode, Neighbours } from '../kinds/kindDefinition';
import { StatusLevel, Verdict, verdictAt } from '../kinds/status';
import { Changes } from './changes';
import { Edge, GraphNode } from './graphNode';

/**
 * How far a verdict about neighbours reaches: Node → Pod → Service → Ingress are three hops. A fixed number of
 * rounds also ends every cycle.
 */
const ROUNDS = 4;

/**
 * Judges nodes with their neighbours in view (`KindDefinition.judgeInContext`).
 *
 * In round k every rule sees its neighbours' levels after round k-1, and in round 1 their own ones. So the outcome is
 * a function of the graph alone: neither the order in which objects arrived nor a cycle of rules can change it. The
 * levels after each round are kept, so that a change costs only the nodes whose view it changes, round by round.
 *
 * Returns the nodes whose final verdict was found anew.
 */
export function judgeInContext(
  changes: Changes,
  now: number,
): ReadonlySet<GraphNode> {
  const always = new Set<GraphNode>();
  for (const node of changes.seenDifferently) {
    if (isJudged(node)) {
      always.add(node);
    } else {
      node.levels = undefined;
      node.verdict = node.own;
    }
    addDependents(node, always);
  }
  for (const edge of changes.relinked) {
    addIfDependent(edge, edge.source, always);
    addIfDependent(edge, edge.target, always);
  }
  const judged = new Set(changes.seenDifferently);
  /** By round, whose level after it is another than before. */
  const changed: GraphNode[][] = Array.from({ length: ROUNDS + 1 }, () => []);
  let candidates = always;
  for (let round = 1; round <= ROUNDS; round++) {
    const found: [GraphNode, Verdict][] = [];
    for (const node of candidates) {
      judged.add(node);
      found.push([node, judge(node, round, now)]);
    }
    // Rounds are synchronous: their levels are set only after all were found.
    for (const [node, verdict] of found) {
      setVerdict(node, verdict, round, changed);
    }
    candidates = new Set();
    for (const node of always) {
      if (seesMoreThanOwn(node)) {
        candidates.add(node);
      }
    }
    for (const node of changed[round]) {
      addDependents(node, candidates);
    }
    if (candidates.size === 0 && changed.every(nodes => nodes.length === 0)) {
      break;
    }
  }
  for (const node of judged) {
    if (node.levels?.every(level => level === node.own.level)) {
      node.levels = undefined;
    }
  }
  return judged;
}

function judge(node: GraphNode, round: number, now: number): Verdict {
  const neighbours: Neighbours = (relation, side) =>
    neighboursOf(node, relation, side, round - 1);
  const verdict = node.kind.definition!.judgeInContext!(
    view(node, 0),
    neighbours,
    now,
  );
  return verdictAt(verdict ?? node.own, now);
}

/** Otherwise every round gives what the first one gave. */
function seesMoreThanOwn(node: GraphNode): boolean {
  const { contextRelations } = node.kind;
  for (const { relation, target } of node.out) {
    if (target.levels !== undefined && contextRelations.has(relation.name)) {
      return true;
    }
  }
  for (const { relation, source } of node.in) {
    if (source.levels !== undefined && contextRelations.has(relation.name)) {
      return true;
    }
  }
  return false;
}

/**
 * The verdict of the first round stands in all others: who sees nothing but own levels sees the same in each. Those who
 * see more are judged again in every round.
 */
function setVerdict(
  node: GraphNode,
  verdict: Verdict,
  round: number,
  changed: readonly GraphNode[][],
): void {
  if (round === 1 || round === ROUNDS) {
    node.verdict = verdict;
  }
  const last = round === 1 ? ROUNDS : round;
  for (let each = round; each <= last; each++) {
    if (levelAfter(node, each) !== verdict.level) {
      setLevel(node, each, verdict.level);
      changed[each].push(node);
    }
  }
}

function isJudged(node: GraphNode): boolean {
  return (
    node.presence === 'observed' &&
    node.kind.definition?.judgeInContext !== undefined
  );
}

function addDependents(node: GraphNode, to: Set<GraphNode>): void {
  for (const edge of node.out) {
    addIfDependent(edge, edge.target, to);
  }
  for (const edge of node.in) {
    addIfDependent(edge, edge.source, to);
  }
}

function addIfDependent(edge: Edge, node: GraphNode, to: Set<GraphNode>): void {
  const { contextRelations } = node.kind;
  if (
    contextRelations.size > 0 &&
    contextRelations.has(edge.relation.name) &&
    isJudged(node)
  ) {
    to.add(node);
  }
}

function levelAfter(node: GraphNode, round: number): StatusLevel {
  return round === 0
    ? node.own.level
    : node.levels?.[round - 1] ?? node.own.level;
}

function setLevel(node: GraphNode, round: number, level: StatusLevel): void {
  node.levels ??= Array<StatusLevel>(ROUNDS).fill(node.own.level);
  node.levels[round - 1] = level;
}

function neighboursOf(
  node: GraphNode,
  relation: string,
  side: 'out' | 'in',
  round: number,
): readonly ContextNode[] {
  const found: ContextNode[] = [];
  for (const edge of node[side]) {
    if (edge.relation.name === relation && edge.live) {
      found.push(view(side === 'out' ? edge.target : edge.source, round));
    }
  }
  return found.length > 1
    ? found.sort((one, other) => (one.key < other.key ? -1 : 1))
    : found;
}

function view(node: GraphNode, round: number): ContextNode {
  return {
    key: node.key,
    kind: node.kind.id,
    level: levelAfter(node, round),
    own: node.own,
    facts: node.facts,
    createdAt: node.createdAt,
  };
}
