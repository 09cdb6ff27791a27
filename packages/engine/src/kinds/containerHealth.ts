import { KubernetesObject } from './kindDefinition';
import { parseTime } from './metadata';
import { Verdict } from './status';
import { fieldEvidence, until, verdict, worstVerdict } from './verdict';
import {
  ContainerSurroundings,
  crashLoop,
  lastEnd,
  waitingVerdict,
} from './containerWaiting';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** The verdict on one container by its spec and its entry of `status.*ContainerStatuses` (H014–H030, H037). */
export function containerVerdict(
  spec: KubernetesObject,
  status: KubernetesObject | undefined,
  surroundings: ContainerSurroundings,
): Verdict {
  const found = stateVerdict(spec, status, surroundings);
  if (surroundings.role === 'ephemeral') {
    return withoutBlame(found);
  }
  return status?.allocatedResourcesStatus
    ? worstVerdict([found, ...deviceVerdicts(status)])
    : found;
}

/** A debug container never counts for health (R014). */
function withoutBlame(found: Verdict): Verdict {
  const { sequel: _, ...rest } = found;
  return found.level === 'down' || found.level === 'degraded'
    ? { ...rest, level: 'history' }
    : rest;
}

function stateVerdict(
  spec: KubernetesObject,
  status: KubernetesObject | undefined,
  surroundings: ContainerSurroundings,
): Verdict {
  const state = status?.state ?? {};
  if (state.waiting) {
    return waitingVerdict(state.waiting, status!, surroundings);
  }
  if (state.running) {
    return runningVerdict(spec, status!, surroundings);
  }
  if (state.terminated) {
    return terminatedVerdict(state.terminated, status!, surroundings);
  }
  return verdict('progressing', 'NotStarted');
}

function runningVerdict(
  spec: KubernetesObject,
  status: KubernetesObject,
  surroundings: ContainerSurroundings,
): Verdict {
  const startedAt = parseTime(status.state.running.startedAt);
  if (surroundings.role === 'init') {
    return initRunning(startedAt);
  }
  if (status.ready === true) {
    const isFirstRun = !(status.restartCount > 0);
    return isFirstRun
      ? verdict('ok', 'Running', { since: startedAt })
      : restarted(status, startedAt);
  }
  return worstVerdict([
    notReady(spec, status, startedAt, surroundings),
    restarted(status, startedAt),
  ]);
}

function initRunning(startedAt: number | undefined): Verdict {
  const evidence = [
    fieldEvidence('state.running.startedAt', 'running', startedAt),
  ];
  return until(
    startedAt === undefined ? undefined : startedAt + 10 * MINUTE,
    verdict('progressing', 'InitRunning', {
      rule: 'H029',
      since: startedAt,
      evidence,
    }),
    verdict('degraded', 'InitHanging', {
      rule: 'H030',
      since: startedAt,
      evidence,
    }),
  );
}

function notReady(
  spec: KubernetesObject,
  status: KubernetesObject,
  startedAt: number | undefined,
  { unreadySince }: ContainerSurroundings,
): Verdict {
  const evidence = [
    fieldEvidence('ready', false, unreadySince),
    fieldEvidence('started', status.started ?? false),
  ];
  // Ready turned False after the container was up: so it had been ready, and its probe has failed since.
  const lostReadiness =
    status.started === true &&
    startedAt !== undefined &&
    unreadySince !== undefined &&
    unreadySince > startedAt;
  const failing = verdict('degraded', 'ReadinessFailing', {
    rule: 'H026',
    since: lostReadiness ? unreadySince : startedAt,
    evidence,
  });
  return lostReadiness
    ? failing
    : until(
        startedAt === undefined ? undefined : startedAt + startBudget(spec),
        verdict('progressing', 'Starting', {
          rule: 'H025',
          since: startedAt,
          evidence,
        }),
        failing,
      );
}

