import { withCondition } from '../objects/conditions';
import { KubernetesObject } from '../objects/kubernetesObject';
import { labelSelectorMatcher } from '../selectors/labelSelector';
import { Change } from '../storage/table';
import { Controller, keyOf, kindOf, splitKey } from './controller';
import { ControlPlane, controllerOf } from './controlPlane';
import { part } from './deploymentController';
import { isActive, readySince } from './podFactory';

/** How long an evicted pod counts as disrupted when it does not go. */
const DISRUPTED_MILLISECONDS = 2 * 60 * 1000;

/** Counts for each PodDisruptionBudget how many pods may go. */
export class DisruptionController implements Controller {
  readonly name = 'disruption';
  readonly #plane: ControlPlane;

  constructor(plane: ControlPlane) {
    this.#plane = plane;
  }

  keysFor(change: Change): Iterable<string> {
    switch (kindOf(change)) {
      case 'poddisruptionbudgets.policy':
        return [change.after.key];
      case 'pods':
        return this.#plane
          .list('PodDisruptionBudget', change.after.namespace)
          .filter(({ spec }) =>
            labelSelectorMatcher(spec.selector)(change.after.labels),
          )
          .map(keyOf);
      default:
        return [];
    }
  }

  reconcile(key: string): void {
    const budget = this.#plane.get('PodDisruptionBudget', ...splitKey(key));
    if (!budget) {
      return;
    }
    const matches = labelSelectorMatcher(budget.spec.selector);
    const pods = this.#plane
      .list('Pod', budget.metadata.namespace)
      .filter(
        pod =>
          matches(pod.metadata.labels ?? {}) &&
          !['Succeeded', 'Failed'].includes(pod.status?.phase),
      );
    const disruptedPods = this.#stillDisrupted(budget, pods);
    const healthy = pods.filter(
      pod =>
        isActive(pod) &&
        readySince(pod.status) !== undefined &&
        !Object.hasOwn(disruptedPods, pod.metadata.name),
    ).length;
    const expected = this.#expected(budget, pods);
    const desired = desiredHealthy(budget.spec, expected);
    const allowed = expected > 0 ? Math.max(0, healthy - desired) : 0;
    this.#plane.changeStatus(budget, ({ metadata, status }) => {
      status.observedGeneration = metadata.generation;
      status.disruptionsAllowed = allowed;
      status.currentHealthy = healthy;
      status.desiredHealthy = desired;
      status.expectedPods = expected;
      status.disruptedPods =
        Object.keys(disruptedPods).length > 0 ? disruptedPods : undefined;
      status.conditions = withCondition(status.conditions, {
        type: 'DisruptionAllowed',
        status: allowed > 0 ? 'True' : 'False',
        observedGeneration: metadata.generation,
        lastTransitionTime: this.#plane.now(),
        reason: allowed > 0 ? 'SufficientPods' : 'InsufficientPods',
        message: '',
      });
    });
  }

  #stillDisrupted(
    { status }: KubernetesObject,
    pods: KubernetesObject[],
  ): Record<string, string> {
    const entries = Object.entries(
      (status?.disruptedPods ?? {}) as Record<string, string>,
    );
    return Object.fromEntries(
      entries.filter(
        ([name, since]) =>
          pods.some(
            ({ metadata }) =>
              metadata.name === name && !metadata.deletionTimestamp,
          ) &&
          Date.parse(since) + DISRUPTED_MILLISECONDS > this.#plane.clock.now(),
      ),
    );
  }

  /** What the pods' workloads want; without percentages and maxUnavailable, what is there. */
  #expected({ spec }: KubernetesObject, pods: KubernetesObject[]): number {
    if (
      spec.maxUnavailable === undefined &&
      !String(spec.minAvailable).endsWith('%')
    ) {
      return pods.length;
    }
    const owners = new Map<string, number>();
    for (const pod of pods) {
      const owner = controllerOf(pod.metadata);
      if (owner && ['ReplicaSet', 'StatefulSet'].includes(owner.kind)) {
        const workload = this.#plane.get(
          owner.kind,
          pod.metadata.namespace!,
          owner.name,
        );
        owners.set(owner.uid, workload?.spec.replicas ?? 0);
      }
    }
    return [...owners.values()].reduce((sum, replicas) => sum + replicas, 0);
  }
}

function desiredHealthy(spec: Record<string, any>, expected: number): number {
  return spec.maxUnavailable === undefined
    ? part(spec.minAvailable ?? 0, expected, Math.ceil)
    : Math.max(0, expected - part(spec.maxUnavailable, expected, Math.ceil));
}
