import { KindDefinition, KubernetesObject } from './kindDefinition';
import { ENDPOINTS, SERVICE } from './kindIds';
import { existenceVerdict, observation } from './metadata';
import { SliceFacts } from './serviceEndpoints';

/** Before Leases, leader election wrote itself into Endpoints that belong to no Service. */
const LEADER = 'control-plane.alpha.kubernetes.io/leader';

export const endpointsKind: KindDefinition = {
  id: ENDPOINTS,
  type: 'endpoints',
  version: 'v1',
  plural: 'endpoints',
  namespaced: true,
  observe(endpoints, context) {
    const facts = endpointsFacts(endpoints);
    const { name, namespace } = endpoints.metadata;
    const leader = endpoints.metadata.annotations?.[LEADER] !== undefined;
    return observation(ENDPOINTS, true, endpoints, context, {
      properties: { Ready: facts.ready, NotReady: facts.notReady },
      verdict: existenceVerdict(endpoints),
      facts: leader ? undefined : { ...facts },
      references: leader
        ? []
        : [
            {
              relation: 'service-endpoints',
              end: 'target',
              other: { kind: SERVICE, namespace, name },
              required: false,
            },
          ],
    });
  },
};

function endpointsFacts(endpoints: KubernetesObject): SliceFacts {
  const subsets: any[] = endpoints.subsets ?? [];
  const count = (field: string) =>
    subsets.reduce((sum, subset) => sum + (subset[field]?.length ?? 0), 0);
  return {
    addressType: 'IPv4',
    ready: count('addresses'),
    notReady: count('notReadyAddresses'),
    ports: [
      ...new Set<string>(
        subsets.flatMap(subset =>
          (subset.ports ?? []).map((port: any) => port.name ?? ''),
        ),
      ),
    ],
  };
}
