import { PROBLEM_LEVELS } from '../kinds/status';
import { CausalGraphNode, Dependency } from './causalGraph';
import { Explainer, Finding, called, namespaceFlag } from './finding';
import { isNamedBy } from './naming';
import { rollUp } from './workload';

/** Controllers look at each other's objects in turn: what follows a fault may be written so much before it. */
const TIME_TO_NOTICE = 2 * 60_000;

/**
 * An absent object that another one makes, which says why it does not: the ExternalSecret of a Secret, the Certificate
 * (R173–R175). It is where the cause starts, or leads on to it.
 */
export const producer: Explainer = (node, graph) => {
  if (node.verdict.level !== 'missing') {
    return undefined;
  }
  const broken = graph
    .dependencies(node.key)
    .filter(
      ({ node: maker, edge }) =>
        edge.relation.class === 'config' &&
        edge.relation.suffers === 'target' &&
        !edge.relation.inferred &&
        isBroken(maker),
    );
  return broken.length === 0
    ? undefined
    : broken.map(({ node: maker, edge }) => ({
        type: 'dependency',
        on: maker.key,
        edge,
        confidence: 'likely',
        says: `${called(node)} does not exist: ${called(maker)} makes it.`,
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
  const needed = graph
    .dependencies(node.key)
    .filter(({ edge }) => edge.relation.class !== 'ownership')
    .filter(({ node: other }) => PROBLEM_LEVELS.has(other.verdict.level));
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

function itself(node: CausalGraphNode): Finding {
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
