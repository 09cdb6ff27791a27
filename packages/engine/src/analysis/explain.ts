import { NodeKey } from '../kinds/identity';
import { Evidence, PROBLEM_LEVELS, StatusLevel } from '../kinds/status';
import { CausalGraph, CausalGraphEdge, CausalGraphNode } from './causalGraph';
import { explainersOf } from './explainers';
import {
  DependencyFinding,
  Finding,
  Quote,
  Root,
  RootFinding,
  called,
} from './finding';
import { CausalHop, CausalNode, Explanation, RootCause } from './rootCause';

/** Levels at which an object has something to explain; the last two only where a cause is found. */
const EXPLAINED_LEVELS: ReadonlySet<StatusLevel> = new Set<StatusLevel>([
  ...PROBLEM_LEVELS,
  'unknown',
  'terminating',
]);

/** A cause on its way from the root down to the victim. */
interface Cause {
  root: Root;
  confidence: RootCause['confidence'];
  /** Root first, the node that was explained last. */
  hops: Hop[];
  quotes: Quote[];
  /** How many objects below the explained node it explains. */
  support: number;
}

interface Hop {
  node: CausalGraphNode;
  says: string;
  evidence: Evidence[];
  /** The edge to the next hop. */
  edge?: CausalGraphEdge;
}

interface Explained {
  causes: Cause[];
  /** What stays unexplained, in words. */
  because: string[];
}

/**
 * Explains why an object is down, from a graph that holds its neighbourhood. Every step from a node to the next must
 * explain the node's own symptom (`rca-scenarios.md` section 5): that two objects are broken and joined by an edge is
 * never enough. Returns `undefined` when the graph does not hold the node.
 */
export function explainNode(
  graph: CausalGraph,
  key: NodeKey,
): Explanation | undefined {
  const node = graph.node(key);
  if (!node) {
    return undefined;
  }
  const victim = causalNode(node);
  if (!EXPLAINED_LEVELS.has(node.verdict.level)) {
    return { answer: 'healthy', victim };
  }
  const { causes, because } = new Explanations(graph).of(key);
  if (causes.length > 0) {
    return {
      answer: 'cause',
      victim,
      causes: causes.map(cause => rootCause(cause, node)),
    };
  }
  return node.verdict.level === 'terminating'
    ? { answer: 'healthy', victim }
    : { answer: 'unexplained', victim, because: sentence(because, node) };
}

/** Follows findings from node to node, each node once. */
class Explanations {
  readonly #graph: CausalGraph;
  readonly #done = new Map<NodeKey, Explained>();
  readonly #open = new Set<NodeKey>();

  constructor(graph: CausalGraph) {
    this.#graph = graph;
  }

  of(key: NodeKey): Explained {
    const done = this.#done.get(key);
    if (done) {
      return done;
    }
    const node = this.#graph.node(key);
    // A node that is being explained further up cannot explain itself (claim and volume refer to each other).
    if (!node || this.#open.has(key)) {
      return { causes: [], because: [] };
    }
    this.#open.add(key);
    const explained = this.#follow(node);
    this.#open.delete(key);
    this.#done.set(key, explained);
    return explained;
  }

