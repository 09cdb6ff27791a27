import { addCalledServices } from './calledServices';
import { condition, conditionSummary } from './conditions';
import { observeContainer } from './container';
import {
  ContextNode,
  EventRule,
  KindDefinition,
  KubernetesObject,
  Neighbours,
} from './kindDefinition';
import { NODE, POD } from './kindIds';
import { declaredPorts } from './declaredPorts';
import { observation, owners } from './metadata';
import { addNetworkReferences } from './networkAttachmentDefinition';
import { Json, OwnerReference, Reference } from './observation';
import { PodContainer, podContainers, podVerdict } from './podHealth';
import { judgeByMounts, mountNeeds } from './podNeeds';
import {
  addPodPlacement,
  barePodSelectors,
  placementProperties,
} from './podPlacement';
import { podSpecReferences } from './podTemplate';
import { startReads, withStaleness } from './staleConfiguration';
import { Verdict } from './status';
import { withoutUndefined } from './json';
import { verdict } from './verdict';

/** What `facts` of a pod hold: what Services, claims and controllers ask of it. */
export interface PodFacts {
  ready: boolean;
  /** Succeeded or Failed: it will not run again. */
  terminal: boolean;
  terminating: boolean;
  /** `status.phase` is Failed: only then a replacement makes it history. */
  failed: boolean;
}

/** Controllers that replace a pod that has failed. */
const REPLACED_BY = [
  'replicaset-pod',
  'replicationcontroller-pod',
  'statefulset-pod',
  'daemonset-pod',
] as const;

const CREATING = ['ContainerCreating', 'SlowStart', 'SandboxSlow'];

/** H015: an event names what keeps the containers from being created. */
function creationRule(eventReason: string, reason: string): EventRule {
  return {
    rule: 'H015',
    eventReasons: [eventReason],
    when: { levels: ['progressing', 'degraded'], reasons: CREATING },
    level: 'down',
    reason,
    after: { count: 2, lasting: 30_000 },
  };
}

const EVENT_RULES: readonly EventRule[] = [
  {
    rule: 'H009',
    eventReasons: ['TriggeredScaleUp', 'Nominated'],
    when: { levels: ['down', 'progressing'], reasons: ['Unschedulable'] },
    level: 'progressing',
    reason: 'WaitingForNode',
    within: 10 * 60_000,
  },
  creationRule('FailedMount', 'MountFailed'),
  creationRule('FailedAttachVolume', 'AttachFailed'),
  creationRule('FailedCreatePodSandBox', 'SandboxFailed'),
  creationRule('FailedPrepareDynamicResources', 'DeviceFailed'),
  creationRule('NetworkNotReady', 'NetworkNotReady'),
  {
    rule: 'H027',
    eventReasons: ['Killing'],
    messageIncludes: 'failed liveness probe',
    when: { levels: ['degraded'], reasons: ['Restarting'] },
    level: 'degraded',
    reason: 'LivenessKilling',
  },
  {
    rule: 'H026',
    eventReasons: ['Unhealthy'],
    messageIncludes: 'Readiness probe',
    when: { levels: ['degraded'], reasons: ['ReadinessFailing'] },
    level: 'degraded',
    reason: 'ReadinessFailing',
  },
  {
    rule: 'H025',
    eventReasons: ['Unhealthy'],
    messageIncludes: 'Startup probe',
    when: { levels: ['degraded'], reasons: ['ReadinessFailing'] },
    level: 'degraded',
    reason: 'StartupFailing',
  },
];

export const podKind: KindDefinition = {
  id: POD,
  type: 'pod',
  version: 'v1',
  plural: 'pods',
  namespaced: true,
  observe(pod, context) {
    const containers = podContainers(pod);
    const own = podVerdict(pod, containers);
    const references = podReferences(pod);
    return observation(POD, true, pod, context, {
      properties: podProperties(pod, containers),
      verdict: own,
      facts: podFacts(pod, own, references, containers),
      references,
      selectors: barePodSelectors(pod),
      // A mirror pod's owner is its node, which `spec.nodeName` says already (R015).
      owners: withoutNodes(owners(pod)),
      parts: containers.map(one => observeContainer(pod, one, context)),
    });
  },
  eventRules: EVENT_RULES,
  contextRelations: ['node-pod', 'pod-secret', 'pod-configmap', ...REPLACED_BY],
  judgeInContext: (pod, neighbours) =>
    withStaleness(pod, neighbours, judgeInContext(pod, neighbours)),
};

function withoutNodes(all: OwnerReference[]): OwnerReference[] {
  const isNode = ({ kind }: OwnerReference) => kind.kind === 'Node';
  return all.some(isNode) ? all.filter(owner => !isNode(owner)) : all;
}

