import { KubernetesObject } from '../../kinds/kindDefinition';
import { isReady } from './templateWorkloads';
import {
  ago,
  condition,
  FAULT,
  flat,
  object,
  ObjectParts,
  Objects,
  OLD,
} from './templateObjects';

export interface NodeOptions extends ObjectParts {
  /** Its kubelet has said nothing for so many minutes (T-NODE-LOST). */
  lost?: number;
  /** Its kubelet says that it is not ready, with these words (T-NODE-NOTREADY). */
  notReady?: string;
  cordoned?: boolean;
  taints?: readonly object[];
  /** `MemoryPressure`, `DiskPressure`, `PIDPressure`. */
  pressure?: string;
  zone?: string;
  allocatable?: object;
  since?: number;
}

/** A node with its lease; well unless an option says otherwise. */
export function node(
  name: string,
  options: NodeOptions = {},
): KubernetesObject[] {
  const { lost, cordoned, pressure, since = FAULT, age = OLD } = options;
  const zone = options.zone ?? 'zone-a';
  const heard = lost === undefined ? 0.5 : lost + 0.8;
  const capacity = {
    cpu: '4',
    memory: '16Gi',
    pods: '110',
    'ephemeral-storage': '100Gi',
    ...options.allocatable,
  };
  const pressures = [
    [
      'MemoryPressure',
      'KubeletHasSufficientMemory',
      'KubeletHasInsufficientMemory',
    ],
    ['DiskPressure', 'KubeletHasNoDiskPressure', 'KubeletHasDiskPressure'],
    ['PIDPressure', 'KubeletHasSufficientPID', 'KubeletHasInsufficientPID'],
  ].map(([type, well, bad]) => {
    if (lost !== undefined) {
      return unknownCondition(type, lost);
    }
    return type === pressure
      ? condition(type, 'True', bad, `kubelet has ${type}`, since)
      : condition(type, 'False', well, undefined, age);
  });
  const ready = readyCondition(options);
  const bad = taintOf(options);
  const taints = [
    ...(options.taints ?? []),
    ...(cordoned
      ? [
          {
            key: 'node.kubernetes.io/unschedulable',
            effect: 'NoSchedule',
            timeAdded: ago(since),
          },
        ]
      : []),
    ...bad,
  ];
  return [
    object('v1', 'Node', name, {
      ...options,
      labels: {
        'kubernetes.io/hostname': name,
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/os': 'linux',
        'topology.kubernetes.io/zone': zone,
        ...options.labels,
      },
      spec: {
        podCIDR: '10.244.0.0/24',
        ...(cordoned && { unschedulable: true }),
        ...(taints.length > 0 && { taints }),
        ...options.spec,
      },
      status: {
        capacity,
        allocatable: capacity,
        conditions: [...pressures, ready].map(one => ({
          ...one,
          lastHeartbeatTime: ago(heard),
        })),
        addresses: [{ type: 'InternalIP', address: '10.0.0.1' }],
        nodeInfo: { kubeletVersion: 'v1.36.2', architecture: 'amd64' },
        ...options.status,
      },
    }),
    object('coordination.k8s.io/v1', 'Lease', `kube-node-lease/${name}`, {
      age,
      spec: {
        holderIdentity: name,
        leaseDurationSeconds: 40,
        renewTime: ago(heard - 0.4).replace('Z', '.000000Z'),
      },
    }),
  ];
}

function readyCondition({
  lost,
  notReady,
  since = FAULT,
  age = OLD,
}: NodeOptions): KubernetesObject {
  if (lost !== undefined) {
    return unknownCondition('Ready', lost);
  }
  const well = 'kubelet is posting ready status';
  return notReady === undefined
    ? condition('Ready', 'True', 'KubeletReady', well, age)
    : condition('Ready', 'False', 'KubeletNotReady', notReady, since);
}

function unknownCondition(type: string, since: number): KubernetesObject {
  return condition(
    type,
    'Unknown',
    'NodeStatusUnknown',
    'Kubelet stopped posting node status.',
    since,
  );
}

function taintOf({ lost, notReady, pressure, since = FAULT }: NodeOptions) {
  const both = (key: string, minutes: number) =>
    ['NoSchedule', 'NoExecute'].map(effect => ({
      key: `node.kubernetes.io/${key}`,
      effect,
      timeAdded: ago(minutes),
    }));
  if (lost !== undefined) {
    return both('unreachable', lost);
  }
  if (notReady !== undefined) {
    return both('not-ready', since);
  }
  const word = pressure && pressure.replace('Pressure', '').toLowerCase();
  return word
    ? [
        {
          key: `node.kubernetes.io/${word}-pressure`,
          effect: 'NoSchedule',
          timeAdded: ago(since),
        },
      ]
    : [];
}

