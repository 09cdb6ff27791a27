/*
 * What a set of objects implies, worked out the slow way from the raw objects alone: every pair is looked at, nothing is
 * shared with the engine but the names of kinds and relations. Rules: `relationships.md`, `skydive.md` section 2.
 */

import {
  NAMES_ONLY,
  PLACEMENT_CLUSTER_SCOPED,
  PLACEMENT_CONTROL,
  PLACEMENT_GROUPS,
  PLACEMENT_KINDS,
  placementEdges,
} from './expectedPlacement';
import {
  ROUTING_CLUSTER_SCOPED,
  ROUTING_GROUPS,
  routingEdges,
} from './expectedRouting';

type RawObject = { readonly [field: string]: any };

export interface ExpectedGraph {
  /** Keys of what is there: objects, containers, the cluster. */
  present: Set<string>;
  /** Keys of what is referred to and is not there. */
  absent: Set<string>;
  /** `<source key> -<relation>-> <target key>` */
  edges: Set<string>;
}

const GROUPS: Record<string, string> = {
  Deployment: 'apps',
  ReplicaSet: 'apps',
  StatefulSet: 'apps',
  DaemonSet: 'apps',
  Job: 'batch',
  CronJob: 'batch',
  Ingress: 'networking.k8s.io',
  NetworkPolicy: 'networking.k8s.io',
  EndpointSlice: 'discovery.k8s.io',
  StorageClass: 'storage.k8s.io',
  CSIDriver: 'storage.k8s.io',
  ...PLACEMENT_GROUPS,
  ...ROUTING_GROUPS,
};
const CLUSTER_SCOPED = [
  'Namespace',
  'Node',
  'PersistentVolume',
  'StorageClass',
  'CSIDriver',
  ...PLACEMENT_CLUSTER_SCOPED,
  ...ROUTING_CLUSTER_SCOPED,
];
const KINDS = [
  ...Object.keys(GROUPS),
  ...CLUSTER_SCOPED,
  ...PLACEMENT_KINDS,
  'Pod',
  'ReplicationController',
  'Service',
  'Endpoints',
  'ConfigMap',
  'Secret',
  'PersistentVolumeClaim',
];
/** Owner and owned, where the pair has a relation of its own. */
const CONTROL = [
  'Deployment ReplicaSet',
  'ReplicaSet Pod',
  'ReplicationController Pod',
  'StatefulSet Pod',
  'DaemonSet Pod',
  'Job Pod',
  'CronJob Job',
  ...PLACEMENT_CONTROL,
];