function podFacts(
  pod: KubernetesObject,
  own: Verdict,
  references: readonly Reference[],
  containers: readonly PodContainer[],
): PodFacts & { [name: string]: Json } {
  const { phase } = pod.status ?? {};
  const facts: PodFacts & { [name: string]: Json } = {
    ready: condition(pod, 'Ready')?.status === 'True',
    terminal: phase === 'Succeeded' || phase === 'Failed',
    terminating: pod.metadata.deletionTimestamp !== undefined,
    failed: phase === 'Failed',
  };
  if (pod.metadata.ownerReferences?.[0]?.kind === 'DaemonSet') {
    // The set knows by it where a pod of it is missing (H057).
    facts.daemonNode = pod.spec?.nodeName ?? '';
  }
  const ports = declaredPorts(pod);
  if (ports) {
    facts.ports = ports;
  }
  const needs = mountNeeds(own, references);
  if (needs) {
    facts.mountNeeds = needs;
  }
  const reads = startReads(references, containers);
  if (reads) {
    facts.startReads = reads;
  }
  return facts;
}

function podReferences(pod: KubernetesObject): readonly Reference[] {
  const { name, namespace } = pod.metadata;
  const node: string | undefined = pod.spec?.nodeName || undefined;
  const references = [...podSpecReferences('pod', namespace, pod.spec, name)];
  if (node) {
    references.push({
      relation: 'node-pod',
      end: 'target',
      other: { kind: NODE, namespace: '', name: node },
      required: true,
    });
  }
  addPodPlacement(references, pod);
  addCalledServices(references, 'pod', namespace, pod.spec);
  addNetworkReferences(references, pod);
  return references;
}

function podProperties(
  pod: KubernetesObject,
  containers: readonly PodContainer[],
): { [name: string]: Json | undefined } {
  const { spec = {}, status = {}, metadata } = pod;
  const counted = containers.filter(
    ({ role }) => role === 'container' || role === 'sidecar',
  );
  const ready = counted.filter(one => one.status?.ready === true).length;
  return {
    Node: spec.nodeName ?? '',
    IP: status.podIP || undefined,
    IPs: addressesOfBothFamilies(status),
    Status: status.reason || status.phase || '',
    Phase: status.phase,
    Ready: `${ready}/${counted.length}`,
    Restarts: counted.reduce(
      (sum, one) => sum + (one.status?.restartCount ?? 0),
      0,
    ),
    Images: [...new Set(counted.map(one => String(one.spec.image)))],
    QOSClass: status.qosClass,
    RestartPolicy: spec.restartPolicy,
    ServiceAccount: spec.serviceAccountName,
    HostNetwork: spec.hostNetwork,
    DNSPolicy: unlessClusterFirst(spec.dnsPolicy),
    HostIP: status.hostIP,
    StartTime: status.startTime,
    Conditions: conditionSummary(pod),
    DeletionTimestamp: metadata.deletionTimestamp,
    ...placementProperties(pod),
  };
}

/** With any other policy names of the cluster are not looked up in the cluster. */
function unlessClusterFirst(policy: unknown): string | undefined {
  return policy === 'Default' || policy === 'None' ? policy : undefined;
}

/** Only where there are several: else `IP` says it. */
function addressesOfBothFamilies(status: KubernetesObject): Json | undefined {
  const { podIPs } = status;
  return Array.isArray(podIPs) && podIPs.length > 1
    ? podIPs.map(one => String(one?.ip ?? ''))
    : undefined;
}

/** Only an unreachable node's pods are unknown: a kubelet that says NotReady still tells about its pods. */
function isUnreachable(node: ContextNode): boolean {
  return node.level === 'missing' || node.facts.ready === 'Unknown';
}

function judgeInContext(
  pod: ContextNode,
  neighbours: Neighbours,
): Verdict | undefined {
  if (pod.facts.failed) {
    return historyVerdict(pod, neighbours);
  }
  if (pod.facts.terminal || pod.own.reason === 'StuckTerminating') {
    return undefined;
  }
  const node = neighbours('node-pod', 'in').find(isUnreachable);
  if (!node || pod.own.rule === 'H007') {
    return judgeByMounts(pod, neighbours);
  }
  if (node.level === 'missing' && pod.own.level !== 'ok') {
    // Bound to a node that never was: its own Pending says more.
    return undefined;
  }
  return withoutUndefined({
    ...verdict('unknown', 'NodeLost', {
      rule: 'H007',
      since: node.own.since,
      message: 'its node is unreachable: what the pod says is old',
      evidence: [
        {
          source: 'structure',
          field: 'spec.nodeName',
          value: node.own.message ?? node.own.reason,
        },
        ...pod.own.evidence,
      ],
    }),
    sequel:
      pod.own.sequel?.verdict.reason === 'StuckTerminating'
        ? pod.own.sequel
        : undefined,
  });
}

/** A failed pod that its controller has replaced is a leftover, not a problem (H002). */
function historyVerdict(
  pod: ContextNode,
  neighbours: Neighbours,
): Verdict | undefined {
  const replaced = REPLACED_BY.flatMap(relation => [
    ...neighbours(relation, 'in'),
  ]).some(owner => owner.facts.satisfied === true);
  return replaced && pod.own.level === 'down'
    ? {
        ...pod.own,
        level: 'history',
        reason:
          pod.own.reason === 'Evicted' ? 'EvictedHistory' : pod.own.reason,
        rule: 'H002',
      }
    : undefined;
}
