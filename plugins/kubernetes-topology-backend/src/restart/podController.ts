import { NodeKey, StoredNode, Topology } from '@kubernetes-topology/engine';

/** Who brings a pod back. */
export interface PodController {
  /** The topmost: the Deployment rather than its ReplicaSet, as a rollout may hand over to another ReplicaSet. */
  top: StoredNode;
  /** The one that the pod's owner reference names. */
  direct: StoredNode;
}

/** A controller of more pods than this is judged by its own status instead of pod by pod. */
const MAX_PODS_SEEN = 500;

/** The pod's controller; `undefined` when none owns it, or the one that did is gone. */
export async function podController(
  podKey: string,
  topology: Topology,
): Promise<PodController | undefined> {
  const direct = await controllerOf(podKey, topology);
  if (!direct) {
    return undefined;
  }
  const top = (await controllerOf(direct.key, topology)) ?? direct;
  return { direct, top };
}

async function controllerOf(
  key: string,
  topology: Topology,
): Promise<StoredNode | undefined> {
  const { neighbours } = await topology.neighbours(key, { limit: 5 });
  return neighbours.find(
    ({ relation, direction, node }) =>
      relation.class === 'control' &&
      direction === 'in' &&
      node.verdict.level !== 'missing',
  )?.node;
}

/** The pods below a controller, at most two steps down; `complete` is false when there are too many to see all. */
export async function podsOf(
  controller: NodeKey,
  topology: Topology,
): Promise<{ pods: StoredNode[]; complete: boolean }> {
  const pods: StoredNode[] = [];
  let complete = true;
  let level: NodeKey[] = [controller];
  for (let depth = 0; depth < 2; depth++) {
    const next: NodeKey[] = [];
    for (const key of level) {
      const { neighbours, more } = await topology.neighbours(key, {
        limit: MAX_PODS_SEEN,
      });
      for (const { relation, direction, node } of neighbours) {
        if (relation.class !== 'control' || direction !== 'out') {
          continue;
        }
        if (isPod(node)) {
          pods.push(node);
        } else if (node.verdict.level !== 'history') {
          next.push(node.key);
        }
      }
      complete &&= Object.values(more).every(count => count === 0);
    }
    level = next;
  }
  return { pods, complete };
}

export function isPod(node: Pick<StoredNode, 'kind'>): boolean {
  return node.kind.group === '' && node.kind.kind === 'Pod';
}
