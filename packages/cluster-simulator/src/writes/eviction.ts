import { KubernetesObject } from '../objects/kubernetesObject';
import { ResourceType } from '../resources/resourceType';
import { labelSelectorMatcher } from '../selectors/labelSelector';
import { StatusError } from '../server/statusError';
import { Storage } from '../storage/storage';
import { StoredObject } from '../storage/storedObject';
import { withCondition } from '../objects/conditions';
import { DeleteOptions, ObjectRemover } from './objectRemover';
import { ObjectWriter } from './objectWriter';

const BUDGETS = { group: 'policy', resource: 'poddisruptionbudgets' };
const REFUSAL =
  "Cannot evict pod as it would violate the pod's disruption budget.";

interface EvictionParts {
  storage: Storage;
  writer: ObjectWriter;
  remover: ObjectRemover;
}

/**
 * Evicts a pod if its PodDisruptionBudget allows one more disruption; takes it from the budget.
 * @throws {StatusError} 404; 429 when the budget refuses; 500 when two budgets select the pod
 */
export function evictPod(
  { storage, writer, remover }: EvictionParts,
  type: ResourceType,
  namespace: string,
  name: string,
  options: DeleteOptions,
): void {
  const stored = storage.get(type, namespace, name);
  if (!stored) {
    throw StatusError.notFound(type, name);
  }
  const pod = stored.object;
  if (!needsNoBudget(pod)) {
    const budgets = budgetsOf(storage, stored);
    if (budgets.length > 1) {
      throw new StatusError(
        500,
        'InternalError',
        'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
      );
    }
    if (budgets.length === 1) {
      spend(writer, budgets[0], pod, options);
    }
  }
  if (!options.dryRun && !pod.metadata.deletionTimestamp) {
    writer.change(
      type,
      namespace,
      name,
      { manager: 'kube-apiserver', subresource: 'status' },
      object => {
        object.status.conditions = withCondition(object.status.conditions, {
          type: 'DisruptionTarget',
          status: 'True',
          lastProbeTime: null,
          lastTransitionTime: writer.now(),
          reason: 'EvictionByEvictionAPI',
          message: 'Eviction API: evicting',
        });
      },
    );
  }
  remover.remove(type, namespace, name, options);
}

/** Pods that serve nobody go without asking a budget. */
function needsNoBudget({ metadata, status }: KubernetesObject): boolean {
  return (
    metadata.deletionTimestamp !== undefined ||
    ['Succeeded', 'Failed', 'Pending'].includes(status?.phase)
  );
}

function budgetsOf(storage: Storage, pod: StoredObject): StoredObject[] {
  return [...storage.table(BUDGETS).objects()].filter(
    budget =>
      budget.namespace === pod.namespace &&
      labelSelectorMatcher(budget.object.spec.selector)(pod.labels),
  );
}

function spend(
  writer: ObjectWriter,
  stored: StoredObject,
  pod: KubernetesObject,
  { dryRun }: DeleteOptions,
): void {
  const { name, generation } = stored.object.metadata;
  const { spec, status } = stored.object;
  if (!isReady(pod)) {
    const enough =
      status.currentHealthy >= status.desiredHealthy &&
      status.desiredHealthy > 0;
    if (spec.unhealthyPodEvictionPolicy === 'AlwaysAllow' || enough) {
      return;
    }
  }
  if ((status.observedGeneration ?? 0) < (generation ?? 0)) {
    throw refusal(
      `The disruption budget ${name} is still being processed by the server.`,
      10,
    );
  }
  if ((status.disruptionsAllowed ?? 0) <= 0) {
    throw refusal(
      `The disruption budget ${name} needs ${status.desiredHealthy} healthy pods and has ${status.currentHealthy} currently`,
    );
  }
  writer.change(
    stored.type,
    stored.namespace,
    stored.name,
    { manager: 'kube-apiserver', subresource: 'status', dryRun },
    budget => {
      budget.status.disruptionsAllowed -= 1;
      budget.status.disruptedPods = {
        ...budget.status.disruptedPods,
        [pod.metadata.name]: writer.now(),
      };
    },
  );
}

function refusal(message: string, retryAfterSeconds?: number): StatusError {
  return new StatusError(429, 'TooManyRequests', REFUSAL, {
    causes: [{ reason: 'DisruptionBudget', message }],
    retryAfterSeconds,
  });
}

function isReady({ status }: KubernetesObject): boolean {
  return (status?.conditions ?? []).some(
    (condition: { type: string; status: string }) =>
      condition.type === 'Ready' && condition.status === 'True',
  );
}