export function expectedGraph(
  cluster: string,
  all: readonly RawObject[],
): ExpectedGraph {
  const objects = all.filter(({ kind }) => KINDS.includes(kind));
  const key = (kind: string, namespace: string | undefined, name: string) =>
    `${cluster}/${kind}${GROUPS[kind] ? `.${GROUPS[kind]}` : ''}/${
      CLUSTER_SCOPED.includes(kind) || kind === 'Cluster' ? '' : namespace
    }/${name}`;
  const keyOf = ({ kind, metadata }: RawObject) =>
    key(kind, metadata.namespace, metadata.name);
  const root = key('Cluster', '', cluster);
  const present = new Set<string>([root, ...objects.map(keyOf)]);
  const named = new Set<string>();
  const edges = new Set<string>();
  const edge = (source: string, relation: string, target: string) => {
    edges.add(`${source} -${relation}-> ${target}`);
    named.add(source).add(target);
  };
  const ofKind = (kind: string) => objects.filter(each => each.kind === kind);

  for (const object of objects) {
    const { kind, metadata, spec = {} } = object;
    const own = keyOf(object);
    const { namespace } = metadata;
    const type = kind.toLowerCase();
    if (CLUSTER_SCOPED.includes(kind)) {
      edge(root, `cluster-${type}`, own);
    } else {
      edge(key('Namespace', '', namespace), `namespace-${type}`, own);
    }
    for (const { uid } of metadata.ownerReferences ?? []) {
      for (const owner of objects) {
        if (owner.metadata.uid !== uid) {
          continue;
        }
        const isSlice = kind === 'EndpointSlice' && owner.kind === 'Service';
        const pair = `${owner.kind} ${kind}`;
        if (!isSlice) {
          edge(
            keyOf(owner),
            CONTROL.includes(pair)
              ? pair.toLowerCase().replace(' ', '-')
              : 'owner',
            own,
          );
        }
      }
    }
    for (const [relation, other, name] of needs(podSpecOf(object))) {
      edge(own, `${type}-${relation}`, key(other, namespace, name));
    }
    for (const [end, relation, ...other] of [
      ...placementEdges(object, podSpecOf(object), objects),
      ...routingEdges(object, podSpecOf(object), objects),
    ]) {
      const there = key(...other);
      if (NAMES_ONLY.includes(other[0])) {
        present.add(there);
      }
      if (end === 'source') {
        edge(own, relation, there);
      } else {
        edge(there, relation, own);
      }
    }
    switch (kind) {
      case 'Pod':
        for (const list of [
          'initContainers',
          'containers',
          'ephemeralContainers',
        ]) {
          for (const { name } of spec[list] ?? []) {
            const part = `${cluster}/Container/${namespace}/${metadata.name}/${name}`;
            present.add(part);
            edge(own, 'pod-container', part);
          }
        }
        if (spec.nodeName) {
          edge(key('Node', '', spec.nodeName), 'node-pod', own);
        }
        break;
      case 'StatefulSet':
        if (spec.serviceName) {
          edge(
            own,
            'statefulset-service',
            key('Service', namespace, spec.serviceName),
          );
        }
        for (const template of spec.volumeClaimTemplates ?? []) {
          for (let i = 0; i < (object.status?.replicas ?? 0); i++) {
            edge(
              own,
              'statefulset-persistentvolumeclaim',
              key(
                'PersistentVolumeClaim',
                namespace,
                `${template.metadata.name}-${metadata.name}-${i}`,
              ),
            );
          }
        }
        break;
      case 'PersistentVolumeClaim':
        if (spec.volumeName) {
          edge(
            own,
            'persistentvolumeclaim-persistentvolume',
            key('PersistentVolume', '', spec.volumeName),
          );
        }
        if (spec.storageClassName) {
          edge(
            key('StorageClass', '', spec.storageClassName),
            'storageclass-persistentvolumeclaim',
            own,
          );
        }
        break;
      case 'StorageClass':
        if (!object.provisioner.startsWith('kubernetes.io/')) {
          edge(
            own,
            'storageclass-csidriver',
            key('CSIDriver', '', object.provisioner),
          );
        }
        break;
      case 'PersistentVolume':
        if (spec.csi) {
          edge(
            own,
            'persistentvolume-csidriver',
            key('CSIDriver', '', spec.csi.driver),
          );
        }
        if (spec.storageClassName) {
          edge(
            key('StorageClass', '', spec.storageClassName),
            'storageclass-persistentvolume',
            own,
          );
        }
        break;
      case 'Service':
        for (const pod of ofKind('Pod')) {
          if (
            Object.keys(spec.selector ?? {}).length > 0 &&
            pod.metadata.namespace === namespace &&
            hasLabels(pod.metadata.labels, spec.selector)
          ) {
            edge(own, 'service-pod', keyOf(pod));
          }
        }
        break;
      case 'Endpoints':
        edge(
          key('Service', namespace, metadata.name),
          'service-endpoints',
          own,
        );
        break;
      case 'EndpointSlice': {
        const service = metadata.labels?.['kubernetes.io/service-name'];
        if (service) {
          edge(
            key('Service', namespace, service),
            'service-endpointslice',
            own,
          );
        }
        for (const { targetRef } of object.endpoints ?? []) {
          if (targetRef?.kind === 'Pod') {
            edge(
              own,
              'endpointslice-pod',
              key('Pod', targetRef.namespace, targetRef.name),
            );
          }
        }
        break;
      }
      case 'Ingress': {
        const backends = [
          spec.defaultBackend,
          ...(spec.rules ?? []).flatMap((rule: RawObject) =>
            (rule.http?.paths ?? []).map((path: RawObject) => path.backend),
          ),
        ];
        for (const backend of backends) {
          if (backend?.service) {
            edge(
              own,
              'ingress-service',
              key('Service', namespace, backend.service.name),
            );
          }
        }
        for (const { secretName } of spec.tls ?? []) {
          if (secretName) {
            edge(own, 'ingress-secret', key('Secret', namespace, secretName));
          }
        }
        break;
      }
      case 'NetworkPolicy':
        for (const [relation, pod] of policyPods(object, objects)) {
          edge(own, relation, keyOf(pod));
        }
        break;
      default:
    }
  }
  const absent = new Set([...named].filter(each => !present.has(each)));
  return { present, absent, edges };
}

