import { eventsView } from './eventsView';
import { ResourceType, Subresource } from './resourceType';

type Row = [
  resource: string,
  kind: string,
  scope: 'namespaced' | 'cluster',
  shortNames?: string,
  subresources?: string,
];

const TYPES: Record<string, Row[]> = {
  v1: [
    ['configmaps', 'ConfigMap', 'namespaced', 'cm'],
    ['endpoints', 'Endpoints', 'namespaced', 'ep'],
    ['events', 'Event', 'namespaced', 'ev'],
    ['limitranges', 'LimitRange', 'namespaced', 'limits'],
    ['namespaces', 'Namespace', 'cluster', 'ns', 'status'],
    ['nodes', 'Node', 'cluster', 'no', 'status'],
    [
      'persistentvolumeclaims',
      'PersistentVolumeClaim',
      'namespaced',
      'pvc',
      'status',
    ],
    ['persistentvolumes', 'PersistentVolume', 'cluster', 'pv', 'status'],
    ['pods', 'Pod', 'namespaced', 'po', 'status,eviction'],
    ['podtemplates', 'PodTemplate', 'namespaced'],
    [
      'replicationcontrollers',
      'ReplicationController',
      'namespaced',
      'rc',
      'status,scale',
    ],
    ['resourcequotas', 'ResourceQuota', 'namespaced', 'quota', 'status'],
    ['secrets', 'Secret', 'namespaced'],
    ['serviceaccounts', 'ServiceAccount', 'namespaced', 'sa'],
    ['services', 'Service', 'namespaced', 'svc', 'status'],
  ],
  'admissionregistration.k8s.io/v1': [
    [
      'mutatingwebhookconfigurations',
      'MutatingWebhookConfiguration',
      'cluster',
    ],
    [
      'validatingwebhookconfigurations',
      'ValidatingWebhookConfiguration',
      'cluster',
    ],
    ['validatingadmissionpolicies', 'ValidatingAdmissionPolicy', 'cluster'],
    [
      'validatingadmissionpolicybindings',
      'ValidatingAdmissionPolicyBinding',
      'cluster',
    ],
  ],
  'apiextensions.k8s.io/v1': [
    [
      'customresourcedefinitions',
      'CustomResourceDefinition',
      'cluster',
      'crd,crds',
      'status',
    ],
  ],
  'apiregistration.k8s.io/v1': [
    ['apiservices', 'APIService', 'cluster', '', 'status'],
  ],
  'apps/v1': [
    ['controllerrevisions', 'ControllerRevision', 'namespaced'],
    ['daemonsets', 'DaemonSet', 'namespaced', 'ds', 'status'],
    ['deployments', 'Deployment', 'namespaced', 'deploy', 'status,scale'],
    ['replicasets', 'ReplicaSet', 'namespaced', 'rs', 'status,scale'],
    ['statefulsets', 'StatefulSet', 'namespaced', 'sts', 'status,scale'],
  ],
  'authorization.k8s.io/v1': [],
  'autoscaling/v2': [
    [
      'horizontalpodautoscalers',
      'HorizontalPodAutoscaler',
      'namespaced',
      'hpa',
      'status',
    ],
  ],
  'batch/v1': [
    ['cronjobs', 'CronJob', 'namespaced', 'cj', 'status'],
    ['jobs', 'Job', 'namespaced', '', 'status'],
  ],
  'certificates.k8s.io/v1': [
    [
      'certificatesigningrequests',
      'CertificateSigningRequest',
      'cluster',
      'csr',
      'status',
    ],
  ],
  'coordination.k8s.io/v1': [['leases', 'Lease', 'namespaced']],
  'discovery.k8s.io/v1': [['endpointslices', 'EndpointSlice', 'namespaced']],
  'events.k8s.io/v1': [['events', 'Event', 'namespaced', 'ev']],
  'flowcontrol.apiserver.k8s.io/v1': [
    ['flowschemas', 'FlowSchema', 'cluster', '', 'status'],
    [
      'prioritylevelconfigurations',
      'PriorityLevelConfiguration',
      'cluster',
      '',
      'status',
    ],
  ],
  'networking.k8s.io/v1': [
    ['ingressclasses', 'IngressClass', 'cluster'],
    ['ingresses', 'Ingress', 'namespaced', 'ing', 'status'],
    ['networkpolicies', 'NetworkPolicy', 'namespaced', 'netpol'],
  ],
  'node.k8s.io/v1': [['runtimeclasses', 'RuntimeClass', 'cluster']],
  'policy/v1': [
    [
      'poddisruptionbudgets',
      'PodDisruptionBudget',
      'namespaced',
      'pdb',
      'status',
    ],
  ],
  'rbac.authorization.k8s.io/v1': [
    ['clusterrolebindings', 'ClusterRoleBinding', 'cluster'],
    ['clusterroles', 'ClusterRole', 'cluster'],
    ['rolebindings', 'RoleBinding', 'namespaced'],
    ['roles', 'Role', 'namespaced'],
  ],
  'scheduling.k8s.io/v1': [
    ['priorityclasses', 'PriorityClass', 'cluster', 'pc'],
  ],
  'storage.k8s.io/v1': [
    ['csidrivers', 'CSIDriver', 'cluster'],
    ['csinodes', 'CSINode', 'cluster'],
    ['csistoragecapacities', 'CSIStorageCapacity', 'namespaced'],
    ['storageclasses', 'StorageClass', 'cluster', 'sc'],
    ['volumeattachments', 'VolumeAttachment', 'cluster', '', 'status'],
  ],
};

