import { KubernetesObject } from '../../objects/kubernetesObject';
import { groupResource, ResourceType } from '../../resources/resourceType';
import { RandomNames } from '../randomNames';
import { defaultPod, defaultPodSpec } from './podDefaults';

type Fields = Record<string, any>;
type Defaulter = (object: KubernetesObject, names: RandomNames) => void;

const ROLLING_QUARTER = { maxUnavailable: '25%', maxSurge: '25%' };

/** What the API server fills in when an object of a kind is created; `status` is then the new object's own. */
const CREATED: Record<string, Defaulter> = {
  namespaces(namespace) {
    namespace.metadata.labels = {
      ...namespace.metadata.labels,
      'kubernetes.io/metadata.name': namespace.metadata.name,
    };
    namespace.spec = { finalizers: ['kubernetes'] };
    namespace.status = { phase: 'Active' };
  },
  secrets(secret) {
    secret.type ??= 'Opaque';
  },
  pods: defaultPod,
  services({ spec, ...service }, names) {
    if (spec.type !== 'ExternalName' && !spec.clusterIP) {
      spec.clusterIP = `10.96.${names.below(255)}.${1 + names.below(254)}`;
    }
    if (['NodePort', 'LoadBalancer'].includes(spec.type)) {
      for (const port of spec.ports ?? []) {
        port.nodePort ??= 30000 + names.below(2768);
      }
    }
    service.status = { loadBalancer: {} };
  },
  persistentvolumeclaims(claim) {
    claim.status = { phase: 'Pending' };
    protect(claim, 'kubernetes.io/pvc-protection');
  },
  persistentvolumes(volume) {
    volume.status = { phase: 'Pending' };
    protect(volume, 'kubernetes.io/pv-protection');
  },
  'deployments.apps': emptyStatus,
  'replicasets.apps'(replicaSet) {
    replicaSet.status = { replicas: 0 };
  },
  'statefulsets.apps'(statefulSet) {
    statefulSet.status = { replicas: 0, availableReplicas: 0 };
  },
  'daemonsets.apps'(daemonSet) {
    daemonSet.metadata.annotations = {
      'deprecated.daemonset.template.generation': '1',
      ...daemonSet.metadata.annotations,
    };
    daemonSet.status = {
      currentNumberScheduled: 0,
      numberMisscheduled: 0,
      desiredNumberScheduled: 0,
      numberReady: 0,
    };
  },
  'jobs.batch': emptyStatus,
  'cronjobs.batch': emptyStatus,
  'ingresses.networking.k8s.io'(ingress) {
    ingress.status = { loadBalancer: {} };
  },
  'customresourcedefinitions.apiextensions.k8s.io': acceptDefinition,
  'poddisruptionbudgets.policy'(budget) {
    budget.status = {
      disruptionsAllowed: 0,
      currentHealthy: 0,
      desiredHealthy: 0,
      expectedPods: 0,
    };
  },
};

/** What is filled in at every write of the spec. */
const WRITTEN: Record<
  string,
  (spec: Fields, object: KubernetesObject) => void
> = {
  services: defaultService,
  persistentvolumeclaims(spec) {
    spec.volumeMode ??= 'Filesystem';
  },
  persistentvolumes(spec) {
    spec.persistentVolumeReclaimPolicy ??= 'Retain';
    spec.volumeMode ??= 'Filesystem';
    if (spec.hostPath) {
      spec.hostPath.type ??= '';
    }
  },
  'deployments.apps'(spec) {
    spec.replicas ??= 1;
    defaultTemplate(spec.template);
    spec.strategy ??= {};
    spec.strategy.type ??= 'RollingUpdate';
    if (spec.strategy.type === 'RollingUpdate') {
      spec.strategy.rollingUpdate = {
        ...ROLLING_QUARTER,
        ...spec.strategy.rollingUpdate,
      };
    }
    spec.revisionHistoryLimit ??= 10;
    spec.progressDeadlineSeconds ??= 600;
  },
  'replicasets.apps'(spec) {
    spec.replicas ??= 1;
    defaultTemplate(spec.template);
  },
  'statefulsets.apps'(spec, { metadata }) {
    spec.replicas ??= 1;
    defaultTemplate(spec.template);
    for (const claim of spec.volumeClaimTemplates ?? []) {
      claim.kind = 'PersistentVolumeClaim';
      claim.apiVersion = 'v1';
      claim.metadata.creationTimestamp ??= null;
      claim.spec.volumeMode ??= 'Filesystem';
      claim.status ??= { phase: 'Pending' };
    }
    spec.serviceName ??= metadata.name;
    spec.podManagementPolicy ??= 'OrderedReady';
    spec.updateStrategy ??= {};
    spec.updateStrategy.type ??= 'RollingUpdate';
    if (spec.updateStrategy.type === 'RollingUpdate') {
      spec.updateStrategy.rollingUpdate ??= { partition: 0 };
    }
    spec.revisionHistoryLimit ??= 10;
    spec.persistentVolumeClaimRetentionPolicy ??= {
      whenDeleted: 'Retain',
      whenScaled: 'Retain',
    };
  },
  'daemonsets.apps'(spec) {
    defaultTemplate(spec.template);
    spec.updateStrategy ??= {
      type: 'RollingUpdate',
      rollingUpdate: { maxUnavailable: 1, maxSurge: 0 },
    };
    spec.revisionHistoryLimit ??= 10;
  },
  'jobs.batch': defaultJob,
  'cronjobs.batch'(spec) {
    spec.concurrencyPolicy ??= 'Allow';
    spec.suspend ??= false;
    spec.successfulJobsHistoryLimit ??= 3;
    spec.failedJobsHistoryLimit ??= 1;
    spec.jobTemplate.metadata ??= { creationTimestamp: null };
    defaultTemplate(spec.jobTemplate.spec.template);
  },
  'networkpolicies.networking.k8s.io'(spec) {
    spec.policyTypes ??= spec.egress ? ['Ingress', 'Egress'] : ['Ingress'];
    for (const rule of [...(spec.ingress ?? []), ...(spec.egress ?? [])]) {
      for (const port of rule.ports ?? []) {
        port.protocol ??= 'TCP';
      }
    }
  },
};