export function namespace(
  name: string,
  parts: ObjectParts = {},
): KubernetesObject {
  return object('v1', 'Namespace', name, {
    ...parts,
    labels: { 'kubernetes.io/metadata.name': name, ...parts.labels },
    spec: { finalizers: ['kubernetes'], ...parts.spec },
    status: parts.status ?? { phase: 'Active' },
  });
}

const NODES = ['node-1', 'node-2', 'node-3'];

/**
 * The objects and what every cluster holds around them, unless it is among them: three nodes, the namespaces that are
 * named with their default account and root certificate, and the slices of Services that select pods.
 */
export function world(...objects: Objects[]): KubernetesObject[] {
  const own = objects.flatMap(flat);
  const has = (kind: string, name: string, space?: string) =>
    own.some(
      one =>
        one.kind === kind &&
        one.metadata.name === name &&
        one.metadata.namespace === space,
    );
  const nodes = own.some(one => one.kind === 'Node')
    ? []
    : NODES.flatMap(name => node(name));
  const spaces = [
    ...new Set([
      ...own.flatMap(({ metadata }) => metadata.namespace ?? []),
      'default',
      'kube-system',
      'kube-node-lease',
    ]),
  ];
  const around = spaces.flatMap(space => [
    ...(has('Namespace', space) ? [] : [namespace(space)]),
    ...(has('ServiceAccount', 'default', space)
      ? []
      : [object('v1', 'ServiceAccount', `${space}/default`)]),
    ...(has('ConfigMap', 'kube-root-ca.crt', space)
      ? []
      : [
          object('v1', 'ConfigMap', `${space}/kube-root-ca.crt`, {
            manager: 'kube-controller-manager',
            fields: { data: { 'ca.crt': '' } },
          }),
        ]),
  ]);
  return [...nodes, ...around, ...own, ...slicesOf(own)];
}

/** What the endpoint slice controller would write; Services that have slices among the objects keep these. */
function slicesOf(own: readonly KubernetesObject[]): KubernetesObject[] {
  const pods = own.filter(one => one.kind === 'Pod');
  const label = 'kubernetes.io/service-name';
  return own
    .filter(one => one.kind === 'Service' && one.spec.selector)
    .filter(
      service =>
        !own.some(
          ({ kind, metadata }) =>
            kind === 'EndpointSlice' &&
            metadata.namespace === service.metadata.namespace &&
            metadata.labels?.[label] === service.metadata.name,
        ),
    )
    .map(service => sliceOf(service, pods));
}

function sliceOf(
  service: KubernetesObject,
  pods: readonly KubernetesObject[],
): KubernetesObject {
  const { name, namespace: space } = service.metadata;
  const selected = pods.filter(
    ({ metadata, status }) =>
      metadata.namespace === space &&
      status.podIP &&
      status.phase !== 'Failed' &&
      status.phase !== 'Succeeded' &&
      Object.entries(service.spec.selector).every(
        ([key, value]) => metadata.labels?.[key] === value,
      ),
  );
  const ports = (service.spec.ports ?? []).flatMap((port: any) => {
    const number = portNumber(port.targetPort ?? port.port, selected);
    return number === undefined
      ? []
      : [{ name: port.name ?? '', protocol: 'TCP', port: number }];
  });
  return object(
    'discovery.k8s.io/v1',
    'EndpointSlice',
    `${space}/${name}-x7k2p`,
    {
      manager: 'kube-controller-manager',
      owner: service,
      labels: {
        'endpointslice.kubernetes.io/managed-by':
          'endpointslice-controller.k8s.io',
        'kubernetes.io/service-name': name,
      },
      fields: {
        addressType: 'IPv4',
        endpoints: selected.map(endpointOf),
        ports: selected.length === 0 ? [] : ports,
      },
    },
  );
}

function portNumber(
  target: string | number,
  pods: readonly KubernetesObject[],
): number | undefined {
  if (typeof target === 'number') {
    return target;
  }
  return pods
    .flatMap(({ spec }) => spec.containers)
    .flatMap((one: any) => one.ports ?? [])
    .find((port: any) => port.name === target)?.containerPort;
}

function endpointOf({ metadata, spec, status }: KubernetesObject) {
  const isTerminating = metadata.deletionTimestamp !== undefined;
  const ready = isReady(status);
  return {
    addresses: [status.podIP],
    conditions: {
      ready: ready && !isTerminating,
      serving: ready,
      terminating: isTerminating,
    },
    nodeName: spec.nodeName,
    targetRef: {
      kind: 'Pod',
      namespace: metadata.namespace,
      name: metadata.name,
      uid: metadata.uid,
    },
  };
}