/** What became stable after 1.31, by the minor version that first serves it. */
const LATER_TYPES: Record<number, Record<string, Row[]>> = {
  33: {
    'networking.k8s.io/v1': [
      ['ipaddresses', 'IPAddress', 'cluster', 'ip'],
      ['servicecidrs', 'ServiceCIDR', 'cluster', '', 'status'],
    ],
  },
  34: {
    'resource.k8s.io/v1': [
      ['deviceclasses', 'DeviceClass', 'cluster'],
      ['resourceclaims', 'ResourceClaim', 'namespaced', '', 'status'],
      ['resourceclaimtemplates', 'ResourceClaimTemplate', 'namespaced'],
      ['resourceslices', 'ResourceSlice', 'cluster'],
    ],
    'storage.k8s.io/v1': [
      ['volumeattributesclasses', 'VolumeAttributesClass', 'cluster', 'vac'],
    ],
  },
  36: {
    'admissionregistration.k8s.io/v1': [
      ['mutatingadmissionpolicies', 'MutatingAdmissionPolicy', 'cluster'],
      [
        'mutatingadmissionpolicybindings',
        'MutatingAdmissionPolicyBinding',
        'cluster',
      ],
    ],
  },
};

/** The kinds that an API server of version `1.<minor>` serves in their stable versions. */
export function builtInTypes(minor: number): ResourceType[] {
  const later = Object.entries(LATER_TYPES)
    .filter(([since]) => Number(since) <= minor)
    .flatMap(([, types]) => Object.entries(types));
  return [...Object.entries(TYPES), ...later].flatMap(([apiVersion, rows]) => {
    const [version, group = ''] = apiVersion.split('/').reverse();
    return rows.map(([resource, kind, scope, shortNames, subresources]) => ({
      group,
      version,
      resource,
      singular: kind.toLowerCase(),
      kind,
      namespaced: scope === 'namespaced',
      shortNames: split(shortNames),
      subresources: split(subresources) as Subresource[],
      custom: false,
      ...(group === eventsView.seenIn && { viewOf: eventsView }),
    }));
  });
}

/** Groups without stored kinds, whose reviews are only created. */
export const REVIEW_GROUPS = ['authorization.k8s.io'];

function split(list: string | undefined): string[] {
  return list ? list.split(',') : [];
}
