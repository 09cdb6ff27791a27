import { KindId } from './identity';
import { KubernetesObject } from './kindDefinition';
import { Reference } from './observation';
import { PodSpecOwner } from './placementReferences';

const COSCHEDULING_GROUP: KindId = {
  group: 'scheduling.x-k8s.io',
  kind: 'PodGroup',
};
const VOLCANO_GROUP: KindId = {
  group: 'scheduling.volcano.sh',
  kind: 'PodGroup',
};
const POD_GROUP: KindId = { group: 'scheduling.k8s.io', kind: 'PodGroup' };
const WORKLOAD: KindId = { group: 'scheduling.k8s.io', kind: 'Workload' };
const LOCAL_QUEUE: KindId = { group: 'kueue.x-k8s.io', kind: 'LocalQueue' };

/**
 * All-or-nothing scheduling: the group or the queue without which the pod is not scheduled (R125), added to
 * `references`.
 */
export function addGangReferences(
  references: Reference[],
  owner: PodSpecOwner,
  namespace: string,
  metadata: KubernetesObject | undefined,
  spec: KubernetesObject,
): void {
  const add = (target: string, kind: KindId, name: unknown) => {
    references.push({
      relation: `${owner}-${target}`,
      end: 'source',
      other: { kind, namespace, name: String(name) },
      required: true,
    });
  };
  const labels = metadata?.labels;
  if (labels) {
    const group = labels['scheduling.x-k8s.io/pod-group'];
    if (group) {
      add('podgroup', COSCHEDULING_GROUP, group);
    }
    const queue = labels['kueue.x-k8s.io/queue-name'];
    if (queue) {
      add('localqueue', LOCAL_QUEUE, queue);
    }
  }
  const volcano = metadata?.annotations?.['scheduling.k8s.io/group-name'];
  if (volcano) {
    add('podgroup', VOLCANO_GROUP, volcano);
  }
  if (spec.schedulingGroup?.podGroupName) {
    add('podgroup', POD_GROUP, spec.schedulingGroup.podGroupName);
  }
  if (spec.workloadRef?.name) {
    add('workload', WORKLOAD, spec.workloadRef.name);
  }
}
