import { NodeKey, kindText } from '../kinds/identity';
import { PROBLEM_LEVELS, StatusLevel } from '../kinds/status';
import { causalNode, rootCauseOf, unexplainedText } from './answer';
import { CausalGraph, CausalGraphNode, isWell } from './causalGraph';
import {
  Cause,
  causeId,
  compareCauses,
  extendCause,
  rankCauses,
  startCause,
} from './cause';
import { isClusterDns } from './clusterDns';
import { explainersOf } from './explainers';
import { Finding } from './finding';
import { isNamedBy } from './naming';
import { Explanation, RootCause } from './rootCause';
import { isSuspect } from './suspect';
import { withSource } from './syncedFrom';

/** Levels at which an object has something to explain; the last two only where a cause is found. */
const EXPLAINED_LEVELS: ReadonlySet<StatusLevel> = new Set<StatusLevel>([
  ...PROBLEM_LEVELS,
  'unknown',
  'terminating',
]);

export interface Explained {
  /** Best first. */
  causes: Cause[];
  /** What stays unexplained, in words. */
  because: string[];
  /** That is so of what these suffer from. */
  silent?: NodeKey[];
  /** Nothing is wrong after all. */
  harmless?: boolean;
}

interface Victim {
  node: CausalGraphNode;
  /** Absent for objects that are well. */
  explained?: Explained;
}

/** What was found out about some objects. */
export class Analysis {
  readonly #victims: ReadonlyMap<NodeKey, Victim>;

  constructor(victims: ReadonlyMap<NodeKey, Victim>) {
    this.#victims = victims;
  }

  /** What was found out about an object that has something to explain. */
  explained(
    key: NodeKey,
  ): { node: CausalGraphNode; explained: Explained } | undefined {
    const { node, explained } = this.#victims.get(key) ?? {};
    return node && explained && { node, explained };
  }

  /** `undefined` when the object is not in the graph. */
  explanationOf(key: NodeKey): Explanation | undefined {
    const found = this.#victims.get(key);
    if (!found) {
      return undefined;
    }
    const { node, explained } = found;
    const victim = causalNode(node);
    if (explained && explained.causes.length > 0) {
      return {
        answer: 'cause',
        victim,
        causes: explained.causes.map(cause => rootCauseOf(cause, [node])),
      };
    }
    return explained && staysUnexplained(node, explained)
      ? {
          answer: 'unexplained',
          victim,
          because: unexplainedText(node, explained.because),
        }
      : { answer: 'healthy', victim };
  }

