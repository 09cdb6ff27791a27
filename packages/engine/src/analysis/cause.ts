import { Evidence } from '../kinds/status';
import { CausalGraphEdge, CausalGraphNode } from './causalGraph';
import { DependencyFinding, Quote, Root, RootFinding, called } from './finding';
import { RootCause } from './rootCause';

/** A cause on its way from the root down to the victim. */
export interface Cause {
  root: Root;
  confidence: RootCause['confidence'];
  /** Root first, the node that was explained last. */
  hops: Hop[];
  /** Nearest to the root first. */
  quotes: Quote[];
  /** How many objects below the explained node it explains. */
  support: number;
}

export interface Hop {
  node: CausalGraphNode;
  says: string;
  evidence: Evidence[];
  /** The edge to the next hop; absent where none is stored: a webhook's Service and the ReplicaSet it stops. */
  edge?: CausalGraphEdge;
}

/** The cause that a finding starts at the explained node, or at the workload that carries its template. */
export function startCause(finding: RootFinding, node: CausalGraphNode): Cause {
  const { root, above = [], rootEdge, confidence } = finding;
  const quotes = [root.quote, finding.quote].filter(
    (quote): quote is Quote => quote !== undefined,
  );
  const own = root.node.key === node.key;
  const hops: Hop[] = own
    ? [
        {
          node,
          says: finding.says,
          evidence: distinct([...root.evidence, ...finding.evidence]),
        },
      ]
    : [
        {
          node: root.node,
          says: `${called(root.node)} ${root.predicate}.`,
          evidence: distinct(root.evidence),
          edge: rootEdge,
        },
        ...above,
        { node, says: finding.says, evidence: distinct(finding.evidence) },
      ];
  return { root, confidence, hops, quotes, support: 1 };
}

/** The cause as it reaches the next node, which suffers from the last one. */
export function extendCause(
  cause: Cause,
  finding: DependencyFinding,
  node: CausalGraphNode,
): Cause {
  // The workload that carries a bad template is also what its pods roll up to: the way ends where it passes it.
  const passed = cause.hops.findIndex(hop => hop.node.key === node.key);
  if (passed >= 0) {
    const evidence = [
      ...cause.hops.slice(passed).flatMap(hop => hop.evidence),
      ...finding.evidence,
    ];
    return {
      ...cause,
      hops: [
        ...cause.hops.slice(0, passed),
        {
          ...cause.hops[passed],
          evidence: distinct(evidence),
          edge: undefined,
        },
      ],
    };
  }
  const last = cause.hops.length - 1;
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

/** What makes two causes the same one. */
export function causeId({ root }: Cause): string {
  return `${root.node.key} ${root.fault}`;
}

/** One entry per root and fault, best first: proven, explains most, oldest, nearest. */
export function rankCauses(causes: readonly Cause[]): Cause[] {
  const byRoot = new Map<string, Cause>();
  for (const cause of causes) {
    const id = causeId(cause);
    const known = byRoot.get(id);
    byRoot.set(
      id,
      known
        ? {
            ...(compareCauses(cause, known) < 0 ? cause : known),
            support: known.support + cause.support,
          }
        : cause,
    );
  }
  return [...byRoot.values()].sort(compareCauses);
}

export function compareCauses(a: Cause, b: Cause): number {
  return (
    Number(b.confidence === 'proven') - Number(a.confidence === 'proven') ||
    b.support - a.support ||
    (a.root.since ?? Infinity) - (b.root.since ?? Infinity) ||
    a.hops.length - b.hops.length ||
    a.root.node.key.localeCompare(b.root.node.key)
  );
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
