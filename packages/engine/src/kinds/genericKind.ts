import { genericVerdict } from './genericHealth';
import { KindId } from './identity';
import { inferredReferences } from './inferredReferences';
import { KindDefinition, KubernetesObject } from './kindDefinition';
import { kindType } from './kindIds';
import { deletionVerdict, MalformedObjectError, observation } from './metadata';
import { Json, Observed } from './observation';
import { readConditions } from './statusConditions';
import { isMap, withWellFormedMetadata } from './wellFormed';

/** A kind as an API server serves it. */
export interface ServedAs {
  id: KindId;
  version: string;
  plural: string;
  namespaced: boolean;
}

/**
 * Kinds of Kubernetes itself: without a status they are settings, which nobody reports on. Elsewhere an absent status
 * means that no controller has looked at the object.
 */
const KUBERNETES_GROUPS: ReadonlySet<string> = new Set([
  '',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
  'apps',
  'autoscaling',
  'batch',
  'certificates.k8s.io',
  'coordination.k8s.io',
  'discovery.k8s.io',
  'flowcontrol.apiserver.k8s.io',
  'internal.apiserver.k8s.io',
  'networking.k8s.io',
  'node.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'resource.k8s.io',
  'scheduling.k8s.io',
  'storage.k8s.io',
  'storagemigration.k8s.io',
]);

/** Whether that such an object exists is all there is to say of it when it has no status. */
export function isSetting(id: KindId): boolean {
  return KUBERNETES_GROUPS.has(id.group);
}

/**
 * A kind that nobody has described: its owners, labels, what its status says in the usual words (H163) and the
 * references that its fields look like (R187). Nothing else of it is kept: a spec may hold anything.
 */
export function genericKind(served: ServedAs): KindDefinition {
  const { id, namespaced } = served;
  const statusless = isSetting(id);
  return {
    ...served,
    type: kindType(id),
    keepsManagedFields: true,
    observe: guarded(id, (object, context) =>
      observation(id, namespaced, object, context, {
        properties: genericProperties(object),
        verdict:
          deletionVerdict(object) ?? genericVerdict(object, { statusless }),
        references: inferredReferences(object, namespaced),
      }),
    ),
  };
}

/**
 * Gives `observe` objects with well-formed metadata; whatever it cannot read is a `MalformedObjectError`, which costs
 * this object and no other.
 */
export function guarded(
  id: KindId,
  observe: KindDefinition['observe'],
): KindDefinition['observe'] {
  return (object, context): Observed => {
    try {
      return observe(withWellFormedMetadata(object), context);
    } catch (error) {
      if (error instanceof MalformedObjectError) {
        throw error;
      }
      const problem = error instanceof Error ? error.message : String(error);
      throw new MalformedObjectError(id, `cannot be read (${problem})`);
    }
  };
}

const MOST_CONDITIONS = 20;
/** A word, as phases and types of conditions are: never a sentence, and nothing that could be a secret. */
const WORD = /^[A-Za-z][A-Za-z0-9_./-]{0,63}$/;

/** Generations, the conditions' states and the phase. */
export function genericProperties({ metadata, status }: KubernetesObject): {
  [name: string]: Json | undefined;
} {
  const from = isMap(status) ? status : {};
  const { observedGeneration, phase, conditions } = from;
  const told = readConditions(conditions)
    .filter(({ type, status: state }) => WORD.test(type) && WORD.test(state))
    .slice(0, MOST_CONDITIONS)
    .map(({ type, status: state }) => [type, state]);
  return {
    Generation: metadata.generation,
    ObservedGeneration:
      typeof observedGeneration === 'number' ? observedGeneration : undefined,
    Conditions: told.length > 0 ? Object.fromEntries(told) : undefined,
    Phase: typeof phase === 'string' && WORD.test(phase) ? phase : undefined,
  };
}
