import { configMapKind } from './configMap';
import { cronJobKind } from './cronJob';
import { daemonSetKind } from './daemonSet';
import { deploymentKind } from './deployment';
import { endpointsKind } from './endpoints';
import { endpointSliceKind } from './endpointSlice';
import { eventKind } from './event';
import { KindId, kindText } from './identity';
import { ingressKind } from './ingress';
import { jobKind } from './job';
import { KindDefinition } from './kindDefinition';
import { namespaceKind } from './namespace';
import { networkPolicyKind } from './networkPolicy';
import { nodeKind } from './node';
import { persistentVolumeKind } from './persistentVolume';
import { persistentVolumeClaimKind } from './persistentVolumeClaim';
import { podKind } from './pod';
import { replicaSetKind, replicationControllerKind } from './replicaSet';
import { secretKind } from './secret';
import { serviceKind } from './service';
import { statefulSetKind } from './statefulSet';
import { storageClassKind } from './storageClass';
import { NETWORK_KINDS } from './networkKinds';
import { csiDriverKind } from './csiDriver';
import { csiNodeKind } from './csiNode';
import { csiStorageCapacityKind } from './csiStorageCapacity';
import { leaseKind } from './lease';
import { volumeAttachmentKind } from './volumeAttachment';
import { volumeAttributesClassKind } from './volumeAttributesClass';
import { volumeSnapshotKind } from './volumeSnapshot';
import {
  volumeSnapshotClassKind,
  volumeSnapshotContentKind,
} from './volumeSnapshotClass';
import { controllerRevisionKind } from './controllerRevision';
import { deviceClassKind } from './deviceClass';
import { limitRangeKind } from './limitRange';
import { podTemplateKind } from './podTemplateObject';
import { priorityClassKind } from './priorityClass';
import { resourceClaimKind, resourceClaimTemplateKind } from './resourceClaim';
import { resourceQuotaKind } from './resourceQuota';
import { resourceSliceKind } from './resourceSlice';
import { clusterRoleKind, roleKind } from './role';
import { clusterRoleBindingKind, roleBindingKind } from './roleBinding';
import { runtimeClassKind } from './runtimeClass';
import { serviceAccountKind } from './serviceAccount';

/**
 * Every kind that is listed and watched. Containers come as parts of pods and the cluster as `observeCluster`.
 * Few and referred to first, so that edges find their ends.
 */
export const KIND_DEFINITIONS: readonly KindDefinition[] = [
  namespaceKind,
  nodeKind,
  storageClassKind,
  persistentVolumeKind,
  persistentVolumeClaimKind,
  configMapKind,
  secretKind,
  deploymentKind,
  statefulSetKind,
  daemonSetKind,
  cronJobKind,
  jobKind,
  replicaSetKind,
  replicationControllerKind,
  podKind,
  serviceKind,
  endpointSliceKind,
  endpointsKind,
  ingressKind,
  networkPolicyKind,
  eventKind,
  ...NETWORK_KINDS,
  csiDriverKind,
  csiNodeKind,
  volumeAttributesClassKind,
  volumeAttachmentKind,
  csiStorageCapacityKind,
  volumeSnapshotClassKind,
  volumeSnapshotContentKind,
  volumeSnapshotKind,
  leaseKind,
  serviceAccountKind,
  roleKind,
  clusterRoleKind,
  roleBindingKind,
  clusterRoleBindingKind,
  priorityClassKind,
  runtimeClassKind,
  resourceQuotaKind,
  limitRangeKind,
  controllerRevisionKind,
  podTemplateKind,
  resourceClaimKind,
  resourceClaimTemplateKind,
  deviceClassKind,
  resourceSliceKind,
];

const BY_TEXT: ReadonlyMap<string, KindDefinition> = new Map(
  KIND_DEFINITIONS.map(definition => [kindText(definition.id), definition]),
);

/** An object of a kind that the engine has no definition for. */
export class UnregisteredKindError extends Error {
  constructor(id: KindId) {
    super(
      `No definition for kind '${kindText(
        id,
      )}': add one file to kinds/ and register it in kinds/index.ts`,
    );
    this.name = 'UnregisteredKindError';
  }
}

export function isRegisteredKind(id: KindId): boolean {
  return BY_TEXT.has(kindText(id));
}

/** @throws UnregisteredKindError */
export function kindDefinition(id: KindId): KindDefinition {
  const definition = BY_TEXT.get(kindText(id));
  if (!definition) {
    throw new UnregisteredKindError(id);
  }
  return definition;
}

export { observeCluster } from './cluster';
export { judgeByEvents } from './eventRules';
export type { EventFacts } from './eventRules';
export * from './kindIds';
export {
  RELATIONS,
  UnknownRelationError,
  ownerRelation,
  relationByName,
} from './relations';
export { LabelSelectorError, parseLabelSelector } from './labelSelectorText';
export {
  matchesLabels,
  selectorFromMap,
  selectorFromObject,
  selectorText,
} from './labelSelector';
export { MalformedObjectError } from './metadata';
export { moreSevere } from './verdict';
