import { condition } from './conditions';
import { KubernetesObject } from './kindDefinition';
import { RESOURCE_QUOTA } from './kindIds';
import { Reference } from './observation';

/** `pods "x" is forbidden: exceeded quota: compute, requested: …`; several are named one after the other. */
const EXCEEDED = /(?:exceeded|failed) quota: ([a-z0-9][a-z0-9.-]*)/g;

/**
 * The quotas that refuse a controller's pods, as its condition `ReplicaFailure` names them (R164). The edge goes when
 * the condition does.
 */
export function quotaRefusals(
  type: 'replicaset' | 'replicationcontroller' | 'deployment',
  object: KubernetesObject,
): Reference[] {
  const failure = condition(object, 'ReplicaFailure');
  if (failure?.status !== 'True' || !failure.message) {
    return [];
  }
  const names = new Set<string>();
  for (const [, name] of failure.message.matchAll(EXCEEDED)) {
    names.add(name);
  }
  return [...names].map(name => ({
    relation: `resourcequota-${type}`,
    end: 'target',
    other: {
      kind: RESOURCE_QUOTA,
      namespace: object.metadata.namespace,
      name,
    },
    required: false,
  }));
}
