import { kindText } from '../kinds/identity';
import { refused } from './admission';
import { CausalGraphNode } from './causalGraph';
import { attachLimit } from './attachLimit';
import { attachmentItself, volumeNotAttached } from './attachment';
import { crashedByChange, unreadyByChange } from './changedConfiguration';
import { unboundClaim } from './claim';
import { containerFault, notReady, partOfPod } from './container';
import { CONTAINER_FAULTS } from './containerExplainers';
import { controlPlaneLease, endpointsOutdated } from './controlPlane';
import { crowdedOut, nodeLeaves } from './crowding';
import { customResource, isCustomResource, producer } from './customResource';
import { EXPERIMENT_EXPLAINERS, underExperiment } from './experiment';
import { Explainer } from './finding';
import { imagePull } from './image';
import { missingObject, missingReference } from './missingReference';
import { mutatedLimit } from './mutated';
import { namespaceStuck, stuckInDeletion } from './namespaceEnd';
import { lostWithNode, noRoomWithoutNode } from './node';
import { BY_NODE, NODE_FAULTS } from './nodeExplainers';
import { operatorDown } from './operator';
import { quotaItself } from './quota';
import { ingress, unanswered } from './ingress';
import { NETWORK_EXPLAINERS, UNREACHED } from './networkExplainers';
import { scaledToZero, service } from './routing';
import { NO_PLACE } from './schedulingExplainers';
import { unallocatedClaim } from './devices';
import { controllerRefused, podRefused } from './refusedAtRun';
import { fedByScaledObject, scaledObject } from './scaledObject';
import { shadowedEnvironment } from './shadowedEnvironment';
import { staleConfiguration } from './staleConfiguration';
import { volumeItself } from './volume';
import { waitingForClaim } from './waitingForClaim';
import { noSuchNode, podsForNoNode } from './unscheduled';
import { AUTOSCALER, CRON_JOB, JOB } from './workloadExplainers';
import { webhookAuthority } from './webhookCertificate';
import {
  headlessServiceMissing,
  podsStarting,
  rollUp,
  workloadAlone,
} from './workload';

const WORKLOAD: readonly Explainer[] = [
  podsForNoNode,
  podsStarting,
  either(refused, rollUp),
  scaledToZero,
  workloadAlone,
];

/**
 * The families that speak for a kind, the most specific first: the first that recognises the symptom decides, so that
 * a message which names its cause is never overruled by mere structure.
 */
const EXPLAINERS: Readonly<Record<string, readonly Explainer[]>> = {
  Pod: [
    noSuchNode,
    lostWithNode,
    missingReference,
    waitingForClaim,
    volumeNotAttached,
    attachLimit,
    nodeLeaves,
    crowdedOut,
    noRoomWithoutNode,
    ...BY_NODE,
    ...NO_PLACE,
    imagePull,
    podRefused,
    underExperiment,
    mutatedLimit,
    ...CONTAINER_FAULTS,
    ...UNREACHED,
    crashedByChange,
    shadowedEnvironment,
    containerFault,
    unreadyByChange,
    notReady,
    staleConfiguration,
  ],
  Container: [partOfPod],
  Node: NODE_FAULTS,
  PersistentVolumeClaim: [unboundClaim],
  PersistentVolume: [volumeItself],
  'VolumeAttachment.storage.k8s.io': [attachmentItself],
  'ReplicaSet.apps': WORKLOAD,
  // Its ReplicaSet repeats what the API server refuses, and is one hop nearer to the root.
  'Deployment.apps': [rollUp, refused, scaledToZero, workloadAlone],
  'StatefulSet.apps': [headlessServiceMissing, ...WORKLOAD],
  'DaemonSet.apps': WORKLOAD,
  ReplicationController: WORKLOAD,
  'Job.batch': [either(refused, rollUp), ...JOB],
  'CronJob.batch': [refused, ...CRON_JOB, rollUp, workloadAlone],
  'HorizontalPodAutoscaler.autoscaling': [
    fedByScaledObject,
    ...AUTOSCALER,
    unanswered,
  ],
  'ScaledObject.keda.sh': [stuckInDeletion, scaledObject, customResource],
  Namespace: [namespaceStuck],
  ResourceQuota: [quotaItself],
  'ResourceClaim.resource.k8s.io': [unallocatedClaim],
  Service: [endpointsOutdated, service],
  'Lease.coordination.k8s.io': [controlPlaneLease],
  'Ingress.networking.k8s.io': [ingress],
  ...Object.fromEntries(
    [
      'ValidatingWebhookConfiguration.admissionregistration.k8s.io',
      'MutatingWebhookConfiguration.admissionregistration.k8s.io',
    ].map(kind => [kind, [unanswered, webhookAuthority]]),
  ),
  ...Object.fromEntries(
    [
      'APIService.apiregistration.k8s.io',
      'CustomResourceDefinition.apiextensions.k8s.io',
    ].map(kind => [kind, [unanswered]]),
  ),
  ...EXPERIMENT_EXPLAINERS,
  ...NETWORK_EXPLAINERS,
};

export function explainersOf(node: CausalGraphNode): readonly Explainer[] {
  const own = EXPLAINERS[kindText(node.kind)];
  return [
    producer,
    missingObject,
    ...(own ??
      (isCustomResource(node)
        ? [stuckInDeletion, controllerRefused, operatorDown, customResource]
        : [])),
  ];
}

/** Both families speak: a controller may be refused some pods and suffer from others. */
function either(...explainers: readonly Explainer[]): Explainer {
  return (node, graph) => {
    const findings = explainers.flatMap(
      explainer => explainer(node, graph) ?? [],
    );
    return findings.length > 0 ? findings : undefined;
  };
}
