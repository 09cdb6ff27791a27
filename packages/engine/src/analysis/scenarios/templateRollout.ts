import { KubernetesObject } from '../../kinds/kindDefinition';
import { withParts } from './templateObjects';
import { deployment, WorkloadOptions } from './templateWorkloads';

export interface RolloutOptions extends WorkloadOptions {
  /** What the revision before it had instead. */
  before: WorkloadOptions;
  /** Pods of the former revision that still serve; default: all that are asked for. */
  kept?: number;
}

/**
 * A Deployment (of 3 replicas by default) whose new revision (2 by default) does not come up: both ReplicaSets side by
 * side, as a rolling update leaves them, with one new pod beyond those that are kept.
 */
export function rollout(
  reference: string,
  options: RolloutOptions,
): KubernetesObject[] {
  const { before, replicas = 3, kept = replicas, ...after } = options;
  const { image, container, sidecars, template } = after;
  const [own, ...rest] = deployment(reference, {
    revision: 2,
    ...after,
    replicas: kept === 0 ? replicas : 1,
    former: { image, container, sidecars, template, ...before, replicas: kept },
  });
  return [withParts(own, { spec: { replicas } }), ...rest];
}

/** Workloads beside the fault that are well, and must be left out of it. */
export function bystanders(): KubernetesObject[] {
  return [
    ...deployment('shop/web'),
    ...deployment('other/cart', { replicas: 1 }),
  ];
}
