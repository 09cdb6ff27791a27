import { POD } from '../kinds/kindIds';
import { Evidence } from '../kinds/status';
import { CausalGraph, CausalGraphNode, isKind, isWell } from './causalGraph';
import { Explainer, Finding, called, namespaceFlag } from './finding';
import { callingSymptom } from './callingPod';
import { calledServices } from './calledService';

/** `internalTrafficPolicy: Local`: who calls from a node without an endpoint gets no answer (S091). */
export function servingLocally(
  service: CausalGraphNode,
  graph: CausalGraph,
): Finding | undefined {
  const nodes = servedNodes(service, graph);
  const callers = graph
    .dependents(service.key)
    .filter(({ edge }) => edge.relation.name === 'pod-service-called')
    .map(({ node }) => node)
    .filter(pod => nodes && isOutside(pod, nodes));
  if (!nodes || callers.length === 0) {
    return undefined;
  }
  const evidence: Evidence[] = [
    { source: 'field', field: 'spec.internalTrafficPolicy', value: 'Local' },
    {
      source: 'structure',
      field: 'nodes with a ready endpoint',
      value: [...nodes].join(', ') || 'none',
    },
    ...callers.slice(0, 5).map(
      ({ name, properties }): Evidence => ({
        source: 'structure',
        field: `Pod ${name} spec.nodeName`,
        value: String(properties.Node),
      }),
    ),
  ];
  const [first] = callers;
  return {
    type: 'root',
    confidence: 'likely',
    says: `${called(service)} answers only callers on the nodes of its pods.`,
    evidence,
    root: {
      node: service,
      fault: 'NoLocalEndpoint',
      predicate: `answers only on ${[...nodes].join(
        ', ',
      )}, as its internalTrafficPolicy is Local, and ${called(
        first,
      )} calls it from node ${first.properties.Node}`,
      nextStep: `Let any node's endpoint answer: kubectl patch service ${
        service.name
      }${namespaceFlag(
        service,
      )} -p '{"spec":{"internalTrafficPolicy":"Cluster"}}', or run a pod of it on each node that calls`,
      evidence,
      since: service.verdict.since,
    },
  };
}

/** The nodes of the ready pods that the selector matches; `undefined` while they are not known, or not all. */
function servedNodes(
  service: CausalGraphNode,
  graph: CausalGraph,
): Set<string> | undefined {
  const { cluster, namespace, properties } = service;
  const selector = Object.entries(
    (properties.Selector ?? {}) as Record<string, string>,
  );
  const pods = graph.inventory({ cluster, kind: POD, namespace });
  if (!pods?.complete || selector.length === 0) {
    return undefined;
  }
  return new Set(
    pods.nodes
      .filter(
        pod =>
          isWell(pod) &&
          selector.every(([key, value]) => pod.labels[key] === value),
      )
      .map(pod => String(pod.properties.Node)),
  );
}

function isOutside({ properties }: CausalGraphNode, nodes: Set<string>) {
  return Boolean(properties.Node) && !nodes.has(String(properties.Node));
}

/** A pod that is not ready on a node from which a Service that it calls does not answer. */
export const outOfLocalReach: Explainer = (pod, graph) => {
  const calling = callingSymptom(pod, graph);
  if (!calling) {
    return undefined;
  }
  const found = calledServices(pod, graph, calling).filter(({ node }) => {
    const nodes =
      node.properties.InternalTrafficPolicy === 'Local' &&
      isKind(node, 'Service')
        ? servedNodes(node, graph)
        : undefined;
    return nodes && isOutside(pod, nodes);
  });
  return found.length === 0
    ? undefined
    : found.map(({ node, edge }) => ({
        type: 'dependency',
        on: node.key,
        edge,
        weighed: true,
        confidence: 'likely',
        says: `${called(pod)} calls ${called(
          node,
        )}, which has no endpoint on its node ${pod.properties.Node}.`,
        evidence: calling.evidence,
      }));
};
