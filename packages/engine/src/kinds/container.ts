import { KubernetesObject, ObserveContext } from './kindDefinition';
import { nodeKey } from './identity';
import { CONTAINER, POD } from './kindIds';
import { parseTime } from './metadata';
import { Json, Observation } from './observation';
import { PodContainer } from './podHealth';
import { probeProperties } from './probes';
import { verdictAt } from './status';
import { withoutUndefined } from './json';

/** A container as a part of its pod: Skydive's fields with its pod's labels, and the role it plays (R014). */
export function observeContainer(
  pod: KubernetesObject,
  container: PodContainer,
  context: ObserveContext,
): Observation {
  const { cluster, now } = context;
  const { namespace, name: podName } = pod.metadata;
  return {
    type: 'object',
    key: nodeKey({
      cluster,
      kind: CONTAINER,
      namespace,
      name: `${podName}/${container.name}`,
    }),
    cluster,
    kind: CONTAINER,
    namespace,
    name: container.name,
    createdAt: parseTime(pod.metadata.creationTimestamp),
    labels: pod.metadata.labels ?? {},
    properties: containerProperties(podName, container),
    verdict: verdictAt(container.verdict, now),
    owners: [],
    references: [
      {
        relation: 'pod-container',
        end: 'target',
        other: { kind: POD, namespace, name: podName },
        required: true,
      },
    ],
    selectors: [],
    parts: [],
  };
}

/** Never environment, command or arguments: passwords stand there. */
function containerProperties(
  pod: string,
  { spec, status, role, verdict }: PodContainer,
): { [name: string]: Json } {
  const [runtime, id] = String(status?.containerID ?? '').split('://');
  return {
    Pod: pod,
    Role: role,
    Image: spec.image,
    ImageID: status?.imageID || undefined,
    Runtime: id ? runtime : undefined,
    ContainerID: id,
    Ready: status?.ready,
    RestartCount: status?.restartCount,
    State: status?.state ? Object.keys(status.state)[0] : undefined,
    Ports: spec.ports?.map((port: any) =>
      withoutUndefined({
        Name: port.name,
        Port: port.containerPort,
        Protocol: port.protocol ?? 'TCP',
        HostPort: port.hostPort,
      }),
    ),
    Requests: spec.resources?.requests,
    Limits: spec.resources?.limits,
    // Only to explain a container that is not well; most are.
    Probes: verdict.level === 'ok' ? undefined : probeProperties(spec),
  } as { [name: string]: Json };
}
