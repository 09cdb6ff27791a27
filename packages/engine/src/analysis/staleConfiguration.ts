import { StaleSource } from '../kinds/status';
import { CausalGraph, CausalGraphNode, Dependency } from './causalGraph';
import { Explainer, Finding, called, namespaceFlag } from './finding';

/**
 * A pod that still runs with a former version of a Secret or ConfigMap which it read when it started (S140): proven by
 * the two times. It may well go on like this; what is in trouble besides is the other families' to explain.
 */
export const staleConfiguration: Explainer = (pod, graph) => {
  const findings = (pod.verdict.stale ?? []).flatMap(source => {
    const read = graph
      .dependencies(pod.key)
      .find(({ node }) => node.key === source.key);
    return read ? [staleFinding(pod, source, read, graph)] : [];
  });
  return findings.length > 0 ? findings : undefined;
};

function staleFinding(
  pod: CausalGraphNode,
  { changedAt, startedAt }: StaleSource,
  { node, edge }: Dependency,
  graph: CausalGraph,
): Finding {
  const [changed, started] = [changedAt, startedAt].map(timeText);
  const [controller] = graph.controllers(pod.key);
  const [top = controller] = controller
    ? graph.controllers(controller.node.key)
    : [];
  const restart = top
    ? `kubectl rollout restart ${top.node.kind.kind.toLowerCase()}/${
        top.node.name
      }${namespaceFlag(pod)}`
    : `kubectl delete pod ${pod.name}${namespaceFlag(pod)}`;
  return {
    type: 'root',
    confidence: 'proven',
    says: `${called(pod)} runs since ${started} with what ${called(
      node,
    )} held then.`,
    evidence: [
      {
        source: 'field',
        field: 'status.containerStatuses.state.running.startedAt',
        value: started,
        since: startedAt,
      },
    ],
    rootEdge: edge,
    root: {
      node,
      fault: 'StaleConfiguration',
      predicate: `was changed at ${changed}, after they had read it: it takes effect when they start anew`,
      nextStep: `Restart what reads it, if it is to take effect: ${restart}`,
      evidence: [
        {
          source: 'field',
          field: 'metadata.managedFields.time',
          value: changed,
          since: changedAt,
        },
      ],
      since: changedAt,
    },
  };
}

function timeText(time: number): string {
  return new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');
}