/** A pod's spec, or that of the pods to come. */
function podSpecOf({ kind, spec = {} }: RawObject): RawObject | undefined {
  switch (kind) {
    case 'Pod':
      return spec;
    case 'CronJob':
      return spec.jobTemplate.spec.template.spec;
    case 'Deployment':
    case 'StatefulSet':
    case 'DaemonSet':
    case 'Job':
      return spec.template.spec;
    default:
      return undefined;
  }
}

/** Relation suffix, kind and name of all that a pod spec needs. */
function needs(spec: RawObject | undefined): [string, string, string][] {
  const found: [string, string, string][] = [];
  if (!spec) {
    return found;
  }
  const configMap = (name: string | undefined) => {
    if (name && name !== 'kube-root-ca.crt') {
      found.push(['configmap', 'ConfigMap', name]);
    }
  };
  const secret = (name: string | undefined) => {
    if (name) {
      found.push(['secret', 'Secret', name]);
    }
  };
  const containers = [
    'initContainers',
    'containers',
    'ephemeralContainers',
  ].flatMap(list => spec[list] ?? []);
  for (const container of containers) {
    for (const { valueFrom } of container.env ?? []) {
      configMap(valueFrom?.configMapKeyRef?.name);
      secret(valueFrom?.secretKeyRef?.name);
    }
    for (const { configMapRef, secretRef } of container.envFrom ?? []) {
      configMap(configMapRef?.name);
      secret(secretRef?.name);
    }
  }
  for (const volume of spec.volumes ?? []) {
    configMap(volume.configMap?.name);
    secret(volume.secret?.secretName);
    for (const source of volume.projected?.sources ?? []) {
      configMap(source.configMap?.name);
      secret(source.secret?.name);
    }
    const claim = volume.persistentVolumeClaim?.claimName;
    if (claim) {
      found.push(['persistentvolumeclaim', 'PersistentVolumeClaim', claim]);
    }
  }
  for (const { name } of spec.imagePullSecrets ?? []) {
    found.push(['imagepullsecret', 'Secret', name]);
  }
  return found;
}

/** The pods that a policy governs, and those that it names as peers. */
function policyPods(
  { spec, metadata }: RawObject,
  objects: readonly RawObject[],
): [string, RawObject][] {
  const pods = objects.filter(({ kind }) => kind === 'Pod');
  const namespaceLabels = (name: string) =>
    objects.find(
      object => object.kind === 'Namespace' && object.metadata.name === name,
    )?.metadata.labels;
  const types: string[] = spec.policyTypes ?? [
    'Ingress',
    ...(spec.egress ? ['Egress'] : []),
  ];
  const found: [string, RawObject][] = [];
  for (const type of types.map(each => each.toLowerCase())) {
    const peers = (spec[type] ?? []).flatMap(
      (rule: RawObject) => rule[type === 'ingress' ? 'from' : 'to'] ?? [],
    );
    for (const pod of pods) {
      const { namespace, labels } = pod.metadata;
      if (
        namespace === metadata.namespace &&
        isSelected(labels, spec.podSelector)
      ) {
        found.push([`networkpolicy-pod-${type}-begin`, pod]);
      }
      const isPeer = peers.some(
        ({ podSelector, namespaceSelector }: RawObject) =>
          (podSelector || namespaceSelector) &&
          (namespaceSelector
            ? isSelected(namespaceLabels(namespace), namespaceSelector)
            : namespace === metadata.namespace) &&
          (!podSelector || isSelected(labels, podSelector)),
      );
      if (isPeer) {
        found.push([`networkpolicy-pod-${type}-end`, pod]);
      }
    }
  }
  return found;
}

function hasLabels(
  labels: Record<string, string> = {},
  wanted: Record<string, string>,
): boolean {
  return Object.keys(wanted).every(name => labels[name] === wanted[name]);
}

function isSelected(
  labels: Record<string, string> = {},
  { matchLabels = {}, matchExpressions = [] }: RawObject,
): boolean {
  return (
    hasLabels(labels, matchLabels) &&
    matchExpressions.every(({ key, operator, values = [] }: RawObject) => {
      const value = labels[key];
      switch (operator) {
        case 'In':
          return value !== undefined && values.includes(value);
        case 'NotIn':
          return value === undefined || !values.includes(value);
        case 'Exists':
          return value !== undefined;
        default:
          return value === undefined;
      }
    })
  );
}
