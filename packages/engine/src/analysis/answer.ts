import { CausalGraphNode, isKind } from './causalGraph';
import { Cause } from './cause';
import { Quote, called } from './finding';
import { CausalHop, CausalNode, RootCause } from './rootCause';

/** More of Kubernetes' words do not make a summary clearer. */
const MOST_QUOTES = 3;

/** A cause as it is answered, told of one victim or of several. */
export function rootCauseOf(
  cause: Cause,
  victims: readonly CausalGraphNode[],
): RootCause {
  return {
    root: causalNode(cause.root.node),
    fault: cause.root.fault,
    confidence: cause.confidence,
    since: sinceOf(cause),
    summary: summaryOf(cause, victims),
    nextStep: cause.root.nextStep,
    path: cause.hops.map(
      ({ node, edge, says, evidence }): CausalHop => ({
        node: causalNode(node),
        ...(edge && {
          edge: {
            source: edge.source,
            relation: edge.relation.name,
            target: edge.target,
          },
        }),
        // Kubernetes ends its own sentences, or does not.
        says: says.replace(/\.{2,}$/, '.'),
        evidence,
      }),
    ),
  };
}

/** Nobody says since when an absent object is absent: then since its first victim suffers. */
function sinceOf({ root, hops }: Cause): number | undefined {
  return (
    root.since ?? hops.find(hop => hop.node.verdict.since)?.node.verdict.since
  );
}

/** `Pod p is down because Secret s does not exist in namespace n. The kubelet says: "…".` */
function summaryOf(
  { root, quotes }: Cause,
  victims: readonly CausalGraphNode[],
): string {
  const others = worthTelling(
    victims.filter(({ key }) => key !== root.node.key),
  );
  const head =
    others.length === 0
      ? `${called(root.node)} ${root.predicate}.`
      : `${suffering(others)} because ${called(root.node)} ${root.predicate}.`;
  return [head, ...wordsOf(quotes)].join(' ');
}

/** Parts and in-between objects tell a reader nothing that their pods and workloads do not. */
function worthTelling(victims: CausalGraphNode[]): CausalGraphNode[] {
  const told = victims.filter(
    node => !isKind(node, 'Container', 'ReplicaSet', 'EndpointSlice'),
  );
  return told.length > 0 ? told : victims;
}

function suffering(victims: readonly CausalGraphNode[]): string {
  const [first, second] = victims;
  if (victims.length === 1) {
    return `${called(first)} ${stateOf(first)}`;
  }
  const others = victims.length - 2;
  return others > 0
    ? `${called(first)}, ${called(second)} and ${others} more are not well`
    : `${called(first)} and ${called(second)} are not well`;
}

/** Nearest to the victim first: that is what its user sees. */
function wordsOf(quotes: readonly Quote[]): string[] {
  const distinct = new Map(quotes.map(quote => [quote.text, quote]));
  return [...distinct.values()]
    .reverse()
    .slice(0, MOST_QUOTES)
    .map(
      ({ who, text }) =>
        `${who.charAt(0).toUpperCase()}${who.slice(1)} says: "${text}"${
          text.endsWith('.') ? '' : '.'
        }`,
    );
}

/** What to say when no family explains it. */
export function unexplainedText(
  node: CausalGraphNode,
  because: readonly string[],
): string {
  if (because.length > 0) {
    const others = because.length - 1;
    return others > 0 ? `${because[0]} (${others} more below it)` : because[0];
  }
  const { message, reason } = node.verdict;
  return `${called(node)} ${stateOf(node)} (${
    message ?? reason
  }), and nothing that Kubernetes shows explains it.`;
}

function stateOf(node: CausalGraphNode): string {
  switch (node.verdict.level) {
    case 'unknown':
      return 'is in an unknown state';
    case 'maintenance':
      return 'is under maintenance';
    default:
      return `is ${node.verdict.level}`;
  }
}

export function causalNode(node: CausalGraphNode): CausalNode {
  const { key, kind, namespace, name, verdict } = node;
  return { key, kind: kind.kind, namespace, name, verdict };
}
