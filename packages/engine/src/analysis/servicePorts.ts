import { CONTAINER, SERVICE } from '../kinds/kindIds';
import { Evidence } from '../kinds/status';
import { PROTOCOLS, Protocol } from '../reachability/portSet';
import { CausalGraph, CausalGraphNode } from './causalGraph';
import { Finding, called, namespaceFlag } from './finding';
import { nearName } from './nearName';

/** What a mesh adds beside the application's containers. */
const PROXIES: ReadonlySet<string> = new Set(['istio-proxy', 'linkerd-proxy']);
/** Ports that are there for others than the callers of a Service. */
const ASIDE = /metrics|prom|health|probe|admin|debug|pprof|monitor|status/i;

interface Port {
  name: string;
  port: number;
  /** Name or number, as text. */
  target: string;
  protocol: Protocol;
}

/** A port that a container of a pod declares. */
interface DeclaredPort {
  pod: string;
  name?: string;
  port: number;
}

export function portsOf({ properties }: CausalGraphNode): Port[] {
  const ports: unknown = properties.Ports;
  return (Array.isArray(ports) ? ports : []).map((port: any) => ({
    name: port.Name ?? '',
    port: Number(port.Port),
    target: String(port.TargetPort ?? port.Port),
    protocol: PROTOCOLS.find(one => one === port.Protocol) ?? 'TCP',
  }));
}

/** `80 (http), 9091 (metrics)`. */
export function portsText(service: CausalGraphNode): string {
  return portsOf(service)
    .map(({ name, port }) => (name ? `${port} (${name})` : String(port)))
    .join(', ');
}

/** What the containers of the pods that the selector matches declare; `undefined` while it is not loaded. */
export function declaredPorts(
  service: CausalGraphNode,
  selector: ReadonlyMap<string, string>,
  graph: CausalGraph,
): DeclaredPort[] | undefined {
  const { cluster, namespace } = service;
  return graph
    .inventory({ cluster, kind: CONTAINER, namespace })
    ?.nodes.filter(
      ({ name, labels, properties }) =>
        properties.Role !== 'init' &&
        !PROXIES.has(name) &&
        [...selector].every(([key, value]) => labels[key] === value),
    )
    .flatMap(({ properties }) => {
      const ports: unknown = properties.Ports;
      return (Array.isArray(ports) ? ports : []).map((port: any) => ({
        pod: String(properties.Pod),
        name: port.Name as string | undefined,
        port: Number(port.Port),
      }));
    });
}

/** `http (8080), metrics (9090)`, each once. */
function declaredText(declared: readonly DeclaredPort[]): string {
  const texts = declared.map(({ name, port }) =>
    name ? `${name} (${port})` : String(port),
  );
  return [...new Set(texts)].join(', ') || 'none';
}

/** A named target port that no selected pod has (S079): the slice has addresses and no port. */
export function portNameMissing(
  node: CausalGraphNode,
  selector: ReadonlyMap<string, string>,
  graph: CausalGraph,
): Finding {
  const { message, since } = node.verdict;
  const declared = declaredPorts(node, selector, graph) ?? [];
  const names = [...new Set(declared.flatMap(({ name }) => name ?? []))];
  const wrong = portsOf(node)
    .map(({ target }) => target)
    .filter(target => !/^\d+$/.test(target) && !names.includes(target));
  const near = wrong.flatMap(target => nearName(target, names) ?? [])[0];
  const evidence: Evidence[] = [
    ...node.verdict.evidence,
    declaredEvidence(declared),
  ];
  return {
    type: 'root',
    confidence: 'proven',
    says: `${called(node)}: ${message ?? 'its target port has no name match'}.`,
    evidence,
    root: {
      node,
      fault: 'PortNameMissing',
      predicate: `sends to a named port that none of its pods has: ${wrong.join(
        ', ',
      )} is not among ${declaredText(declared)}`,
      nextStep: near
        ? `Send to ${near} instead of ${wrong[0]}: kubectl edit service ${
            node.name
          }${namespaceFlag(node)} (spec.ports[].targetPort)`
        : `Compare targetPort with the containers' port names: kubectl describe service ${
            node.name
          }${namespaceFlag(node)}`,
      evidence,
      since,
    },
  };
}

function declaredEvidence(declared: readonly DeclaredPort[]): Evidence {
  return {
    source: 'structure',
    field: 'containers[].ports of the selected pods',
    value: declaredText(declared),
  };
}

/**
 * A target port that no container of the selected pods declares, while they do declare others (S078). Likely only: a
 * process may listen on a port that its container does not declare.
 */
