import { Condition, withCondition } from '../objects/conditions';
import { KubernetesObject } from '../objects/kubernetesObject';
import { StatusError } from '../server/statusError';
import { Change } from '../storage/table';
import { Controller, controllerKey, kindOf, splitKey } from './controller';
import { ControlPlane } from './controlPlane';
import {
  createPod,
  isActive,
  leastUsefulFirst,
  readySince,
} from './podFactory';

const SOURCE = { component: 'replicaset-controller' };
const RETRY_MILLISECONDS = 5000;

/** Keeps as many pods as a ReplicaSet wants. */
export class ReplicaSetController implements Controller {
  readonly name = 'replicaset';
  readonly #plane: ControlPlane;

  constructor(plane: ControlPlane) {
    this.#plane = plane;
  }

  keysFor(change: Change): Iterable<string> {
    switch (kindOf(change)) {
      case 'replicasets.apps':
        return [change.after.key];
      case 'pods':
        return controllerKey(change.after, 'ReplicaSet');
      default:
        return [];
    }
  }

  reconcile(key: string): number | void {
    const replicaSet = this.#plane.get('ReplicaSet', ...splitKey(key));
    if (!replicaSet) {
      return undefined;
    }
    let failure: string | undefined;
    if (!replicaSet.metadata.deletionTimestamp) {
      failure = this.#adjust(replicaSet);
    }
    const wait = this.#writeStatus(replicaSet, failure);
    return failure === undefined ? wait : this.#plane.pace(RETRY_MILLISECONDS);
  }

  /** The answer, if any: why pods could not be created. */
  #adjust(replicaSet: KubernetesObject): string | undefined {
    const { spec, metadata } = replicaSet;
    const pods = this.#plane.controlledBy('Pod', replicaSet).filter(isActive);
    const { events } = this.#plane;
    for (let missing = spec.replicas - pods.length; missing > 0; missing--) {
      try {
        const pod = createPod(this.#plane, replicaSet, spec.template, {
          generateName: `${metadata.name}-`,
        });
        events.record(
          replicaSet,
          'Normal',
          'SuccessfulCreate',
          `Created pod: ${pod.metadata.name}`,
          SOURCE,
        );
      } catch (error) {
        if (!(error instanceof StatusError)) {
          throw error;
        }
        events.record(
          replicaSet,
          'Warning',
          'FailedCreate',
          `Error creating: ${error.message}`,
          SOURCE,
        );
        return error.message;
      }
    }
    for (const pod of [...pods]
      .sort(leastUsefulFirst)
      .slice(0, Math.max(0, pods.length - spec.replicas))) {
      this.#plane.delete(pod);
      events.record(
        replicaSet,
        'Normal',
        'SuccessfulDelete',
        `Deleted pod: ${pod.metadata.name}`,
        SOURCE,
      );
    }
    return undefined;
  }

  /** The answer, if any: when the next pod counts as available. */
  #writeStatus(
    replicaSet: KubernetesObject,
    failure: string | undefined,
  ): number | undefined {
    const pods = this.#plane.controlledBy('Pod', replicaSet).filter(isActive);
    const minReady = (replicaSet.spec.minReadySeconds ?? 0) * 1000;
    const waits = pods
      .map(({ status }) => readySince(status))
      .filter(since => since !== undefined)
      .map(since => since! + minReady - this.#plane.clock.now());
    const count = (number: number) => (number > 0 ? number : undefined);
    this.#plane.changeStatus(replicaSet, ({ status }) => {
      status.replicas = pods.length;
      status.fullyLabeledReplicas = count(pods.length);
      status.readyReplicas = count(waits.length);
      status.availableReplicas = count(waits.filter(wait => wait <= 0).length);
      status.observedGeneration = replicaSet.metadata.generation;
      status.conditions = withFailure(
        status.conditions,
        failure,
        this.#plane.now(),
      );
    });
    const coming = waits.filter(wait => wait > 0);
    return coming.length > 0 ? Math.min(...coming) : undefined;
  }
}

function withFailure(
  conditions: Condition[] | undefined,
  failure: string | undefined,
  now: string,
): Condition[] | undefined {
  if (failure !== undefined) {
    return withCondition(conditions, {
      type: 'ReplicaFailure',
      status: 'True',
      lastTransitionTime: now,
      reason: 'FailedCreate',
      message: failure,
    });
  }
  const others = conditions?.filter(({ type }) => type !== 'ReplicaFailure');
  return others?.length ? others : undefined;
}
