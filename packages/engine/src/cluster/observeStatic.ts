import { KindDefinition, KubernetesObject } from '../kinds/kindDefinition';
import { Observation, Observed } from '../kinds/observation';
import { Verdict } from '../kinds/status';

/**
 * What a file says of an object. One without a uid never was in a cluster: a manifest says what shall be, and that it
 * has no status does not mean that it is down.
 */
export function observeStatic(
  kind: KindDefinition,
  object: KubernetesObject,
  context: {
    cluster: string;
    now: number;
    /** One odd object does not stop the rest; without it, what is thrown goes on. */
    onUnreadable?(object: KubernetesObject, error: unknown): void;
  },
): Observed[] {
  const { cluster, now, onUnreadable } = context;
  try {
    const observed = kind.observe(object, { cluster, now });
    const isManifest =
      observed.type === 'object' && object.metadata.uid === undefined;
    return [isManifest && !object.status ? unjudged(observed) : observed];
  } catch (error) {
    if (!onUnreadable) {
      throw error;
    }
    onUnreadable(object, error);
    return [];
  }
}

const NOT_OBSERVED: Verdict = {
  level: 'unknown',
  reason: 'NotObserved',
  message: 'A manifest does not say how the object is',
  evidence: [],
};

function unjudged(observation: Observation): Observation {
  return {
    ...observation,
    verdict:
      observation.verdict.level === 'ok' ? observation.verdict : NOT_OBSERVED,
    parts: observation.parts.map(unjudged),
  };
}
