import {
  Condition,
  condition,
  conditionEvidence,
  conditionSummary,
  conditions,
} from './conditions';
import { KindDefinition, KubernetesObject } from './kindDefinition';
import { NODE } from './kindIds';
import { nodeOrigin, nodePlace } from './nodeOrigin';
import { observation, ownVerdict, parseTime } from './metadata';
import { Json } from './observation';
import { Verdict } from './status';
import { fieldEvidence, until, verdict, worstVerdict } from './verdict';

const PRESSURES = new Set(['MemoryPressure', 'DiskPressure', 'PIDPressure']);
/** Condition types of node-problem-detector that are problems when True; other unknown types are no evidence (H120). */
const PROBLEM_SHAPED =
  /Deadlock|Readonly|Corrupt|Unhealthy|Problem|Failure|^Frequent/;
const SCALING_DOWN = new Set([
  'ToBeDeletedByClusterAutoscaler',
  'karpenter.sh/disrupted',
  'karpenter.sh/disruption',
  'aws-node-termination-handler/spot-itn',
  'cloud.google.com/impending-node-termination',
  'kubernetes.azure.com/scalesetpriority-eviction',
]);
const OUT_OF_SERVICE = 'node.kubernetes.io/out-of-service';
const UNSCHEDULABLE = 'node.kubernetes.io/unschedulable';

export const nodeKind: KindDefinition = {
  id: NODE,
  type: 'node',
  version: 'v1',
  plural: 'nodes',
  namespaced: false,
  observe(node, context) {
    return observation(NODE, false, node, context, {
      properties: nodeProperties(node),
      verdict: ownVerdict(node, nodeVerdict(node)),
      facts: {
        ready: condition(node, 'Ready')?.status ?? '',
        ...(node.spec?.taints
          ? { taints: node.spec.taints.map(taintText) }
          : {}),
      },
      references: nodeOrigin(node),
    });
  },
  eventRules: [
    {
      // A node that has just been rebooted is given two minutes (`health.md` section 4).
      rule: 'H115',
      eventReasons: ['Rebooted'],
      when: { levels: ['down'], reasons: ['NotReady'] },
      level: 'degraded',
      reason: 'Rebooted',
      within: 2 * 60_000,
    },
  ],
};

function taintText(taint: any): string {
  const value = taint.value ? `=${taint.value}` : '';
  return `${taint.key}${value}:${taint.effect}`;
}

function nodeProperties(node: KubernetesObject): {
  [name: string]: Json | undefined;
} {
  const { spec = {}, status = {} } = node;
  const addresses: any[] = status.addresses ?? [];
  // Several of one type: the last one, as Skydive has it (section 1.2).
  const address = (type: string): string | undefined =>
    addresses.filter(one => one.type === type).at(-1)?.address;
  const info = status.nodeInfo ?? {};
  return {
    Hostname: address('Hostname'),
    InternalIP: address('InternalIP'),
    ExternalIP: address('ExternalIP'),
    Arch: info.architecture,
    Kernel: info.kernelVersion,
    OS: info.operatingSystem,
    OSImage: info.osImage,
    KubeletVersion: info.kubeletVersion,
    ContainerRuntime: info.containerRuntimeVersion,
    ...nodePlace(node),
    Unschedulable: spec.unschedulable,
    Taints: spec.taints?.map(taintText),
    Capacity: status.capacity,
    Allocatable: status.allocatable,
    Conditions: conditionSummary(node),
  };
}

function nodeVerdict(node: KubernetesObject): Verdict {
  return (
    maintenanceVerdict(node) ??
    worstVerdict([readyVerdict(node), ...problemVerdicts(node)])
  );
}

/** What somebody has taken out of service on purpose is no fault, NotReady or not (H121, H122, section 4). */
function maintenanceVerdict(node: KubernetesObject): Verdict | undefined {
  const taints: any[] = node.spec?.taints ?? [];
  const outOfService = taints.find(({ key }) => key === OUT_OF_SERVICE);
  const evidence = (taint: any) => [
    fieldEvidence(
      'spec.taints',
      `${taint.key}:${taint.effect}`,
      parseTime(taint.timeAdded),
    ),
  ];
  if (outOfService) {
    return verdict('down', 'OutOfService', {
      rule: 'H124',
      since: parseTime(outOfService.timeAdded),
      evidence: evidence(outOfService),
    });
  }
  const leaving = taints.find(({ key }) => SCALING_DOWN.has(key));
  if (leaving) {
    return verdict('maintenance', 'ScalingDown', {
      rule: 'H122',
      since: parseTime(leaving.timeAdded),
      evidence: evidence(leaving),
    });
  }
  const cordon = taints.find(({ key }) => key === UNSCHEDULABLE);
  return node.spec?.unschedulable === true || cordon
    ? verdict('maintenance', 'Cordoned', {
        rule: 'H121',
        since: parseTime(cordon?.timeAdded),
        evidence: [fieldEvidence('spec.unschedulable', true)],
      })
    : undefined;
}

/** H115–H117. */
function readyVerdict(node: KubernetesObject): Verdict {
  const ready = condition(node, 'Ready');
  const createdAt = parseTime(node.metadata.creationTimestamp) ?? 0;
  const joining = (budget: number, then: Verdict) =>
    until(
      createdAt + budget,
      verdict('progressing', 'Joining', {
        rule: 'H117',
        since: createdAt,
        evidence: then.evidence,
      }),
      then,
    );
  if (!ready) {
    return joining(
      60_000,
      verdict('unknown', 'NoReadyCondition', {
        evidence: [fieldEvidence('status.conditions[Ready]', undefined)],
      }),
    );
  }
  switch (ready.status) {
    case 'True':
      return verdict('ok', 'Ready', {
        since: ready.since,
        evidence: [conditionEvidence(ready)],
      });
    case 'False':
      return joining(60_000, said('down', 'NotReady', 'H115', ready));
    default:
      return ready.reason === 'NodeStatusNeverUpdated'
        ? joining(5 * 60_000, unreachable(node, ready))
        : unreachable(node, ready);
  }
}

/** A kubelet that is silent writes no heartbeat: its last one is a fact. That of one that speaks changes all the time. */
function unreachable(node: KubernetesObject, ready: Condition): Verdict {
  const found = said('down', 'Unreachable', 'H116', ready);
  const entries: any[] = node.status?.conditions ?? [];
  const { lastHeartbeatTime } = entries.find(({ type }) => type === 'Ready');
  const heardAt = parseTime(lastHeartbeatTime);
  return heardAt === undefined
    ? found
    : {
        ...found,
        evidence: [
          ...found.evidence,
          fieldEvidence(
            'status.conditions[Ready].lastHeartbeatTime',
            lastHeartbeatTime,
            heardAt,
          ),
        ],
      };
}

/** H118–H120. */
function problemVerdicts(node: KubernetesObject): Verdict[] {
  return conditions(node)
    .filter(({ status }) => status === 'True')
    .flatMap(entry => {
      if (PRESSURES.has(entry.type)) {
        return [said('degraded', entry.type, 'H118', entry)];
      }
      if (entry.type === 'NetworkUnavailable') {
        return [said('down', 'NetworkUnavailable', 'H119', entry)];
      }
      return PROBLEM_SHAPED.test(entry.type)
        ? [said('degraded', entry.type, 'H120', entry)]
        : [];
    });
}

function said(
  level: Verdict['level'],
  reason: string,
  rule: string,
  by: Condition,
): Verdict {
  return verdict(level, reason, {
    rule,
    message: by.message,
    since: by.since,
    evidence: [conditionEvidence(by)],
  });
}
