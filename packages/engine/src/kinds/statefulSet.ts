import {
  ContextNode,
  KindDefinition,
  KubernetesObject,
  Neighbours,
} from './kindDefinition';
import { PERSISTENT_VOLUME_CLAIM, SERVICE, STATEFUL_SET } from './kindIds';
import { observation, ownVerdict, parseTime } from './metadata';
import { Reference } from './observation';
import { podSetReference } from './podSets';
import { affinitySelectors } from './affinitySelectors';
import { templateReferences } from './templateReferences';
import {
  judgeByCreation,
  judgeByPods,
  replicaEvidence,
  replicaVerdict,
} from './replicaHealth';
import { PROBLEM_LEVELS, Verdict } from './status';
import { fieldEvidence, verdict, worstVerdict } from './verdict';
import {
  createFailureRules,
  observedVerdict,
  templateProperties,
} from './workload';

/** So many claims of one StatefulSet are drawn at most; the pods' own edges show the others. */
const MOST_CLAIMS = 1000;

export const statefulSetKind: KindDefinition = {
  id: STATEFUL_SET,
  type: 'statefulset',
  version: 'v1',
  plural: 'statefulsets',
  namespaced: true,
  observe(set, context) {
    const { spec = {}, status = {} } = set;
    const { desired, ready } = replicas(set);
    return observation(STATEFUL_SET, true, set, context, {
      properties: {
        DesiredReplicas: desired,
        ServiceName: spec.serviceName ?? '',
        Replicas: status.replicas ?? 0,
        ReadyReplicas: ready,
        CurrentReplicas: status.currentReplicas ?? 0,
        UpdatedReplicas: status.updatedReplicas ?? 0,
        CurrentRevision: status.currentRevision ?? '',
        UpdateRevision: status.updateRevision ?? '',
        PodManagementPolicy: spec.podManagementPolicy,
        UpdateStrategy: spec.updateStrategy?.type,
        ...templateProperties(set),
      },
      verdict: ownVerdict(set, setVerdict(set)),
      facts: {
        satisfied: ready >= desired,
        desired,
        ready,
        blocks:
          spec.podManagementPolicy !== 'Parallel' &&
          (status.replicas ?? 0) < desired,
      },
      podLabels: spec.template?.metadata?.labels,
      references: references(set),
      selectors: affinitySelectors('statefulset', spec.template),
    });
  },
  eventRules: createFailureRules('H054', ['PodsNotReady']),
  contextRelations: ['statefulset-pod', 'statefulset-service'],
  judgeInContext,
};

function replicas(set: KubernetesObject) {
  return {
    desired: Number(set.spec?.replicas ?? 1),
    created: Number(set.status?.replicas ?? 0),
    ready: Number(set.status?.readyReplicas ?? 0),
    fields: { desired: 'spec.replicas', ready: 'status.readyReplicas' },
  };
}

/** H039, H041, H051–H053, the first that holds. */
function setVerdict(set: KubernetesObject): Verdict {
  const { spec = {}, status = {} } = set;
  const counted = replicas(set);
  const evidence = replicaEvidence(counted);
  if (counted.desired === 0) {
    return verdict('idle', 'ScaledToZero', { rule: 'H039', evidence });
  }
  const unobserved = observedVerdict(set);
  if (unobserved) {
    return unobserved;
  }
  const partition: number = spec.updateStrategy?.rollingUpdate?.partition ?? 0;
  const updating =
    status.updateRevision !== undefined &&
    status.updateRevision !== status.currentRevision;
  const manual = spec.updateStrategy?.type === 'OnDelete' || partition > 0;
  const revisions = [
    fieldEvidence('status.currentRevision', status.currentRevision),
    fieldEvidence('status.updateRevision', status.updateRevision),
  ];
  if (counted.ready < counted.desired) {
    return replicaVerdict(
      counted,
      parseTime(set.metadata.creationTimestamp),
      'H051',
      'PodsNotReady',
    );
  }
  const rolling =
    updating && (status.updatedReplicas ?? 0) < counted.desired - partition;
  if (rolling && spec.updateStrategy?.type !== 'OnDelete') {
    return verdict('progressing', 'RollingOut', {
      rule: 'H052',
      evidence: revisions,
    });
  }
  return updating && manual
    ? verdict('ok', 'WaitingManualUpdate', {
        rule: 'H053',
        evidence: revisions,
      })
    : verdict('ok', 'Ready', { evidence });
}

