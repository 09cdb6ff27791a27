import { StoredNode, Topology } from '@kubernetes-topology/engine';
import { PodController, podsOf } from './podController';

/** The pods that a controller has before one of them is evicted. */
export interface Before {
  uids: ReadonlySet<string | undefined>;
}

export async function podsBefore(
  controller: PodController,
  topology: Topology,
): Promise<Before> {
  const { pods } = await podsOf(controller.top.key, topology);
  return { uids: new Set(pods.map(pod => pod.uid)) };
}

export type ReplacementProgress =
  | { state: 'evicting' }
  | { state: 'starting'; replacement?: StoredNode }
  | { state: 'done'; replacement?: StoredNode };

/**
 * How far an evicted pod's replacement is: the pod is gone when its node is, or when another uid has its name; done
 * when it is gone and a pod that was not there before is up.
 */
export async function replacementProgress(
  pod: StoredNode,
  controller: PodController,
  before: Before,
  topology: Topology,
): Promise<ReplacementProgress> {
  const now = await topology.node(pod.key);
  const gone = !now || now.uid !== pod.uid || now.verdict.level === 'missing';
  const { pods, complete } = await podsOf(controller.top.key, topology);
  const newcomers = pods.filter(
    each => each.uid !== undefined && !before.uids.has(each.uid),
  );
  const ready = newcomers.find(isUp);
  if (gone && ready) {
    return { state: 'done', replacement: ready };
  }
  if (gone && !complete && (await isControllerUp(controller, topology))) {
    // Too many pods to find the new one among them: the controller itself says that it has all it wants.
    return { state: 'done' };
  }
  const newcomer = ready ?? newcomers[0];
  if (gone || newcomer) {
    return { state: 'starting', ...(newcomer && { replacement: newcomer }) };
  }
  return { state: 'evicting' };
}

/** A Job's new pod may have finished already. */
function isUp(pod: StoredNode): boolean {
  return pod.verdict.level === 'ok' || pod.verdict.level === 'history';
}

async function isControllerUp(
  controller: PodController,
  topology: Topology,
): Promise<boolean> {
  const now = await topology.node(controller.top.key);
  return now?.verdict.level === 'ok';
}
