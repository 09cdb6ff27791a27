import { CallingSymptom, callingSymptom } from './callingPod';
import {
  CausalGraph,
  CausalGraphNode,
  Dependency,
  isKind,
  isWell,
} from './causalGraph';
import { Explainer, Finding, called } from './finding';
import { isNamedBy } from './naming';

/** Times are in full seconds, probes fail some periods later, and a Service is told of by its pods. */
const SLACK = 60_000;

/** What an application does without: that it is gone makes nobody unready. */
export const TELEMETRY =
  /jaeger|zipkin|tempo|otel|opentelemetry|collector|telemetry|tracing|metrics|statsd|prometheus|loki|fluent|logstash|sentry|datadog|newrelic|pyroscope|apm/i;

/**
 * A pod that is not ready, waits in an init container or ends with words about a connection, while a Service that its
 * spec names as a host answers nobody (S018, S080, S090). Never more than likely: that it calls it is read from a
 * host name, and what its probe looks at is not in Kubernetes' state. So all must agree: none of its siblings is
 * ready, and the Service was down before the pod was.
 */
export const calledServiceDown: Explainer = (pod, graph) => {
  const calling = callingSymptom(pod, graph);
  if (!calling || hasReadySibling(pod, graph)) {
    return undefined;
  }
  const down = calledServices(pod, graph, calling)
    .filter(({ node }) => leadsToNobody(node, graph))
    .filter(
      ({ node }) => isNamedIn(calling, node) || !TELEMETRY.test(node.name),
    )
    .filter(({ node }) => isBefore(node, calling, graph))
    .filter(
      ({ node }) =>
        node.verdict.level !== 'missing' || isMissed(pod, node, calling),
    );
  const named = down.filter(({ node }) => isNamedIn(calling, node));
  const found = named.length > 0 ? named : down;
  return found.length === 0
    ? undefined
    : found.map(
        ({ node, edge }): Finding => ({
          type: 'dependency',
          on: node.key,
          edge,
          weighed: true,
          confidence: 'likely',
          says: `${called(pod)} ${doing(calling)} ${called(node)}, which ${
            node.verdict.level === 'missing'
              ? 'does not exist'
              : 'answers nobody'
          } (${calling.symptom.reason}).`,
          evidence: calling.evidence,
          quote: calling.words
            ? {
                who: calling.symptom.container
                  ? 'the container'
                  : 'the kubelet',
                text: calling.words,
              }
            : undefined,
        }),
      );
};

function doing({ awaits }: CallingSymptom): string {
  return awaits ? 'waits for' : 'calls';
}

/** The Services whose names stand in the pod's spec as hosts; of an init container that waits, those it waits for. */
export function calledServices(
  pod: CausalGraphNode,
  graph: CausalGraph,
  { awaits }: Pick<CallingSymptom, 'awaits'>,
): Dependency[] {
  const relation = awaits ? 'pod-service-awaited' : 'pod-service-called';
  return graph
    .dependencies(pod.key)
    .filter(
      ({ node, edge }) =>
        isKind(node, 'Service') && edge.relation.name === relation,
    );
}

/**
 * Whether a pod of the same workload is well, of this revision or another: then what all of them call is not at fault.
 */
export function hasReadySibling(
  pod: CausalGraphNode,
  graph: CausalGraph,
): boolean {
  const isWellBelow = ({ node }: Dependency) =>
    (graph.controlled(node.key)?.ok ?? 0) > 0;
  return graph.controllers(pod.key).some(
    controller =>
      isWellBelow(controller) ||
      (isKind(controller.node, 'ReplicaSet') &&
        graph
          .controllers(controller.node.key)
          // Reached, so that its other ReplicaSets are loaded, too.
          .filter(({ node }) => graph.reach(node.key))
          .flatMap(({ node }) => graph.dependencies(node.key))
          .filter(({ node }) => isKind(node, 'ReplicaSet'))
          .some(isWellBelow)),
  );
}

/** On purpose or not: who calls it gets no answer. */
export function answersNobody({ verdict }: CausalGraphNode): boolean {
  return (
    verdict.level === 'down' ||
    verdict.level === 'missing' ||
    (verdict.level === 'idle' &&
      /NoMatchingPods|BackendScaledToZero/.test(verdict.reason))
  );
}

/** The other Service that an external name of the cluster leads to (R068). */
export function behindExternalName(
  service: CausalGraphNode,
  graph: CausalGraph,
): Dependency | undefined {
  return graph
    .dependencies(service.key)
    .find(
      ({ node, edge }) =>
        edge.relation.name === 'service-service' && answersNobody(node),
    );
}

function leadsToNobody(service: CausalGraphNode, graph: CausalGraph): boolean {
  return (
    answersNobody(service) || behindExternalName(service, graph) !== undefined
  );
}

function isNamedIn({ symptom }: CallingSymptom, node: CausalGraphNode) {
  const { message, evidence } = symptom;
  const holder = {
    ...node,
    verdict: { ...node.verdict, message, evidence },
  };
  return isNamedBy(holder, node);
}

/** The earliest time at which somebody behind the Service was not well; a crash loop does not tell when it began. */
export function isBefore(
  service: CausalGraphNode,
  { since }: Pick<CallingSymptom, 'since'>,
  graph: CausalGraph,
): boolean {
  if (since === undefined) {
    return true;
  }
  const behind = graph
    .dependencies(service.key)
    .map(({ node }) => node)
    .filter(node => isKind(node, 'Pod') && !isWell(node));
  if (
    behind.some(({ verdict }) => /CrashLoop|OOMKilled/.test(verdict.reason))
  ) {
    return true;
  }
  const began = [service, ...behind].flatMap(
    ({ verdict }) => verdict.since ?? [],
  );
  return began.length === 0 || Math.min(...began) <= since + SLACK;
}

/**
 * An absent Service may be one that the application can do without: it has to be the one that an init container waits
 * for, or that the container names.
 */
function isMissed(
  pod: CausalGraphNode,
  service: CausalGraphNode,
  calling: CallingSymptom,
): boolean {
  return (
    calling.awaits ||
    isNamedIn(calling, service) ||
    (pod.verdict.level !== 'progressing' && calling.speaksOfName)
  );
}