export function defaultCreated(
  type: ResourceType,
  object: KubernetesObject,
  names: RandomNames,
): void {
  CREATED[groupResource(type)]?.(object, names);
  defaultJobIdentity(type, object);
  defaultWritten(type, object);
}

export function defaultWritten(
  type: ResourceType,
  object: KubernetesObject,
): void {
  if (type.resource === 'secrets' && type.group === '') {
    encodeStringData(object);
  }
  if (type.resource === 'storageclasses') {
    object.reclaimPolicy ??= 'Delete';
    object.volumeBindingMode ??= 'Immediate';
  }
  if (object.spec) {
    WRITTEN[groupResource(type)]?.(object.spec, object);
  }
}

/** As the controllers inside the API server do within milliseconds. */
function acceptDefinition(definition: KubernetesObject): void {
  const { names, versions } = definition.spec;
  names.singular ??= names.kind.toLowerCase();
  names.listKind ??= `${names.kind}List`;
  const condition = (type: string, reason: string, message: string) => ({
    type,
    status: 'True',
    lastTransitionTime: definition.metadata.creationTimestamp,
    reason,
    message,
  });
  definition.status = {
    acceptedNames: names,
    conditions: [
      condition('NamesAccepted', 'NoConflicts', 'no conflicts found'),
      condition(
        'Established',
        'InitialNamesAccepted',
        'the initial names have been accepted',
      ),
    ],
    storedVersions: versions
      .filter((version: Fields) => version.storage)
      .map((version: Fields) => version.name),
  };
}

function emptyStatus(object: KubernetesObject): void {
  object.status = {};
}

function protect({ metadata }: KubernetesObject, finalizer: string): void {
  if (!metadata.finalizers?.includes(finalizer)) {
    metadata.finalizers = [...(metadata.finalizers ?? []), finalizer];
  }
}

function defaultTemplate(template: Fields): void {
  template.metadata = { creationTimestamp: null, ...template.metadata };
  defaultPodSpec(template.spec);
}

function defaultService(spec: Fields): void {
  spec.type ??= 'ClusterIP';
  for (const port of spec.ports ?? []) {
    port.protocol ??= 'TCP';
    port.targetPort ??= port.port;
  }
  spec.sessionAffinity ??= 'None';
  if (spec.type !== 'ExternalName') {
    spec.clusterIPs ??= [spec.clusterIP];
    spec.ipFamilies ??= ['IPv4'];
    spec.ipFamilyPolicy ??= 'SingleStack';
    spec.internalTrafficPolicy ??= 'Cluster';
  }
}

function defaultJob(spec: Fields): void {
  spec.parallelism ??= 1;
  spec.completions ??= 1;
  spec.backoffLimit ??= 6;
  spec.manualSelector ??= false;
  spec.completionMode ??= 'NonIndexed';
  spec.suspend ??= false;
  spec.podReplacementPolicy ??= 'TerminatingOrFailed';
  defaultTemplate(spec.template);
}

/** A Job's pods are told by its own uid, which the API server writes into its labels and selector. */
function defaultJobIdentity(type: ResourceType, job: KubernetesObject): void {
  if (groupResource(type) !== 'jobs.batch' || job.spec.manualSelector) {
    return;
  }
  const { uid, name } = job.metadata;
  const labels = {
    'batch.kubernetes.io/controller-uid': uid!,
    'batch.kubernetes.io/job-name': name,
    'controller-uid': uid!,
    'job-name': name,
  };
  job.metadata.labels = { ...job.metadata.labels, ...labels };
  job.spec.selector = {
    matchLabels: { 'batch.kubernetes.io/controller-uid': uid },
  };
  job.spec.template.metadata = {
    ...job.spec.template.metadata,
    labels: { ...job.spec.template.metadata?.labels, ...labels },
  };
}

function encodeStringData(secret: KubernetesObject): void {
  if (secret.stringData) {
    secret.data = {
      ...secret.data,
      ...Object.fromEntries(
        Object.entries(secret.stringData as Record<string, string>).map(
          ([key, value]) => [key, Buffer.from(value).toString('base64')],
        ),
      ),
    };
    delete secret.stringData;
  }
}