function references(set: KubernetesObject): Reference[] {
  const { spec = {}, metadata } = set;
  const { namespace } = metadata;
  return [
    ...templateReferences('statefulset', metadata, spec.template),
    ...podSetReference('leaderworkerset-statefulset', set),
    ...claimReferences(set),
    ...(spec.serviceName
      ? [
          {
            relation: 'statefulset-service',
            end: 'source' as const,
            other: { kind: SERVICE, namespace, name: spec.serviceName },
            required: true,
          },
        ]
      : []),
  ];
}

/**
 * The claims of the pods that exist, by the controller's name pattern (R005). A claim is made before its pod, so one
 * of these that is absent has been lost; claims beyond `status.replicas` may not be there yet, or no longer needed.
 */
function claimReferences(set: KubernetesObject): Reference[] {
  const { spec = {}, status = {}, metadata } = set;
  const start: number = spec.ordinals?.start ?? 0;
  const count = Math.min(
    status.replicas ?? 0,
    Math.floor(MOST_CLAIMS / Math.max(1, spec.volumeClaimTemplates?.length)),
  );
  const templates: any[] = spec.volumeClaimTemplates ?? [];
  return templates.flatMap(template =>
    Array.from({ length: count }, (_, index) => ({
      relation: 'statefulset-persistentvolumeclaim',
      end: 'source' as const,
      other: {
        kind: PERSISTENT_VOLUME_CLAIM,
        namespace: metadata.namespace,
        name: `${template.metadata?.name}-${metadata.name}-${start + index}`,
      },
      required: true,
    })),
  );
}

/** In order: a pod that is not ready keeps those after it from being created (R004). */
function withBlockingPod(
  { facts }: ContextNode,
  found: Verdict | undefined,
  pods: readonly ContextNode[],
): Verdict | undefined {
  if (!facts.blocks || !found || !PROBLEM_LEVELS.has(found.level)) {
    return found;
  }
  const unready = pods.filter(pod => pod.facts.ready !== true).map(nameOf);
  const [first] = unready.sort((one, other) => ordinal(one) - ordinal(other));
  return first
    ? {
        ...found,
        message: `${found.message}; ${first} keeps those after it from being created`,
      }
    : found;
}

function nameOf({ key }: ContextNode): string {
  return key.slice(key.lastIndexOf('/') + 1);
}

function ordinal(pod: string): number {
  return Number(pod.slice(pod.lastIndexOf('-') + 1));
}

function judgeInContext(
  node: ContextNode,
  neighbours: Neighbours,
): Verdict | undefined {
  const { desired, ready } = node.facts;
  const pods = neighbours('statefulset-pod', 'out');
  const byPods =
    node.own.rule === 'H051'
      ? withBlockingPod(
          node,
          judgeByPods(
            node.own,
            { desired, ready },
            pods,
            'H051',
            'PodsNotReady',
          ),
          pods,
        )
      : judgeByCreation(node);
  const [service] = neighbours('statefulset-service', 'out').filter(
    ({ level }) => level === 'missing',
  );
  if (!service || node.own.level === 'terminating') {
    return byPods;
  }
  return worstVerdict([
    byPods ?? node.own,
    verdict('degraded', 'HeadlessServiceMissing', {
      rule: 'H055',
      message:
        'the Service that spec.serviceName names does not exist: its pods have no DNS names',
      evidence: [
        { source: 'absence', field: 'spec.serviceName', value: service.key },
      ],
    }),
  ]);
}
