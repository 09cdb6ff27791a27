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
    ...environmentProperties(podSpec),
    Generation: object.metadata.generation,
    ObservedGeneration: object.status?.observedGeneration,
    Conditions: conditionSummary(object),
  };
}

/**
 * The controller has not looked at the latest spec yet (H041). The time of the change is not in the object without
 * managedFields, so a lag is only ever progressing, and degraded when the object was never observed for 15 minutes.
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
  const createdAt = parseTime(object.metadata.creationTimestamp);
  return until(
    observed > 0 || createdAt === undefined
      ? undefined
      : createdAt + 15 * 60_000,
    verdict('progressing', 'NotObserved', details),
    verdict('degraded', 'NotObserved', details),
  );
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
