import { KubernetesObject } from '../kinds/kindDefinition';
import { isMap, listOf } from '../kinds/wellFormed';
import { WorkloadName } from './reachabilityInput';

export function nameOf({ kind, metadata }: KubernetesObject): WorkloadName {
  return { kind: String(kind), name: String(metadata?.name) };
}

export function namespaceOf({ metadata }: KubernetesObject): string {
  return String(metadata?.namespace || 'default');
}

export function workloadKey(
  object: KubernetesObject,
  workload: WorkloadName,
): string {
  return `${namespaceOf(object)}/${workload.kind}/${workload.name}`;
}

/** What others manage that are workloads themselves; an operator above a Deployment is none. */
const MANAGED = new Set(['Pod', 'ReplicaSet', 'Job']);

/** Who manages what, by owner references that objects of the input have. */
export class Owners {
  readonly #byKey = new Map<string, KubernetesObject>();

  constructor(objects: readonly KubernetesObject[]) {
    for (const object of objects) {
      this.#byKey.set(workloadKey(object, nameOf(object)), object);
    }
  }

  /** Whether something of the input manages it. */
  isOwned(object: KubernetesObject): boolean {
    const owner = controllerOf(object);
    return owner !== undefined && this.#byKey.has(workloadKey(object, owner));
  }

  topOf(object: KubernetesObject): WorkloadName {
    let top = nameOf(object);
    let at: KubernetesObject | undefined = object;
    // Pod, Job, CronJob: no chain is longer, unless it is a circle.
    for (let hops = 0; at && MANAGED.has(at.kind) && hops < 3; hops++) {
      const owner = controllerOf(at);
      // A static pod's owner is its node.
      if (!owner || owner.kind === 'Node' || owner.kind === 'Pod') {
        break;
      }
      top = owner;
      at = this.#byKey.get(workloadKey(object, owner));
    }
    return top;
  }
}

function controllerOf({
  metadata,
}: KubernetesObject): WorkloadName | undefined {
  const owner = listOf(metadata?.ownerReferences).find(
    one => isMap(one) && one.controller === true,
  );
  return isMap(owner)
    ? { kind: String(owner.kind), name: String(owner.name) }
    : undefined;
}
