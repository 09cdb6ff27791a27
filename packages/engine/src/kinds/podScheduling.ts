import { condition, conditionEvidence } from './conditions';
import { KubernetesObject } from './kindDefinition';
import { parseTime } from './metadata';
import { Verdict } from './status';
import { after, fieldEvidence, until, verdict } from './verdict';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** Words of the scheduler that mean a volume, not the nodes, is in the way (H010). */
const VOLUME_IN_THE_WAY = /persistentvolumeclaim/i;

/** H008, H010–H013: why a pod has no node yet; `undefined` once it has. */
export function schedulingVerdict(pod: KubernetesObject): Verdict | undefined {
  const scheduled = condition(pod, 'PodScheduled');
  if (scheduled?.status === 'True') {
    return undefined;
  }
  if (!scheduled) {
    return pod.status?.containerStatuses ? undefined : unseenVerdict(pod);
  }
  const { reason, message, since } = scheduled;
  const details = { message, since, evidence: [conditionEvidence(scheduled)] };
  switch (reason) {
    case 'SchedulingGated': {
      const gates = (pod.spec?.schedulingGates ?? []).map(
        (gate: any) => gate.name,
      );
      const gated = {
        ...details,
        rule: 'H011',
        evidence: [
          ...details.evidence,
          fieldEvidence('spec.schedulingGates', gates.join(', ')),
        ],
      };
      return until(
        after(since, 15 * MINUTE),
        verdict('progressing', reason, gated),
        verdict('degraded', reason, gated),
      );
    }
    case 'SchedulerError':
      return verdict('down', reason, { ...details, rule: 'H012' });
    default: {
      const byVolume = VOLUME_IN_THE_WAY.test(message ?? '');
      const found = byVolume ? 'VolumeNotReady' : 'Unschedulable';
      const rule = byVolume ? 'H010' : 'H008';
      return until(
        after(since, 15 * SECOND),
        verdict('progressing', found, { ...details, rule }),
        verdict('down', found, { ...details, rule }),
      );
    }
  }
}

/** Neither scheduler nor kubelet has said a word yet. */
function unseenVerdict(pod: KubernetesObject): Verdict {
  const createdAt = parseTime(pod.metadata?.creationTimestamp);
  const { nodeName, schedulerName } = pod.spec ?? {};
  const details = {
    rule: 'H013',
    since: createdAt,
    evidence: [
      fieldEvidence('status.conditions[PodScheduled]', undefined, createdAt),
      nodeName
        ? fieldEvidence('spec.nodeName', nodeName)
        : fieldEvidence('spec.schedulerName', schedulerName),
    ],
  };
  return until(
    after(createdAt, MINUTE),
    verdict('progressing', 'Pending', details),
    verdict(
      'degraded',
      nodeName ? 'NoKubeletAnswered' : 'NoSchedulerPicked',
      details,
    ),
  );
}
