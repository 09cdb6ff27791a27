import { PROBLEM_LEVELS } from '../kinds/status';
import { CausalGraph, CausalGraphNode, Dependency } from './causalGraph';
import { itself } from './customResource';
import { Explainer, Finding, called } from './finding';
import { missingRoot } from './missingReference';

/** An autoscaler that KEDA made and feeds: without its metric it suffers from the ScaledObject (S146). */
export const fedByScaledObject: Explainer = (autoscaler, graph) => {
  if (!PROBLEM_LEVELS.has(autoscaler.verdict.level)) {
    return undefined;
  }
  const fed = graph
    .controllers(autoscaler.key)
    .filter(
      ({ node }) =>
        node.kind.kind === 'ScaledObject' &&
        PROBLEM_LEVELS.has(node.verdict.level),
    );
  return fed.length === 0
    ? undefined
    : fed.map(({ node, edge }) => ({
        type: 'dependency',
        on: node.key,
        edge,
        confidence: 'likely',
        says: `${called(autoscaler)} gets its metrics from ${called(node)}.`,
        evidence: autoscaler.verdict.evidence,
      }));
};

/** What a ScaledObject signs in with needs a Secret that does not exist: the authentication has no status to say so. */
export const scaledObject: Explainer = (scaled, graph) => {
  if (!PROBLEM_LEVELS.has(scaled.verdict.level)) {
    return undefined;
  }
  const findings = graph
    .dependencies(scaled.key)
    .filter(({ node }) => node.kind.kind.endsWith('TriggerAuthentication'))
    .flatMap(authentication =>
      graph
        .dependencies(authentication.node.key)
        .filter(
          ({ node, edge }) => node.verdict.level === 'missing' && edge.required,
        )
        .map(absent => absentFor(scaled, authentication, absent, graph)),
    );
  if (findings.length > 0) {
    return findings;
  }
  // The autoscaler that it feeds suffers from it, and not the other way round.
  const onlyFed = graph
    .dependencies(scaled.key)
    .filter(({ node }) => PROBLEM_LEVELS.has(node.verdict.level))
    .every(({ node }) => node.kind.kind === 'HorizontalPodAutoscaler');
  return onlyFed ? [itself(scaled)] : undefined;
};

function absentFor(
  scaled: CausalGraphNode,
  authentication: Dependency,
  { node, edge }: Dependency,
  graph: CausalGraph,
): Finding {
  const { reason, message, evidence } = scaled.verdict;
  return {
    type: 'root',
    confidence: 'likely',
    says: `${called(scaled)}: ${message ?? reason}.`,
    evidence,
    rootEdge: edge,
    above: [
      {
        node: authentication.node,
        edge: authentication.edge,
        says: `${called(authentication.node)} reads its credentials from it.`,
        evidence: [],
      },
    ],
    root: missingRoot(node, graph, node.verdict.evidence),
  };
}
