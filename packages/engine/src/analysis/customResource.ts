import { PROBLEM_LEVELS } from '../kinds/status';
import { CausalGraph, CausalGraphNode, Dependency } from './causalGraph';
import { Explainer, Finding, called, namespaceFlag } from './finding';
import { brokenMakers, isUnread } from './makers';
import { missingRoot } from './missingReference';
import { isNamedBy } from './naming';
import { rollUp } from './workload';

/** Controllers look at each other's objects in turn: what follows a fault may be written so much before it. */
const TIME_TO_NOTICE = 2 * 60_000;

/**
 * An absent object that another one makes, which says why it does not: the ExternalSecret of a Secret, the Certificate
 * (R173–R175). It is where the cause starts, or leads on to it.
 */
export const producer: Explainer = (node, graph) => {
  const isAbsent = node.verdict.level === 'missing';
  if (!isAbsent && !isUnread(node)) {
    return undefined;
  }
  const broken = brokenMakers(node, graph);
  return broken.length === 0
    ? undefined
    : broken.map(({ node: maker, edge }) => ({
        type: 'dependency',
        on: maker.key,
        edge,
        confidence: 'likely',
        says: isAbsent
          ? `${called(node)} does not exist: ${called(maker)} makes it.`
          : `${called(node)} is made by ${called(maker)}.`,
        evidence: node.verdict.evidence,
      }));
};

/**
 * An object of a kind that rules describe, or nobody. What its own message names explains it; what is missing or broken
 * and needed explains it when the time agrees. A guessed reference never does so alone: only where the message names its
 * object, and then as likely. Else the object is where it starts, in its controller's words.
 */
export const customResource: Explainer = (node, graph) => {
  if (!isBroken(node)) {
    return undefined;
  }
  const dependencies = graph
    .dependencies(node.key)
    .filter(({ edge }) => edge.relation.class !== 'ownership');
  const unread = dependencies.find(
    ({ node: other }) =>
      isUnread(other) &&
      isNamedBy(node, other) &&
      /not found|does not exist/i.test(node.verdict.message ?? ''),
  );
  if (unread) {
    return [absentByWord(node, unread, graph)];
  }
  const needed = dependencies.filter(({ node: other }) =>
    PROBLEM_LEVELS.has(other.verdict.level),
  );
  const named = needed.filter(({ node: other }) => isNamedBy(node, other));
  const found =
    named.length > 0 ? named : needed.filter(each => mayExplain(node, each));
  if (found.length > 0) {
    return found.map(
      ({ node: other, edge }): Finding => ({
        type: 'dependency',
        on: other.key,
        edge,
        confidence:
          named.length > 0 && !edge.relation.inferred ? 'proven' : 'likely',
        says: saying(node),
        evidence: node.verdict.evidence,
      }),
    );
  }
  return rollUp(node, graph) ?? [itself(node)];
};

/** Its kind was not read; that its controller does not find it is proof enough. */
function absentByWord(
  node: CausalGraphNode,
  { node: absent, edge }: Dependency,
  graph: CausalGraph,
): Finding {
  const { message = '', evidence } = node.verdict;
  return {
    type: 'root',
    confidence: edge.relation.inferred ? 'likely' : 'proven',
    says: saying(node),
    evidence,
    quote: { who: 'its controller', text: message },
    rootEdge: edge,
    root: missingRoot(absent, graph, [
      {
        source: 'field',
        field: evidence[0]?.field ?? 'status',
        value: message,
      },
    ]),
  };
}

function isBroken({ verdict }: CausalGraphNode): boolean {
  return verdict.level === 'down' || verdict.level === 'degraded';
}

function mayExplain(
  node: CausalGraphNode,
  { node: other, edge }: Dependency,
): boolean {
  const { relation, required } = edge;
  if (!required || relation.inferred || relation.strength === 'soft') {
    return false;
  }
  const { since = -Infinity } = other.verdict;
  return since <= (node.verdict.since ?? Infinity) + TIME_TO_NOTICE;
}

function saying(node: CausalGraphNode): string {
  return `${called(node)}: ${node.verdict.message ?? node.verdict.reason}.`;
}

export function itself(node: CausalGraphNode): Finding {
  const { reason, message, evidence, since } = node.verdict;
  const kind = node.kind.kind.toLowerCase();
  const command = `kubectl describe ${
    node.kind.group === '' ? kind : `${kind}.${node.kind.group}`
  } ${node.name}${namespaceFlag(node)}`;
  return {
    type: 'root',
    confidence: 'likely',
    says: saying(node),
    evidence,
    root: {
      node,
      fault: reason,
      predicate: `reports ${reason}`,
      nextStep: `Read what its controller says of it: ${command}`,
      evidence,
      quote: message ? { who: 'its controller', text: message } : undefined,
      since,
    },
  };
}

/** Kubernetes' own kinds have explainers of their own, or none on purpose. */
export function isCustomResource(node: CausalGraphNode): boolean {
  const { group } = node.kind;
  return group.includes('.') && !group.endsWith('.k8s.io');
}
