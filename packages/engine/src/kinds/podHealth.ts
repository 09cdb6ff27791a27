import { Condition, condition, conditionEvidence } from './conditions';
import { containerVerdict } from './containerHealth';
import { ContainerRole, ContainerSurroundings } from './containerWaiting';
import { KubernetesObject } from './kindDefinition';
import { controllerOf, deletionVerdict, parseTime } from './metadata';
import { schedulingVerdict } from './podScheduling';
import { Verdict } from './status';
import { after, fieldEvidence, until, verdict, worstVerdict } from './verdict';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** A container as pod and container nodes both need it. */
export interface PodContainer {
  name: string;
  role: ContainerRole;
  spec: KubernetesObject;
  status?: KubernetesObject;
  verdict: Verdict;
}

/** The containers of a pod in the order init, regular, ephemeral, each with its own verdict. */
export function podContainers(pod: KubernetesObject): PodContainer[] {
  const ready = condition(pod, 'Ready');
  const scheduledAt = condition(pod, 'PodScheduled')?.since;
  const initialized = condition(pod, 'Initialized');
  const createdAt =
    parseTime(pod.status?.startTime) ??
    parseTime(pod.metadata?.creationTimestamp);
  const kubeletAt = scheduledAt ?? createdAt;
  const startableAt =
    initialized?.status === 'True' && initialized.since !== undefined
      ? Math.max(initialized.since, kubeletAt ?? 0)
      : kubeletAt;

  const restartPolicy = pod.spec?.restartPolicy ?? 'Always';
  const ownedByJob = controllerOf(pod)?.kind.kind === 'Job';
  const unreadySince = ready?.status === 'False' ? ready.since : undefined;
  const found: PodContainer[] = [];
  const read = (
    specs: readonly any[] = [],
    statuses: readonly any[] = [],
    roleOf: (spec: any) => ContainerRole,
  ) => {
    for (const spec of specs) {
      const status = statuses.find(one => one.name === spec.name);
      const role = roleOf(spec);
      const surroundings: ContainerSurroundings = {
        role,
        restartPolicy,
        ownedByJob,
        startableAt: role === 'init' ? kubeletAt : startableAt,
        unreadySince,
      };
      found.push({
        name: String(spec.name),
        role,
        spec,
        status,
        verdict: containerVerdict(spec, status, surroundings),
      });
    }
  };
  const { spec = {}, status = {} } = pod;
  read(spec.initContainers, status.initContainerStatuses, one =>
    one.restartPolicy === 'Always' ? 'sidecar' : 'init',
  );
  read(spec.containers, status.containerStatuses, () => 'container');
  read(
    spec.ephemeralContainers,
    status.ephemeralContainerStatuses,
    () => 'ephemeral',
  );
  return found;
}

/** The verdict on a pod by its own fields (H001–H038 without neighbours and events). */
export function podVerdict(
  pod: KubernetesObject,
  containers: readonly PodContainer[],
): Verdict {
  const status = pod.status ?? {};
  const deletion = deletionVerdict(pod, { terminating: 'H031', stuck: 'H032' });
  if (deletion) {
    return deletion;
  }
  if (status.phase === 'Succeeded') {
    return verdict('ok', 'Completed', {
      rule: 'H001',
      evidence: [fieldEvidence('status.phase', 'Succeeded')],
    });
  }
  if (status.phase === 'Failed') {
    return failedVerdict(pod);
  }
  return (
    nodeLostVerdict(pod) ??
    schedulingVerdict(pod) ??
    forControlPlane(pod, runningVerdict(pod, containers))
  );
}

function failedVerdict(pod: KubernetesObject): Verdict {
  const { reason, message } = pod.status;
  const disruption = condition(pod, 'DisruptionTarget');
  const ended = condition(pod, 'Ready');
  const exits: string[] = (pod.status.containerStatuses ?? [])
    .filter((one: any) => one.state?.terminated)
    .map(
      (one: any) =>
        `${one.name}: exit code ${one.state.terminated.exitCode ?? 0}`,
    );
  const details = {
    message: message || undefined,
    since: ended?.since,
    evidence: [
      fieldEvidence('status.phase', 'Failed', ended?.since),
      ...(reason ? [fieldEvidence('status.reason', reason)] : []),
      ...(disruption ? [conditionEvidence(disruption)] : []),
      ...(exits.length > 0
        ? [fieldEvidence('status.containerStatuses', exits.join(', '))]
        : []),
    ],
  };
  if (reason === 'Evicted') {
    return verdict('down', 'Evicted', { ...details, rule: 'H003' });
  }
  if (controllerOf(pod)?.kind.kind === 'Job') {
    return verdict('history', 'JobPodFailed', { ...details, rule: 'H005' });
  }
  return reason
    ? verdict('down', reason, { ...details, rule: 'H004' })
    : verdict('down', 'PodFailed', { ...details, rule: 'H006' });
}

