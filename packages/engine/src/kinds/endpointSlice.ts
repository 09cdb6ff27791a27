import { KindDefinition, KubernetesObject } from './kindDefinition';
import { ENDPOINT_SLICE, NODE, POD, SERVICE } from './kindIds';
import { existenceVerdict, observation, owners } from './metadata';
import { Reference } from './observation';
import { SliceFacts } from './serviceEndpoints';

const SERVICE_NAME = 'kubernetes.io/service-name';

export const endpointSliceKind: KindDefinition = {
  id: ENDPOINT_SLICE,
  type: 'endpointslice',
  version: 'v1',
  plural: 'endpointslices',
  namespaced: true,
  observe(slice, context) {
    const facts = sliceFacts(slice);
    return observation(ENDPOINT_SLICE, true, slice, context, {
      properties: {
        AddressType: slice.addressType,
        Ready: facts.ready,
        NotReady: facts.notReady,
        Ports: (slice.ports ?? []).map((port: any) => ({
          Name: port.name ?? '',
          Port: port.port ?? null,
          Protocol: port.protocol ?? 'TCP',
        })),
      },
      // That its pods are not ready is the Service's to say (H081).
      verdict: existenceVerdict(slice),
      facts: { ...facts },
      references: [
        ...serviceReference(slice),
        ...podReferences(slice),
        ...nodeReferences(slice),
      ],
      // The label says the same as the owner reference, and manual slices have the label only (R063).
      owners: owners(slice).filter(owner => owner.kind.kind !== 'Service'),
    });
  },
};

/** An absent `ready` means ready (R064). */
function isReady(endpoint: KubernetesObject): boolean {
  return endpoint.conditions?.ready !== false;
}

function sliceFacts(slice: KubernetesObject): SliceFacts {
  const endpoints: any[] = slice.endpoints ?? [];
  const ready = endpoints.filter(isReady).length;
  return {
    addressType: slice.addressType ?? 'IPv4',
    ready,
    notReady: endpoints.length - ready,
    ports: (slice.ports ?? []).map((port: any) => port.name ?? ''),
    ...unservedNodes(endpoints),
  };
}

function unservedNodes(endpoints: readonly any[]): { unserved?: string[] } {
  const served = new Set(endpoints.filter(isReady).map(one => one.nodeName));
  const unserved = endpoints
    .map(({ nodeName }) => nodeName)
    .filter(name => name && !served.has(name));
  return unserved.length > 0
    ? { unserved: [...new Set<string>(unserved)].sort() }
    : {};
}

/** Where the endpoints are (R065): one edge a node, however many there are on it. */
function nodeReferences(slice: KubernetesObject): Reference[] {
  const endpoints: any[] = slice.endpoints ?? [];
  const names = new Set<string>(
    endpoints.flatMap(({ nodeName }) => nodeName ?? []),
  );
  return [...names].map(name => ({
    relation: 'endpointslice-node',
    end: 'source',
    other: { kind: NODE, namespace: '', name },
    required: false,
  }));
}

function serviceReference(slice: KubernetesObject): Reference[] {
  const name: string | undefined = slice.metadata.labels?.[SERVICE_NAME];
  return name
    ? [
        {
          relation: 'service-endpointslice',
          end: 'target',
          other: {
            kind: SERVICE,
            namespace: slice.metadata.namespace,
            name,
          },
          // A slice does not suffer when its Service is gone.
          required: false,
        },
      ]
    : [];
}

/** Facts of a moment ago: a pod that is gone is no missing dependency, the slice just lags. */
function podReferences(slice: KubernetesObject): Reference[] {
  const endpoints: any[] = slice.endpoints ?? [];
  const byName = new Map<string, Reference>();
  for (const endpoint of endpoints) {
    const { kind, name, namespace } = endpoint.targetRef ?? {};
    if (kind === 'Pod' && name) {
      byName.set(name, {
        relation: 'endpointslice-pod',
        end: 'source',
        other: {
          kind: POD,
          namespace: namespace ?? slice.metadata.namespace,
          name,
        },
        required: false,
        details: {
          ready: isReady(endpoint),
          ...(endpoint.conditions?.terminating ? { terminating: true } : {}),
        },
      });
    }
  }
  return [...byName.values()];
}