export function portUndeclared(
  node: CausalGraphNode,
  selector: ReadonlyMap<string, string>,
  graph: CausalGraph,
): Finding | undefined {
  const declared = declaredPorts(node, selector, graph);
  const others = graph.inventory({
    cluster: node.cluster,
    kind: SERVICE,
    namespace: node.namespace,
  });
  const serving = declared?.filter(({ name }) => !name || !ASIDE.test(name));
  if (
    !declared ||
    !others?.complete ||
    serving?.length === 0 ||
    others.nodes.some(other => servesDeclared(other, node, selector, declared))
  ) {
    return undefined;
  }
  const targets = portsOf(node).map(({ target }) => target);
  const pods = new Set(declared.map(({ pod }) => pod)).size;
  const evidence: Evidence[] = [
    {
      source: 'field',
      field: 'spec.ports[].targetPort',
      value: targets.join(', '),
    },
    declaredEvidence(declared),
  ];
  const [only] = [...new Set(serving!.map(({ port }) => port))];
  return {
    type: 'root',
    confidence: 'likely',
    says: `${called(node)} sends to port ${targets.join(', ')}.`,
    evidence,
    root: {
      node,
      fault: 'TargetPortUndeclared',
      predicate: `sends to port ${targets.join(
        ', ',
      )}, which no container of its ${pods} ${
        pods === 1 ? 'pod declares' : 'pods declares'
      } (declared: ${declaredText(declared)})`,
      nextStep: `If nothing listens there, send to ${only}: kubectl edit service ${
        node.name
      }${namespaceFlag(node)} (spec.ports[].targetPort)`,
      evidence,
      since: node.verdict.since,
    },
  };
}

/** Another Service brings callers to a port that is declared: then this one may be for another purpose. */
function servesDeclared(
  other: CausalGraphNode,
  node: CausalGraphNode,
  selector: ReadonlyMap<string, string>,
  declared: readonly DeclaredPort[],
): boolean {
  const wanted = Object.entries(
    (other.properties.Selector ?? {}) as Record<string, string>,
  );
  return (
    other.key !== node.key &&
    wanted.length > 0 &&
    wanted.every(([key, value]) => (selector.get(key) ?? value) === value) &&
    portsOf(other).some(({ target }) =>
      declared.some(
        ({ name, port }) => name === target || String(port) === target,
      ),
    )
  );
}

/** A selector that catches pods of another workload, which do not have the port (S077). */
export function mixedBackends(
  node: CausalGraphNode,
  selector: ReadonlyMap<string, string>,
  graph: CausalGraph,
): Finding | undefined {
  const declared = declaredPorts(node, selector, graph);
  const pods = graph.inventory({
    cluster: node.cluster,
    kind: CONTAINER,
    namespace: node.namespace,
  });
  if (!declared || !pods) {
    return undefined;
  }
  const targets = portsOf(node).map(({ target }) => target);
  const has = (pod: string, target: string) =>
    declared.some(
      one =>
        one.pod === pod && (one.name === target || String(one.port) === target),
    );
  const names = [...new Set(declared.map(({ pod }) => pod))];
  const serving = names.filter(pod => targets.every(port => has(pod, port)));
  const foreign = names.filter(pod => !targets.some(port => has(pod, port)));
  const labelsOf = (pod: string) =>
    pods.nodes.find(({ properties }) => properties.Pod === pod)?.labels ?? {};
  // What tells the two apart: a label that all of the one side share, and none of the other.
  const own = [...Object.entries(labelsOf(serving[0] ?? ''))].find(
    ([key, value]) =>
      key !== 'pod-template-hash' &&
      !selector.has(key) &&
      serving.every(pod => labelsOf(pod)[key] === value) &&
      foreign.every(pod => (labelsOf(pod)[key] ?? value) !== value),
  );
  if (serving.length === 0 || foreign.length === 0 || !own) {
    return undefined;
  }
  const [key, value] = own;
  const others = [...new Set(foreign.map(pod => labelsOf(pod)[key]))];
  const evidence: Evidence[] = [
    {
      source: 'field',
      field: 'spec.selector',
      value: [...selector].map(([name, text]) => `${name}=${text}`).join(','),
    },
    {
      source: 'structure',
      field: `pods without port ${targets.join(', ')}`,
      value: foreign.slice(0, 5).join(', '),
    },
  ];
  return {
    type: 'root',
    confidence: 'likely',
    says: `${called(node)} selects pods of ${value} and of ${others.join(
      ', ',
    )}.`,
    evidence,
    root: {
      node,
      fault: 'SelectorTooBroad',
      predicate: `mixes pods of ${value} and ${others.join(', ')}: ${
        foreign.length
      } of its ${names.length} pods do not have its port ${targets.join(', ')}`,
      nextStep: `Select ${value} only: kubectl patch service ${
        node.name
      }${namespaceFlag(node)} -p '{"spec":{"selector":{"${key}":"${value}"}}}'`,
      evidence,
      since: node.verdict.since,
    },
  };
}
