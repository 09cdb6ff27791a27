import { nodeKey } from '../kinds/identity';
import { CONTAINER } from '../kinds/kindIds';
import { CausalGraph, CausalGraphNode } from './causalGraph';
import { Symptom } from './symptom';

/**
 * All containers of the pod, those that are well included; `undefined` while they are not loaded. By their keys where the
 * template of the pod's ReplicaSet names them: to search for them means to read all containers of the namespace.
 */
export function containersOf(
  pod: CausalGraphNode,
  graph: CausalGraph,
): CausalGraphNode[] | undefined {
  const names = containerNames(pod, graph);
  if (names.length > 0) {
    const { cluster, namespace } = pod;
    const found = names.map(name =>
      graph.reach(
        nodeKey({
          cluster,
          kind: CONTAINER,
          namespace,
          name: `${pod.name}/${name}`,
        }),
      ),
    );
    return found.filter((one): one is CausalGraphNode => one !== undefined);
  }
  return graph.inventory({
    cluster: pod.cluster,
    kind: CONTAINER,
    namespace: pod.namespace,
    where: { property: 'Pod', value: pod.name },
  })?.nodes;
}

/** `app` and `proxy` of `app.image`, `init proxy.image`. */
function containerNames(pod: CausalGraphNode, graph: CausalGraph): string[] {
  return graph
    .controllers(pod.key)
    .flatMap(({ node }) => Object.keys(Object(node.properties.Template)))
    .flatMap(field => /^(?:init )?([^.]+)\.image$/.exec(field)?.[1] ?? []);
}

export interface DeclaredPort {
  port: number;
  protocol: string;
  name?: string;
  hostPort?: number;
}

/** The ports that a container declares. */
export function portsOf(container: CausalGraphNode): DeclaredPort[] {
  const { Ports } = container.properties;
  return (Array.isArray(Ports) ? Ports : []).flatMap(entry => {
    const { Port, Protocol, Name, HostPort } = Object(entry);
    return typeof Port === 'number'
      ? [
          {
            port: Port,
            protocol: String(Protocol),
            name: Name,
            hostPort: HostPort,
          },
        ]
      : [];
  });
}

/** A container's node name is the bare one; in its key it stands behind the pod's. */
export function bareName(container: CausalGraphNode): string {
  return container.name.split('/').pop()!;
}

export function isInit({ reason, container }: Symptom): boolean {
  return (
    reason === 'InitFailing' ||
    reason === 'InitHanging' ||
    container?.properties.Role === 'init'
  );
}
