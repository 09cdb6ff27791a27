import { KubernetesObject } from '../objects/kubernetesObject';
import { Change } from '../storage/table';
import { deepEqual } from '../writes/fieldsTree';
import { nameHash } from '../writes/randomNames';
import { Controller, controllerKey, kindOf, splitKey } from './controller';
import { ControlPlane, ownedBy } from './controlPlane';
import { deploymentConditions, deploymentStatus } from './deploymentStatus';
import { rollingScale } from './rollingUpdate';

const SOURCE = { component: 'deployment-controller' };
const HASH = 'pod-template-hash';
const REVISION = 'deployment.kubernetes.io/revision';

/** Rolls a Deployment's template out over its ReplicaSets. */
export class DeploymentController implements Controller {
  readonly name = 'deployment';
  readonly #plane: ControlPlane;

  constructor(plane: ControlPlane) {
    this.#plane = plane;
  }

  keysFor(change: Change): Iterable<string> {
    switch (kindOf(change)) {
      case 'deployments.apps':
        return [change.after.key];
      case 'replicasets.apps':
        return controllerKey(change.after, 'Deployment');
      case 'pods':
        // Recreate waits until the last old pod is gone.
        return change.deleted ? this.#deploymentOf(change) : [];
      default:
        return [];
    }
  }

  reconcile(key: string): number | void {
    const deployment = this.#plane.get('Deployment', ...splitKey(key));
    if (!deployment || deployment.metadata.deletionTimestamp) {
      return undefined;
    }
    const owned = () => this.#plane.controlledBy('ReplicaSet', deployment);
    let current = owned().find(set => sameTemplate(set, deployment));
    if (!current && !deployment.spec.paused) {
      current = this.#createReplicaSet(deployment, owned());
    }
    if (current) {
      this.#noteRevision(deployment, current, owned());
      this.#scale(deployment, current, owned());
      this.#forgetOldRevisions(deployment, current, owned());
    }
    return this.#writeStatus(deployment, current, owned());
  }