  /** Victims that share a root are told of as one, under the longest cascade that leads to one of them. */
  static causesOf(analyses: readonly Analysis[]): {
    causes: (RootCause & { affected: NodeKey[] })[];
    unexplained: NodeKey[];
  } {
    const groups = new Map<
      string,
      { cause: Cause; victims: CausalGraphNode[] }
    >();
    const unexplained: NodeKey[] = [];
    const victims = analyses.flatMap(analysis => [...analysis.#victims]);
    for (const [key, { node, explained }] of victims) {
      if (!explained) {
        continue;
      }
      if (staysUnexplained(node, explained)) {
        unexplained.push(key);
      }
      // That something is absent is no harm by itself: only those who need it and are down make it a cause.
      if (node.verdict.level === 'missing') {
        continue;
      }
      for (const cause of explained.causes) {
        const id = causeId(cause);
        const group = groups.get(id);
        groups.set(id, {
          cause: group ? longer(group.cause, cause) : cause,
          victims: [...(group?.victims ?? []), node],
        });
      }
    }
    const causes = [...groups.values()]
      .map(({ cause, victims: affected }) => ({
        cause: { ...cause, support: affected.length },
        affected,
      }))
      .sort((a, b) => compareCauses(a.cause, b.cause))
      .map(({ cause, affected }) => ({
        ...rootCauseOf(cause, affected),
        affected: affected.map(({ key }) => key),
      }));
    return { causes, unexplained };
  }
}

/** A pod that ends within its grace needs no cause; one was only looked for in case that its node is lost. */
export function staysUnexplained(node: CausalGraphNode, explained: Explained) {
  return (
    explained.causes.length === 0 &&
    !explained.harmless &&
    node.verdict.level !== 'terminating' &&
    // A suspect on its way to what it is to be: without a cause nothing is wrong with it.
    node.verdict.level !== 'progressing' &&
    !isWell(node)
  );
}

function longer(a: Cause, b: Cause): Cause {
  return b.hops.length > a.hops.length ? b : a;
}

function hasSomethingToExplain(node: CausalGraphNode): boolean {
  const { verdict } = node;
  return (
    (EXPLAINED_LEVELS.has(verdict.level) &&
      // Absent, and nobody needs it (R019: `optional: true`).
      verdict.reason !== 'OptionalNotFound') ||
    verdict.stale !== undefined ||
    isSuspectNode(node)
  );
}

function isSuspectNode({ kind, verdict }: CausalGraphNode): boolean {
  return isSuspect({ kind: kindText(kind), ...verdict });
}

/** What holds wherever one enters, shared by all that is explained from one graph. */
interface Known {
  readonly explained: Map<NodeKey, Explained>;
  readonly findings: Map<NodeKey, Finding[]>;
}

/** Follows findings from node to node, each node once. */
class Explanations {
  readonly #graph: CausalGraph;
  readonly #known: Known;
  readonly #done = new Map<NodeKey, { explained: Explained; low: number }>();
  /** What is being explained, and how deep each stands. */
  readonly #open = new Map<NodeKey, number>();
  /** How far up a way that was cut led, seen from what is explained now. */
  #low = Infinity;

  constructor(graph: CausalGraph, known: Known) {
    this.#graph = graph;
    this.#known = known;
  }

  of(key: NodeKey): Explained {
    const known = this.#known.explained.get(key);
    if (known) {
      return known;
    }
    const done = this.#done.get(key);
    if (done) {
      this.#low = Math.min(this.#low, done.low);
      return done.explained;
    }
    const node = this.#graph.node(key);
    const depth = this.#open.get(key);
    // What is being explained further up cannot be what explains it: claim and volume refer to each other.
    if (!node || depth !== undefined) {
      this.#low = Math.min(this.#low, depth ?? Infinity);
      return { causes: [], because: [] };
    }
    const above = this.#low;
    const own = this.#open.size;
    this.#low = Infinity;
    this.#open.set(key, own);
    const explained = this.#follow(node);
    this.#open.delete(key);
    const low = this.#low;
    this.#low = Math.min(above, low);
    // What a cycle leaves unsaid depends on where one enters it: not to be told to those who enter elsewhere.
    if (low >= own) {
      this.#known.explained.set(key, explained);
    } else {
      this.#done.set(key, { explained, low });
    }
    return explained;
  }

  #findingsOf(node: CausalGraphNode): Finding[] {
    const known = this.#known.findings.get(node.key);
    if (known) {
      return known;
    }
    const found = findingsOf(node, this.#graph);
    this.#known.findings.set(node.key, found);
    return found;
  }

  #follow(node: CausalGraphNode): Explained {
    const causes: Cause[] = [];
    const because: string[] = [];
    const silent: NodeKey[] = [];
    for (const finding of this.#findingsOf(node)) {
      if (finding.type === 'harmless') {
        return { causes: [], because: [], harmless: true };
      }
      if (finding.type === 'silent') {
        because.push(finding.because);
        continue;
      }
      if (this.#isMereGuess(finding, node)) {
        continue;
      }
      if (finding.type === 'root') {
        const root = withSource(finding.root, this.#graph);
        causes.push(startCause({ ...finding, root }, node));
        continue;
      }
      const below = this.of(finding.on);
      for (const cause of below.causes) {
        causes.push(extendCause(cause, finding, node));
      }
      if (below.causes.length === 0) {
        because.push(...below.because);
        silent.push(finding.on);
      }
    }
    return {
      causes: rankCauses(causes),
      because: [...new Set(because)],
      silent,
    };
  }

  /** An edge that was guessed proves nothing unless the node's own words name what is at its end (4.13). */
  #isMereGuess(finding: Finding, node: CausalGraphNode): boolean {
    if (finding.type !== 'root' && finding.type !== 'dependency') {
      return false;
    }
    if (finding.type === 'dependency' && finding.weighed) {
      return false;
    }
    const isRoot = finding.type === 'root';
    const edge = isRoot ? finding.rootEdge : finding.edge;
    if (!edge?.relation.inferred) {
      return false;
    }
    const other = isRoot ? finding.root.node : this.#graph.node(finding.on);
    return !other || !isNamedBy(node, other);
  }
}

function findingsOf(node: CausalGraphNode, graph: CausalGraph): Finding[] {
  for (const explainer of explainersOf(node)) {
    const findings = explainer(node, graph);
    if (findings) {
      return findings;
    }
  }
  return [];
}

/** What may be meant so is no fault of what is well by itself; but everybody needs the cluster's name look-ups. */
function ofSuspect(node: CausalGraphNode, explained: Explained): Explained {
  return isSuspectNode(node) && !isClusterDns(node)
    ? {
        ...explained,
        causes: explained.causes.filter(({ root }) => !root.onlyIfNeeded),
      }
    : explained;
}

/**
 * Explains why objects are down, from a graph that holds their neighbourhood. Every step from a node to the next must
 * explain the node's own symptom (`rca-scenarios.md` section 5): that two objects are broken and joined by an edge is
 * never enough.
 *
 * @param options.starting also of those that are within their grace
 */
export function explainNodes(
  graph: CausalGraph,
  keys: readonly NodeKey[],
  options: { starting?: boolean } = {},
): Analysis {
  const victims = new Map<NodeKey, Victim>();
  const known: Known = { explained: new Map(), findings: new Map() };
  for (const key of keys) {
    const node = graph.node(key);
    if (node) {
      victims.set(
        key,
        hasSomethingToExplain(node) ||
          (options.starting && node.verdict.level === 'progressing')
          ? {
              node,
              explained: ofSuspect(
                node,
                new Explanations(graph, known).of(key),
              ),
            }
          : { node },
      );
    }
  }
  return new Analysis(victims);
}