/** How long a container may take from its start until it is ready: what its probes allow, 30 s at least. */
function startBudget(spec: KubernetesObject): number {
  const allowed = [spec.startupProbe, spec.readinessProbe]
    .filter(Boolean)
    .reduce(
      (sum, probe) =>
        sum +
        (probe.initialDelaySeconds ?? 0) +
        (probe.failureThreshold ?? 3) * (probe.periodSeconds ?? 10),
      0,
    );
  return Math.max(30, allowed) * SECOND;
}

/** What a running container's former ends say (H020–H023). */
function restarted(
  status: KubernetesObject,
  startedAt: number | undefined,
): Verdict {
  const well = verdict(
    'ok',
    status.restartCount > 0 ? 'PastRestarts' : 'Running',
    {
      rule: status.restartCount > 0 ? 'H023' : undefined,
      since: startedAt,
      evidence: lastEnd(status),
    },
  );
  const last = status.lastState?.terminated;
  const endedAt = parseTime(last?.finishedAt);
  if (endedAt === undefined || !(status.restartCount > 0)) {
    return well;
  }
  const evidence = lastEnd(status);
  const outOfMemory = last.reason === 'OOMKilled';
  const degraded = until(
    endedAt + (outOfMemory ? 60 : 5) * MINUTE,
    verdict('degraded', outOfMemory ? 'OOMKilled' : 'Restarting', {
      rule: outOfMemory ? 'H022' : 'H021',
      message: last.message?.trim() || undefined,
      since: endedAt,
      evidence,
    }),
    well,
  );
  // A crash loop is not over while it runs for a moment between two ends.
  const looping =
    status.restartCount >= 3 &&
    startedAt !== undefined &&
    startedAt - endedAt < 6 * MINUTE;
  return looping
    ? until(
        startedAt + MINUTE,
        crashLoop(status, evidence, undefined),
        degraded,
      )
    : degraded;
}

function terminatedVerdict(
  terminated: KubernetesObject,
  status: KubernetesObject,
  surroundings: ContainerSurroundings,
): Verdict {
  const { role, restartPolicy, ownedByJob } = surroundings;
  const exitCode: number = terminated.exitCode ?? 0;
  const since = parseTime(terminated.finishedAt);
  const message = terminated.message?.trim() || undefined;
  const evidence = [
    fieldEvidence(
      'state.terminated',
      [terminated.reason, `exit code ${exitCode}`, message]
        .filter(Boolean)
        .join(': '),
      since,
    ),
    fieldEvidence('restartCount', status.restartCount ?? 0),
  ];
  const details = { message, since, evidence };
  const staysUp =
    role === 'sidecar' || (role === 'container' && restartPolicy === 'Always');
  if (exitCode === 0) {
    return staysUp
      ? verdict('degraded', 'Restarting', { ...details, rule: 'H021' })
      : verdict('ok', 'Completed', { ...details, rule: 'H001' });
  }
  if (role === 'init') {
    return verdict('down', 'InitFailing', { ...details, rule: 'H029' });
  }
  if (ownedByJob) {
    return verdict('history', 'JobPodFailed', { ...details, rule: 'H005' });
  }
  if (restartPolicy === 'Never') {
    return verdict('down', 'ContainerFailed', { ...details, rule: 'H024' });
  }
  return verdict(
    'degraded',
    terminated.reason === 'OOMKilled' ? 'OOMKilled' : 'Restarting',
    { ...details, rule: terminated.reason === 'OOMKilled' ? 'H022' : 'H021' },
  );
}

function deviceVerdicts(status: KubernetesObject | undefined): Verdict[] {
  const resources: any[] = (status?.allocatedResourcesStatus ?? []).flatMap(
    (entry: any) => entry.resources ?? [],
  );
  return resources
    .filter(resource => resource.health === 'Unhealthy')
    .map(resource =>
      verdict('degraded', 'DeviceUnhealthy', {
        rule: 'H037',
        evidence: [
          fieldEvidence(
            'allocatedResourcesStatus',
            `${resource.resourceID}: Unhealthy`,
          ),
        ],
      }),
    );
}
