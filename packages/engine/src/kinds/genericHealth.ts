import { conditionEvidence } from './conditions';
import { KubernetesObject } from './kindDefinition';
import { parseTime } from './metadata';
import { StatusLevel, Verdict } from './status';
import { currentConditions, StatusCondition } from './statusConditions';
import { after, fieldEvidence, until, verdict, worstVerdict } from './verdict';
import { isMap } from './wellFormed';
import { observedVerdict } from './workload';

const RULE = 'H163';
const SECONDS = 1000;
/** `health.md` sections 4 and 5: how long each may stay what it is. */
const STATUS_WITHIN = 60 * SECONDS;
const READY_WITHIN = 60 * SECONDS;
const KNOWN_WITHIN = 120 * SECONDS;
const REPLICAS_WITHIN = 600 * SECONDS;

const TRUE_IS_DOWN: ReadonlySet<string> = new Set(['Stalled', 'Failed']);
const TRUE_IS_BAD: ReadonlySet<string> = new Set([
  ...TRUE_IS_DOWN,
  'Conflicted',
  'Dangling',
  'Degraded',
  'Error',
  'Fallback',
  'OverlappingFilters',
]);
const TRUE_IS_BAD_ENDING = /(Failure|Error|Pressure)$/;
const TRUE_IS_GOOD: ReadonlySet<string> = new Set([
  'Accepted',
  'Admitted',
  'Available',
  'Established',
  'Healthy',
  'Initialized',
  'Launched',
  'Programmed',
  'Ready',
  'Reconciled',
  'Registered',
  'ResolvedRefs',
  'Succeeded',
  'Synced',
  'Valid',
]);
const TRUE_IS_GOOD_ENDING = /Ready$/;
const TRUE_IS_PROGRESS: ReadonlySet<string> = new Set([
  'Deploying',
  'Issuing',
  'Progressing',
  'Reconciling',
  'Updating',
]);
/** Conditions that a start makes false for a while. */
const SLOW_TO_COME: ReadonlySet<string> = new Set(['Ready', 'Available']);
const PROGRESS_REASON = /progress|pending|wait|reconcil|issuing|creating/i;
/** `ReconcileError`, `CreatingFailed`: what went wrong on the way. */
const FAILURE_REASON = /error|fail/i;

const PHASES: ReadonlyMap<string, StatusLevel> = new Map([
  ...words('ok', 'Ready Running Active Bound Healthy Succeeded Complete'),
  ...words('ok', 'Completed Available'),
  ...words('progressing', 'Pending Creating Provisioning Deploying Upgrading'),
  ...words('down', 'Failed Error Degraded Lost Unhealthy'),
]);

function words(level: StatusLevel, text: string): [string, StatusLevel][] {
  return text.split(' ').map(word => [word.toLowerCase(), level]);
}

/**
 * What an object of a kind without rules of its own says of itself (`health.md` section 5, steps 2–7). Never throws,
 * whatever the object looks like.
 *
 * @param statusless the kind has no status by design: that it exists is all there is to say
 */
export function genericVerdict(
  object: KubernetesObject,
  options: { statusless?: boolean } = {},
): Verdict {
  return (
    suspendedVerdict(object) ??
    laggingVerdict(object) ??
    absentStatusVerdict(object, options.statusless ?? false) ??
    conditionsVerdict(object) ??
    phaseVerdict(object) ??
    replicasVerdict(object) ??
    verdict(options.statusless ? 'ok' : 'unknown', 'NoKnownStatus', {
      rule: RULE,
      message: 'its status has neither conditions nor a phase that are known',
    })
  );
}

const SWITCHES = ['suspend', 'suspended', 'paused'] as const;

function suspendedVerdict({ spec }: KubernetesObject): Verdict | undefined {
  const on = isMap(spec) && SWITCHES.find(name => spec[name] === true);
  return on
    ? verdict('suspended', on === 'paused' ? 'Paused' : 'Suspended', {
        rule: RULE,
        evidence: [fieldEvidence(`spec.${on}`, true)],
      })
    : undefined;
}

/** The controller has not looked at the latest spec yet; what conditions say is of an older one. */
function laggingVerdict(object: KubernetesObject): Verdict | undefined {
  return typeof object.status?.observedGeneration === 'number'
    ? observedVerdict(object)
    : undefined;
}

function absentStatusVerdict(
  { status, metadata }: KubernetesObject,
  statusless: boolean,
): Verdict | undefined {
  if (isMap(status) && Object.keys(status).length > 0) {
    return undefined;
  }
  if (statusless) {
    return verdict('ok', 'Exists');
  }
  return until(
    after(parseTime(metadata?.creationTimestamp), STATUS_WITHIN),
    verdict('progressing', 'NoStatusYet', { rule: RULE }),
    verdict('unknown', 'NoStatus', {
      rule: RULE,
      message: 'no controller reports a status',
    }),
  );
}

