import { Condition, isTrue } from '../objects/conditions';
import { KubernetesObject } from '../objects/kubernetesObject';
import { Change } from '../storage/table';
import { Controller, kindOf } from './controller';
import { ControlPlane, ownedBy } from './controlPlane';

const RENEWAL_MILLISECONDS = 10 * 1000;
const NODE_LEASES = 'kube-node-lease';
const NODE_LEASE_SECONDS = 40;
const LEADERS = ['kube-controller-manager', 'kube-scheduler'];
const LEADER_SECONDS = 15;
const CONTROL_PLANE = 'node-role.kubernetes.io/control-plane';

/**
 * Renews the leases of nodes that are ready, and those of the control plane's leaders, who live as long as this process.
 * Real leaders renew every two seconds.
 */
export class LeaseRenewal implements Controller {
  readonly name = 'lease-renewal';
  readonly #plane: ControlPlane;

  constructor(plane: ControlPlane) {
    this.#plane = plane;
  }

  keysFor(change: Change): Iterable<string> {
    return kindOf(change) === 'nodes' && !change.deleted
      ? [`node/${change.after.name}`, ...LEADERS.map(name => `leader/${name}`)]
      : [];
  }

  reconcile(key: string): number | void {
    const [role, name] = key.split('/');
    return role === 'node' ? this.#beat(name) : this.#lead(name);
  }

  #beat(name: string): number | void {
    const node = this.#plane.get('Node', '', name);
    const conditions: Condition[] = node?.status?.conditions ?? [];
    if (!node || !isTrue(conditions, 'Ready')) {
      return undefined;
    }
    return this.#renew(NODE_LEASES, name, () => ({
      ...lease(NODE_LEASES, name, name, NODE_LEASE_SECONDS),
      metadata: {
        name,
        namespace: NODE_LEASES,
        ownerReferences: ownedBy(node).map(
          ({ controller, blockOwnerDeletion, ...owner }) => owner,
        ),
      },
    }));
  }

  #lead(name: string): number | void {
    const nodes = this.#plane.list('Node');
    const host =
      nodes.find(({ metadata }) => CONTROL_PLANE in (metadata.labels ?? {})) ??
      nodes[0];
    return (
      host &&
      this.#renew('kube-system', name, () =>
        lease(
          'kube-system',
          name,
          `${host.metadata.name}_${this.#plane.names.uid()}`,
          LEADER_SECONDS,
        ),
      )
    );
  }

  #renew(
    namespace: string,
    name: string,
    make: () => KubernetesObject,
  ): number | void {
    if (!this.#plane.get('Namespace', '', namespace)) {
      return undefined;
    }
    const existing = this.#plane.get('Lease', namespace, name);
    const renewedAt = Date.parse(existing?.spec.renewTime ?? '1970-01-01');
    const left = renewedAt + RENEWAL_MILLISECONDS - this.#plane.clock.now();
    if (left > 0) {
      return left;
    }
    const renewTime = microTime(this.#plane.clock.now());
    if (existing) {
      this.#plane.change(existing, ({ spec }) => {
        spec.renewTime = renewTime;
      });
    } else {
      const made = make();
      this.#plane.create({ ...made, spec: { ...made.spec, renewTime } });
    }
    return RENEWAL_MILLISECONDS;
  }
}

function lease(
  namespace: string,
  name: string,
  holderIdentity: string,
  leaseDurationSeconds: number,
): KubernetesObject {
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name, namespace },
    spec: { holderIdentity, leaseDurationSeconds },
  };
}

/** As leases carry times: `2026-01-05T07:00:00.123000Z`. */
function microTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('Z', '000Z');
}