  *#deploymentOf(change: Change): Iterable<string> {
    const [key] = controllerKey(change.after, 'ReplicaSet');
    const replicaSet = key && this.#plane.get('ReplicaSet', ...splitKey(key));
    const owner = replicaSet
      ? replicaSet.metadata.ownerReferences?.find(
          ({ controller }) => controller,
        )
      : undefined;
    if (owner) {
      yield `${change.after.namespace}/${owner.name}`;
    }
  }

  #createReplicaSet(
    deployment: KubernetesObject,
    owned: KubernetesObject[],
  ): KubernetesObject {
    const { metadata, spec } = deployment;
    const hash = nameHash(spec.template);
    const labels = { ...spec.template.metadata?.labels, [HASH]: hash };
    return this.#plane.create({
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name: `${metadata.name}-${hash}`,
        namespace: metadata.namespace,
        labels,
        annotations: {
          ...this.#sizeAnnotations(deployment),
          [REVISION]: String(lastRevision(owned) + 1),
        },
        ownerReferences: ownedBy(deployment),
      },
      spec: {
        replicas: 0,
        minReadySeconds: spec.minReadySeconds,
        selector: {
          ...spec.selector,
          matchLabels: { ...spec.selector.matchLabels, [HASH]: hash },
        },
        template: {
          ...spec.template,
          metadata: { ...spec.template.metadata, labels },
        },
      },
    });
  }

  #sizeAnnotations({ spec }: KubernetesObject): Record<string, string> {
    const { surge } = rollingLimits(spec);
    return {
      'deployment.kubernetes.io/desired-replicas': String(spec.replicas),
      'deployment.kubernetes.io/max-replicas': String(spec.replicas + surge),
    };
  }

  /** The newest ReplicaSet has the highest revision, also when it was there before (a roll back). */
  #noteRevision(
    deployment: KubernetesObject,
    current: KubernetesObject,
    owned: KubernetesObject[],
  ): void {
    const others = owned.filter(
      ({ metadata }) => metadata.uid !== current.metadata.uid,
    );
    const own = revisionOf(current);
    const revision = String(Math.max(own, lastRevision(others) + 1));
    this.#plane.change(current, ({ metadata }) => {
      metadata.annotations = { ...metadata.annotations, [REVISION]: revision };
    });
    this.#plane.change(deployment, ({ metadata }) => {
      metadata.annotations = { ...metadata.annotations, [REVISION]: revision };
    });
  }

  #scale(
    deployment: KubernetesObject,
    current: KubernetesObject,
    owned: KubernetesObject[],
  ): void {
    const { spec } = deployment;
    const olds = owned.filter(
      ({ metadata }) => metadata.uid !== current.metadata.uid,
    );
    const oldPods = olds.flatMap(set =>
      this.#plane.controlledBy('Pod', set),
    ).length;
    const limits = rollingLimits(spec);
    const sizes = rollingScale({
      desired: spec.replicas,
      recreate: spec.strategy.type === 'Recreate',
      paused: spec.paused === true,
      ...limits,
      current: sizeOf(current),
      olds: olds.map(sizeOf),
      oldPods,
    });
    this.#resize(deployment, current, sizes.current);
    olds.forEach((set, index) =>
      this.#resize(deployment, set, sizes.olds[index]),
    );
  }

  #resize(
    deployment: KubernetesObject,
    replicaSet: KubernetesObject,
    replicas: number,
  ): void {
    const from = replicaSet.spec.replicas;
    this.#plane.change(replicaSet, object => {
      object.spec.replicas = replicas;
      object.metadata.annotations = {
        ...object.metadata.annotations,
        ...this.#sizeAnnotations(deployment),
      };
    });
    if (replicas !== from) {
      const created =
        from === 0 && replicaSet.status?.observedGeneration === undefined;
      this.#plane.events.record(
        deployment,
        'Normal',
        'ScalingReplicaSet',
        `Scaled ${replicas > from ? 'up' : 'down'} replica set ${
          replicaSet.metadata.name
        } to ${replicas}${created ? '' : ` from ${from}`}`,
        SOURCE,
      );
    }
  }

  #forgetOldRevisions(
    deployment: KubernetesObject,
    current: KubernetesObject,
    owned: KubernetesObject[],
  ): void {
    const idle = owned
      .filter(
        ({ metadata, spec, status }) =>
          metadata.uid !== current.metadata.uid &&
          spec.replicas === 0 &&
          !status?.replicas,
      )
      .sort((a, b) => revisionOf(a) - revisionOf(b));
    const kept = deployment.spec.revisionHistoryLimit ?? 10;
    idle
      .slice(0, Math.max(0, idle.length - kept))
      .forEach(set => this.#plane.delete(set));
  }

  #writeStatus(
    deployment: KubernetesObject,
    current: KubernetesObject | undefined,
    owned: KubernetesObject[],
  ): number | undefined {
    const fresh = owned.find(
      ({ metadata }) => metadata.uid === current?.metadata.uid,
    );
    const status = deploymentStatus(deployment, fresh, owned);
    const { conditions, again } = deploymentConditions(
      deployment,
      status,
      fresh,
      owned,
      {
        now: this.#plane.now(),
        milliseconds: this.#plane.clock.now(),
        unavailableAllowed: rollingLimits(deployment.spec).unavailable,
      },
    );
    this.#plane.changeStatus(deployment, object => {
      object.status = { ...status, conditions };
    });
    return again;
  }
}

function sameTemplate(
  replicaSet: KubernetesObject,
  deployment: KubernetesObject,
): boolean {
  const { [HASH]: _, ...labels } =
    replicaSet.spec.template.metadata?.labels ?? {};
  const template = {
    ...replicaSet.spec.template,
    metadata: { ...replicaSet.spec.template.metadata, labels },
  };
  return deepEqual(template, deployment.spec.template);
}

function sizeOf({ spec, status }: KubernetesObject) {
  return { replicas: spec.replicas, available: status?.availableReplicas ?? 0 };
}

function revisionOf({ metadata }: KubernetesObject): number {
  return Number(metadata.annotations?.[REVISION] ?? 0);
}

function lastRevision(owned: KubernetesObject[]): number {
  return Math.max(0, ...owned.map(revisionOf));
}

/** How many pods may be too many or too few while rolling. */
function rollingLimits(spec: Record<string, any>): {
  surge: number;
  unavailable: number;
} {
  if (spec.strategy.type === 'Recreate') {
    return { surge: 0, unavailable: 0 };
  }
  const { maxSurge, maxUnavailable } = spec.strategy.rollingUpdate;
  const surge = part(maxSurge, spec.replicas, Math.ceil);
  const unavailable = part(maxUnavailable, spec.replicas, Math.floor);
  return surge === 0 && unavailable === 0
    ? { surge, unavailable: 1 }
    : { surge, unavailable: Math.min(unavailable, spec.replicas) };
}

/** A number or a percentage of the whole. */
export function part(
  value: number | string,
  whole: number,
  round: (number: number) => number,
): number {
  return typeof value === 'string' && value.endsWith('%')
    ? round((whole * parseInt(value, 10)) / 100)
    : Number(value);
}