  #follow(node: CausalGraphNode): Explained {
    const causes: Cause[] = [];
    const because: string[] = [];
    for (const finding of findingsOf(node, this.#graph)) {
      if (finding.type === 'silent') {
        because.push(finding.because);
      } else if (finding.type === 'root') {
        causes.push(startOf(finding, node));
      } else {
        const below = this.of(finding.on);
        causes.push(...below.causes.map(cause => extend(cause, finding, node)));
        if (below.causes.length === 0) {
          because.push(...below.because);
        }
      }
    }
    return { causes: rank(causes), because: [...new Set(because)] };
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

function startOf(finding: RootFinding, node: CausalGraphNode): Cause {
  const { root, above = [], rootEdge } = finding;
  const quotes = [root.quote, finding.quote].filter(isQuote);
  if (root.node.key === node.key) {
    return {
      root,
      confidence: finding.confidence,
      hops: [
        {
          node,
          says: finding.says,
          evidence: distinct([...root.evidence, ...finding.evidence]),
        },
      ],
      quotes,
      support: 1,
    };
  }
  return {
    root,
    confidence: finding.confidence,
    hops: [
      {
        node: root.node,
        says: `${called(root.node)} ${root.predicate}.`,
        evidence: distinct(root.evidence),
        edge: rootEdge,
      },
      ...above,
      { node, says: finding.says, evidence: distinct(finding.evidence) },
    ],
    quotes,
    support: 1,
  };
}

function extend(
  cause: Cause,
  finding: DependencyFinding,
  node: CausalGraphNode,
): Cause {
  const last = cause.hops.length - 1;
  // The workload that carries a bad template is also what its pods roll up to: no loop through itself.
  if (cause.root.node.key === node.key) {
    return {
      ...cause,
      hops: [
        {
          ...cause.hops[0],
          evidence: distinct([
            ...cause.hops[0].evidence,
            ...cause.hops.slice(1).flatMap(hop => hop.evidence),
            ...finding.evidence,
          ]),
          edge: undefined,
        },
      ],
    };
  }
  const passed = cause.hops.findIndex(hop => hop.node.key === node.key);
  if (passed >= 0) {
    return {
      ...cause,
      hops: [
        ...cause.hops.slice(0, passed),
        {
          ...cause.hops[passed],
          evidence: distinct([
            ...cause.hops.slice(passed).flatMap(hop => hop.evidence),
            ...finding.evidence,
          ]),
          edge: undefined,
        },
      ],
    };
  }
  return {
    ...cause,
    confidence:
      finding.confidence === 'proven' ? cause.confidence : finding.confidence,
    hops: [
      ...cause.hops.slice(0, last),
      { ...cause.hops[last], edge: finding.edge },
      { node, says: finding.says, evidence: distinct(finding.evidence) },
    ],
    quotes: finding.quote ? [...cause.quotes, finding.quote] : cause.quotes,
  };
}

/** One entry per root and fault, best first: proven, explains most, oldest, nearest. */
function rank(causes: readonly Cause[]): Cause[] {
  const byRoot = new Map<string, Cause>();
  for (const cause of causes) {
    const id = `${cause.root.node.key} ${cause.root.fault}`;
    const known = byRoot.get(id);
    if (!known) {
      byRoot.set(id, cause);
      continue;
    }
    const better = compare(cause, known) < 0 ? cause : known;
    byRoot.set(id, { ...better, support: known.support + cause.support });
  }
  return [...byRoot.values()].sort(compare);
}

function compare(a: Cause, b: Cause): number {
  return (
    Number(b.confidence === 'proven') - Number(a.confidence === 'proven') ||
    b.support - a.support ||
    (a.root.since ?? Infinity) - (b.root.since ?? Infinity) ||
    a.hops.length - b.hops.length ||
    a.root.node.key.localeCompare(b.root.node.key) ||
    0
  );
}

function rootCause(cause: Cause, victim: CausalGraphNode): RootCause {
  return {
    root: causalNode(cause.root.node),
    fault: cause.root.fault,
    confidence: cause.confidence,
    since: cause.root.since,
    summary: summaryOf(cause.root, cause.quotes, [victim]),
    nextStep: cause.root.nextStep,
    path: cause.hops.map(
      (hop): CausalHop => ({
        node: causalNode(hop.node),
        edge: hop.edge && {
          source: hop.edge.source,
          relation: hop.edge.relation.name,
          target: hop.edge.target,
        },
        says: hop.says,
        evidence: hop.evidence,
      }),
    ),
  };
}

/** `Pod p is down because Secret s does not exist in namespace n. The kubelet says: "…".` */
function summaryOf(
  root: Root,
  quotes: readonly Quote[],
  victims: readonly CausalGraphNode[],
): string {
  const [victim] = victims;
  const head =
    victim.key === root.node.key
      ? `${called(root.node)} ${root.predicate}.`
      : `${called(victim)} ${stateOf(victim)} because ${called(root.node)} ${
          root.predicate
        }.`;
  const words = [...new Map(quotes.map(quote => [quote.text, quote])).values()]
    .reverse()
    .map(({ who, text }) => `${capitalised(who)} says: "${text}"`);
  return [head, ...words].join(' ');
}

export function stateOf(node: CausalGraphNode): string {
  switch (node.verdict.level) {
    case 'missing':
      return 'is missing';
    case 'unknown':
      return 'is in an unknown state';
    case 'terminating':
      return 'is terminating';
    default:
      return `is ${node.verdict.level}`;
  }
}

function sentence(because: readonly string[], node: CausalGraphNode): string {
  if (because.length > 0) {
    return because.slice(0, 2).join(' ');
  }
  const words = node.verdict.message ?? node.verdict.reason;
  return `${called(node)} ${stateOf(
    node,
  )} (${words}), and nothing that Kubernetes shows explains it.`;
}

export function causalNode(node: CausalGraphNode): CausalNode {
  return {
    key: node.key,
    kind: node.kind.kind,
    namespace: node.namespace,
    name: node.name,
    verdict: node.verdict,
  };
}

function distinct(evidence: readonly Evidence[]): Evidence[] {
  const seen = new Map<string, Evidence>();
  for (const item of evidence) {
    const id = `${item.field} ${item.value}`;
    if (!seen.has(id)) {
      seen.set(id, item);
    }
  }
  return [...seen.values()];
}

function isQuote(quote: Quote | undefined): quote is Quote {
  return quote !== undefined;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
