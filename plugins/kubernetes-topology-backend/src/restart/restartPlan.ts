import { InputError, NotAllowedError, NotFoundError } from '@backstage/errors';
import {
  kindText,
  NodeFilter,
  StoredNode,
  Topology,
} from '@kubernetes-topology/engine';
import {
  RestartStep,
  RestartTarget,
  topologyRestartPermission,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { nodeText } from '../answers/topologyNode';
import { filterAllows } from '../permissions/filterSight';
import { isPod, podController, PodController } from './podController';

/** The most pods of one restart. */
export const MAX_PODS = 200;

export interface PlannedPod {
  pod: StoredNode;
  controller?: PodController;
  /** Who brings it back, as the asker may know it. */
  controllerText?: string;
  step: RestartStep;
}

export interface PlanOptions {
  topology: Topology;
  /** What the asker may see. */
  filter: NodeFilter | undefined;
  /** What the asker may see and restart. */
  restartFilter: NodeFilter | undefined;
}

/**
 * Which pods a restart means and what will become of each: `waiting` ones are restarted, `refused` ones say why
 * not, `done` ones are ending already.
 *
 * Throws NotFoundError for what the asker may not see, NotAllowedError when they may restart none of the pods,
 * InputError for what is no pod and for too many.
 */
export async function restartPlan(
  target: RestartTarget,
  options: PlanOptions,
): Promise<PlannedPod[]> {
  const pods = await targetPods(target, options);
  const allowed = new Set(
    (
      await options.topology.nodes(
        pods.map(pod => pod.key),
        { filter: options.restartFilter },
      )
    ).map(pod => pod.key),
  );
  if (pods.length > 0 && allowed.size === 0) {
    throw new NotAllowedError(
      `The permission ${topologyRestartPermission.name} is given to you for none of these pods`,
    );
  }
  const planned: PlannedPod[] = [];
  for (const pod of pods) {
    planned.push(
      allowed.has(pod.key)
        ? await plannedPod(pod, options)
        : {
            pod,
            step: {
              state: 'refused',
              message: `The permission ${topologyRestartPermission.name} is not given to you for this pod`,
            },
          },
    );
  }
  return planned;
}

async function targetPods(
  target: RestartTarget,
  { topology, filter }: PlanOptions,
): Promise<StoredNode[]> {
  if ('pods' in target) {
    const keys = [...new Set(target.pods)];
    const pods = await topology.nodes(keys, { filter });
    const found = new Set<string>(pods.map(pod => pod.key));
    const absent = keys.find(key => !found.has(key));
    if (absent !== undefined) {
      throw new NotFoundError(`There is no pod ${absent} that you may see`);
    }
    const other = pods.find(pod => !isPod(pod));
    if (other) {
      throw new InputError(
        `Only pods can be restarted; ${nodeText(other.key)} is none`,
      );
    }
    return pods;
  }
  const config = await topology.node(target.dependentsOf, { filter });
  if (!config) {
    throw new NotFoundError(
      `There is no object ${target.dependentsOf} that you may see`,
    );
  }
  const { pods, more } = await topology.dependentPods(target.dependentsOf, {
    filter,
    limit: MAX_PODS,
  });
  if (more > 0) {
    throw new InputError(
      `${pods.length + more} pods depend on ${nodeText(
        config.key,
      )}; restart at most ${MAX_PODS} at a time by naming them`,
    );
  }
  return pods;
}

async function plannedPod(
  pod: StoredNode,
  { topology, filter }: PlanOptions,
): Promise<PlannedPod> {
  const { level } = pod.verdict;
  if (level === 'missing') {
    return refused(pod, 'It is not there');
  }
  if (level === 'history') {
    return refused(pod, 'It has finished, there is nothing to restart');
  }
  const controller = await podController(pod.key, topology);
  if (!controller) {
    return refused(
      pod,
      'No controller owns it, so it would not come back. Delete it yourself if that is what you want',
    );
  }
  if (kindText(controller.direct.kind) === 'Node') {
    return refused(
      pod,
      "It is a static pod: the node's kubelet runs it from a file, evicting it does not restart it",
    );
  }
  return {
    pod,
    controller,
    controllerText: filterAllows(filter, controller.top)
      ? `${controller.top.kind.kind} ${controller.top.name}`
      : 'a controller that you may not see',
    step: level === 'terminating' ? { state: 'done' } : { state: 'waiting' },
  };
}

function refused(pod: StoredNode, message: string): PlannedPod {
  return { pod, step: { state: 'refused', message } };
}