/** The node controller's mark: it alone sets Ready=False without a reason and leaves ContainersReady as it was. */
function nodeLostVerdict(pod: KubernetesObject): Verdict | undefined {
  const ready = condition(pod, 'Ready');
  const containersReady = condition(pod, 'ContainersReady');
  const marked =
    ready?.status === 'False' &&
    !ready.reason &&
    containersReady?.status === 'True';
  if (!marked && pod.status?.phase !== 'Unknown') {
    return undefined;
  }
  return verdict('unknown', 'NodeLost', {
    rule: 'H007',
    since: ready?.since,
    message: 'the node controller has lost contact with its node',
    evidence: [
      ...(ready ? [conditionEvidence(ready)] : []),
      ...(containersReady ? [conditionEvidence(containersReady)] : []),
    ],
  });
}

function runningVerdict(
  pod: KubernetesObject,
  containers: readonly PodContainer[],
): Verdict {
  const ready = condition(pod, 'Ready');
  const found = [
    verdict('ok', 'Running', {
      since: ready?.since,
      evidence: ready ? [conditionEvidence(ready)] : [],
    }),
  ];
  for (const one of containers) {
    // A container that is well, and stays so, never outdoes its pod's own word.
    const isWell = one.verdict.level === 'ok' && !one.verdict.sequel;
    if (one.role !== 'ephemeral' && !isWell) {
      found.push(asPodVerdict(one, one.verdict));
    }
  }
  found.push(...conditionVerdicts(pod, containers, ready));
  return worstVerdict(found);
}

/** A container's verdict as its pod's: the field paths then start at the pod. */
function asPodVerdict(container: PodContainer, own: Verdict): Verdict {
  const list =
    container.role === 'container'
      ? 'containerStatuses'
      : 'initContainerStatuses';
  const failingInit =
    container.role === 'init' &&
    (own.level === 'down' || own.level === 'degraded') &&
    own.rule !== 'H030';
  return {
    ...own,
    ...(failingInit ? { rule: 'H029' } : {}),
    evidence: own.evidence.map(one =>
      one.source === 'field'
        ? { ...one, field: `status.${list}[${container.name}].${one.field}` }
        : one,
    ),
    ...(own.sequel
      ? {
          sequel: {
            at: own.sequel.at,
            verdict: asPodVerdict(container, own.sequel.verdict),
          },
        }
      : {}),
  };
}

function conditionVerdicts(
  pod: KubernetesObject,
  containers: readonly PodContainer[],
  ready: Condition | undefined,
): Verdict[] {
  const found: Verdict[] = [];
  const disruption = condition(pod, 'DisruptionTarget');
  if (disruption?.status === 'True') {
    found.push(said('terminating', 'Disrupted', 'H033', disruption));
  }
  const sandbox = condition(pod, 'PodReadyToStartContainers');
  if (sandbox?.status === 'False' && pod.status?.phase === 'Pending') {
    const since = condition(pod, 'PodScheduled')?.since ?? sandbox.since;
    found.push(
      until(
        after(since, MINUTE),
        said('progressing', 'ContainerCreating', 'H014', sandbox),
        said('degraded', 'SandboxSlow', 'H036', sandbox),
      ),
    );
  }
  if (ready?.status === 'False') {
    found.push(...unreadyVerdicts(containers, ready));
  }
  const resize = condition(pod, 'PodResizePending');
  if (resize?.status === 'True') {
    found.push(
      resize.reason === 'Infeasible'
        ? said('degraded', 'ResizeInfeasible', 'H034', resize)
        : said('progressing', 'ResizeDeferred', 'H035', resize),
    );
  }
  const resizing = condition(pod, 'PodResizeInProgress');
  if (resizing?.status === 'True' && resizing.reason === 'Error') {
    found.push(said('degraded', 'ResizeInfeasible', 'H034', resizing));
  }
  return found;
}

function unreadyVerdicts(
  containers: readonly PodContainer[],
  ready: Condition,
): Verdict[] {
  if (ready.reason === 'ReadinessGatesNotReady') {
    return [
      until(
        after(ready.since, 5 * MINUTE),
        said('progressing', 'ReadinessGate', 'H028', ready),
        said('degraded', 'ReadinessGate', 'H028', ready),
      ),
    ];
  }
  const regular = containers.filter(({ role }) => role === 'container');
  const allReady =
    regular.length > 0 && regular.every(({ status }) => status?.ready === true);
  return allReady
    ? [
        until(
          after(ready.since, 30 * SECOND),
          said('progressing', 'Starting', 'H025', ready),
          said('degraded', 'ReadinessFailing', 'H026', ready),
        ),
      ]
    : [];
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

/** A static pod of kube-system that is not ready is a part of the control plane that is down (H038). */
function forControlPlane(pod: KubernetesObject, own: Verdict): Verdict {
  const mirror = pod.metadata?.annotations?.['kubernetes.io/config.mirror'];
  if (!mirror || pod.metadata.namespace !== 'kube-system') {
    return own;
  }
  const { sequel, ...current } = own;
  return {
    ...current,
    ...(own.level === 'degraded'
      ? { level: 'down' as const, rule: 'H038' }
      : {}),
    ...(sequel
      ? {
          sequel: {
            at: sequel.at,
            verdict: forControlPlane(pod, sequel.verdict),
          },
        }
      : {}),
  };
}
