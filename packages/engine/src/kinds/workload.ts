import { conditionSummary } from './conditions';
import { EventRule, KubernetesObject } from './kindDefinition';
import { parseTime } from './metadata';
import { Json } from './observation';
import { Verdict } from './status';
import { environmentProperties } from './templateEnvironment';
import { fieldEvidence, until, verdict } from './verdict';

/** Properties that every kind with a pod template has. */
export function templateProperties(
  object: KubernetesObject,
  podSpec: KubernetesObject | undefined = object.spec?.template?.spec,
): { [name: string]: Json | undefined } {
  const images: string[] = (podSpec?.containers ?? []).map((one: any) =>
    String(one.image),
  );
  return {
    Images: images.length === 0 ? undefined : [...new Set(images)],
    ServiceAccount: podSpec?.serviceAccountName,
    ...environmentProperties(podSpec),
    Generation: object.metadata.generation,
    ObservedGeneration: object.status?.observedGeneration,
    Conditions: conditionSummary(object),
  };
}

/**
 * The controller has not looked at the latest spec yet (H041). When it was written is in managedFields only, which few
 * kinds keep: without them a lag is only ever progressing, and degraded when the object was never observed. 15 minutes
 * are allowed.
 */
export function observedVerdict(object: KubernetesObject): Verdict | undefined {
  const generation: number | undefined = object.metadata.generation;
  const observed: number = object.status?.observedGeneration ?? 0;
  if (generation === undefined || observed >= generation) {
    return undefined;
  }
  const details = {
    rule: 'H041',
    evidence: [
      fieldEvidence('metadata.generation', generation),
      fieldEvidence('status.observedGeneration', observed),
    ],
  };
  const from =
    specWrittenAt(object) ??
    (observed > 0 ? undefined : parseTime(object.metadata.creationTimestamp));
  const dated = { ...details, since: from };
  return until(
    from === undefined ? undefined : from + 15 * 60_000,
    verdict('progressing', 'NotObserved', dated),
    verdict('degraded', 'NotObserved', dated),
  );
}

/** When somebody wrote the spec last, where the object tells. */
function specWrittenAt({ metadata }: KubernetesObject): number | undefined {
  const entries: any[] = Array.isArray(metadata.managedFields)
    ? metadata.managedFields
    : [];
  const times = entries
    .filter(entry => !entry?.subresource && entry?.fieldsV1?.['f:spec'])
    .flatMap(entry => parseTime(entry.time) ?? []);
  return times.length > 0 ? Math.max(...times) : undefined;
}

/** A controller that may not create its pods says so in an event only (H054): webhook, quota, policy. */
export function createFailureRules(
  rule: string,
  reasons: readonly string[],
): EventRule[] {
  return (['down', 'degraded', 'progressing'] as const).map(level => ({
    rule,
    eventReasons: ['FailedCreate'],
    when: { levels: [level], reasons },
    level: level === 'down' ? 'down' : 'degraded',
    reason: 'CannotCreatePods',
  }));
}