/** The worst that its conditions say; `undefined` when it has none whose type is known. */
function conditionsVerdict(object: KubernetesObject): Verdict | undefined {
  const createdAt = parseTime(object.metadata?.creationTimestamp) ?? 0;
  const current = currentConditions(
    object.status.conditions,
    object.metadata?.generation,
  );
  const isReady = current.some(
    ({ type, status }) => type === 'Ready' && status === 'True',
  );
  const verdicts = current.flatMap(
    one => conditionVerdict(one, { createdAt, isReady }) ?? [],
  );
  return verdicts.length > 0 ? worstVerdict(verdicts) : undefined;
}

function conditionVerdict(
  one: StatusCondition,
  { createdAt, isReady }: { createdAt: number; isReady: boolean },
): Verdict | undefined {
  const { type, status } = one;
  const since = one.since ?? createdAt;
  const isGood = TRUE_IS_GOOD.has(type) || TRUE_IS_GOOD_ENDING.test(type);
  if (isGood && status === 'True') {
    return by(one, 'ok', type);
  }
  if (isGood && status === 'False') {
    const { reason = '' } = one;
    if (PROGRESS_REASON.test(reason) && !FAILURE_REASON.test(reason)) {
      return by(one, 'progressing');
    }
    const bad = by(one, 'degraded');
    return SLOW_TO_COME.has(type)
      ? until(since + READY_WITHIN, by(one, 'progressing'), bad)
      : bad;
  }
  if (isGood) {
    return until(
      since + KNOWN_WITHIN,
      by(one, 'progressing'),
      by(one, 'unknown'),
    );
  }
  if (TRUE_IS_BAD.has(type) || TRUE_IS_BAD_ENDING.test(type)) {
    if (status !== 'True') {
      return status === 'False' ? by(one, 'ok', `No${type}`) : undefined;
    }
    return by(one, TRUE_IS_DOWN.has(type) ? 'down' : 'degraded');
  }
  return TRUE_IS_PROGRESS.has(type) && status === 'True' && !isReady
    ? by(one, 'progressing')
    : undefined;
}

function by(
  one: StatusCondition,
  level: StatusLevel,
  reason?: string,
): Verdict {
  return verdict(level, reason ?? (one.reason || one.type), {
    rule: RULE,
    message: level === 'ok' ? undefined : one.message,
    since: one.since,
    evidence: [conditionEvidence(one)],
  });
}

const PHASE_FIELDS = ['phase', 'state'] as const;

function phaseVerdict({ status }: KubernetesObject): Verdict | undefined {
  const field = PHASE_FIELDS.find(name => typeof status[name] === 'string');
  if (!field) {
    return undefined;
  }
  const phase: string = status[field];
  const level = PHASES.get(phase.toLowerCase());
  const { message } = status;
  return verdict(level ?? 'unknown', level ? phase : 'UnknownPhase', {
    rule: RULE,
    message:
      level !== 'ok' && typeof message === 'string' ? message : undefined,
    evidence: [fieldEvidence(`status.${field}`, phase)],
  });
}

const READY_COUNTS = [
  'readyReplicas',
  'availableReplicas',
  'currentReplicas',
] as const;

/** As for a Deployment, without its words about the rollout: a new object gets ten minutes. */
function replicasVerdict({
  spec,
  status,
  metadata,
}: KubernetesObject): Verdict | undefined {
  const desired: unknown = isMap(spec) ? spec.replicas : undefined;
  const field = READY_COUNTS.find(name => typeof status[name] === 'number');
  if (typeof desired !== 'number' || (!field && status.replicas !== 0)) {
    return undefined;
  }
  const ready: number = field ? status[field] : 0;
  const details = {
    rule: RULE,
    message: `${ready} of ${desired} ready`,
    evidence: [
      fieldEvidence(`status.${field ?? 'replicas'}`, ready),
      fieldEvidence('spec.replicas', desired),
    ],
  };
  if (desired === 0) {
    return verdict('idle', 'ScaledToZero', { ...details, message: undefined });
  }
  if (ready >= desired) {
    return verdict('ok', 'Available', { ...details, message: undefined });
  }
  if (
    typeof status.updatedReplicas === 'number' &&
    status.updatedReplicas < desired
  ) {
    return verdict('progressing', 'RollingOut', details);
  }
  return until(
    after(parseTime(metadata?.creationTimestamp), REPLICAS_WITHIN),
    verdict('progressing', 'Creating', details),
    verdict(ready === 0 ? 'down' : 'degraded', 'PartlyReady', details),
  );
}
