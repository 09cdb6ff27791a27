import { CONTAINER } from '../kinds/kindIds';
import { CausalGraph, CausalGraphNode } from './causalGraph';
import { Symptom } from './symptom';

/** All containers of the pod, those that are well included; `undefined` while they are not loaded. */
export function containersOf(
  pod: CausalGraphNode,
  graph: CausalGraph,
): CausalGraphNode[] | undefined {
  return graph.inventory({
    cluster: pod.cluster,
    kind: CONTAINER,
    namespace: pod.namespace,
    where: { property: 'Pod', value: pod.name },
  })?.nodes;
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
