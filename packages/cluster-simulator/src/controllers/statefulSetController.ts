import { KubernetesObject } from '../objects/kubernetesObject';
import { StatusError } from '../server/statusError';
import { Change } from '../storage/table';
import { Controller, controllerKey, kindOf, splitKey } from './controller';
import { ControlPlane } from './controlPlane';
import { ensureRevision, revisionOfPod } from './controllerRevisions';
import { createPod, readySince } from './podFactory';

const SOURCE = { component: 'statefulset-controller' };
const RETRY_MILLISECONDS = 5000;

/** Keeps a StatefulSet's pods and their claims, one after the other. */
export class StatefulSetController implements Controller {
  readonly name = 'statefulset';
  readonly #plane: ControlPlane;

  constructor(plane: ControlPlane) {
    this.#plane = plane;
  }

  keysFor(change: Change): Iterable<string> {
    switch (kindOf(change)) {
      case 'statefulsets.apps':
        return [change.after.key];
      case 'pods':
        return controllerKey(change.after, 'StatefulSet');
      default:
        return [];
    }
  }

  reconcile(key: string): number | void {
    const set = this.#plane.get('StatefulSet', ...splitKey(key));
    if (!set || set.metadata.deletionTimestamp) {
      return undefined;
    }
    const revision = ensureRevision(this.#plane, set);
    const failed = this.#adjust(set, revision);
    this.#writeStatus(set, revision);
    return failed ? this.#plane.pace(RETRY_MILLISECONDS) : undefined;
  }

  #pods(set: KubernetesObject): Map<number, KubernetesObject> {
    return new Map(
      this.#plane
        .controlledBy('Pod', set)
        .map((pod): [number, KubernetesObject] => [ordinalOf(pod), pod])
        .sort(([a], [b]) => a - b),
    );
  }

  /** One step towards what is wanted; the next follows when this one's pod is ready. True: a pod was refused. */
  #adjust(set: KubernetesObject, revision: string): boolean {
    const { spec } = set;
    const ordered = spec.podManagementPolicy === 'OrderedReady';
    const pods = this.#pods(set);
    for (let ordinal = 0; ordinal < spec.replicas; ordinal++) {
      const pod = pods.get(ordinal);
      if (pod && ['Failed', 'Succeeded'].includes(pod.status.phase)) {
        this.#delete(set, pod);
        return false;
      }
      if (!pod && !this.#create(set, ordinal, revision)) {
        return true;
      }
      const waits =
        !pod ||
        pod.metadata.deletionTimestamp !== undefined ||
        readySince(pod.status) === undefined;
      if (waits && ordered) {
        return false;
      }
    }
    const surplus = [...pods].filter(([ordinal]) => ordinal >= spec.replicas);
    for (const [, pod] of surplus.reverse()) {
      this.#delete(set, pod);
      if (ordered) {
        return false;
      }
    }
    this.#update(set, pods, revision);
    return false;
  }

  /** Replaces the highest pod of an old revision, once all above it are ready. */
  #update(
    set: KubernetesObject,
    pods: Map<number, KubernetesObject>,
    revision: string,
  ): void {
    const { updateStrategy } = set.spec;
    if (updateStrategy.type !== 'RollingUpdate') {
      return;
    }
    const partition = updateStrategy.rollingUpdate?.partition ?? 0;
    for (const [ordinal, pod] of [...pods].reverse()) {
      if (ordinal < partition) {
        return;
      }
      if (revisionOfPod(pod) !== revision) {
        this.#delete(set, pod);
        return;
      }
      if (readySince(pod.status) === undefined) {
        return;
      }
    }
  }

  #create(set: KubernetesObject, ordinal: number, revision: string): boolean {
    const { metadata, spec } = set;
    const name = `${metadata.name}-${ordinal}`;
    const claims = (spec.volumeClaimTemplates ?? []).map((template: any) => ({
      template,
      claimName: `${template.metadata.name}-${name}`,
    }));
    try {
      for (const { template, claimName } of claims) {
        this.#createClaim(set, template, claimName, name);
      }
      createPod(this.#plane, set, spec.template, {
        name,
        generateName: `${metadata.name}-`,
        labels: {
          'apps.kubernetes.io/pod-index': String(ordinal),
          'controller-revision-hash': `${metadata.name}-${revision}`,
          'statefulset.kubernetes.io/pod-name': name,
        },
        spec: {
          hostname: name,
          subdomain: spec.serviceName,
          volumes: [
            ...claims.map(({ template, claimName }: any) => ({
              name: template.metadata.name,
              persistentVolumeClaim: { claimName },
            })),
            ...(spec.template.spec.volumes ?? []),
          ],
        },
      });
    } catch (error) {
      if (!(error instanceof StatusError)) {
        throw error;
      }
      this.#record(
        set,
        'Warning',
        'FailedCreate',
        `create Pod ${name} in StatefulSet ${metadata.name} failed error: ${error.message}`,
      );
      return false;
    }
    this.#record(
      set,
      'Normal',
      'SuccessfulCreate',
      `create Pod ${name} in StatefulSet ${metadata.name} successful`,
    );
    return true;
  }

  #createClaim(
    set: KubernetesObject,
    template: KubernetesObject,
    claimName: string,
    podName: string,
  ): void {
    const { name, namespace } = set.metadata;
    if (this.#plane.get('PersistentVolumeClaim', namespace!, claimName)) {
      return;
    }
    this.#plane.create({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: {
        name: claimName,
        namespace,
        labels: {
          ...template.metadata.labels,
          ...set.spec.selector.matchLabels,
        },
        annotations: template.metadata.annotations,
      },
      spec: template.spec,
    });
    this.#record(
      set,
      'Normal',
      'SuccessfulCreate',
      `create Claim ${claimName} Pod ${podName} in StatefulSet ${name} success`,
    );
  }

  #delete(set: KubernetesObject, pod: KubernetesObject): void {
    if (!pod.metadata.deletionTimestamp) {
      this.#plane.delete(pod);
      this.#record(
        set,
        'Normal',
        'SuccessfulDelete',
        `delete Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name} successful`,
      );
    }
  }

  #record(
    set: KubernetesObject,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
  ): void {
    this.#plane.events.record(set, type, reason, message, SOURCE);
  }

  #writeStatus(set: KubernetesObject, revision: string): void {
    const { name, generation } = set.metadata;
    const pods = [...this.#pods(set).values()];
    const ready = pods.filter(
      ({ status }) => readySince(status) !== undefined,
    ).length;
    const staying = pods.filter(
      ({ metadata }) => metadata.deletionTimestamp === undefined,
    );
    const updated = staying.filter(
      pod => revisionOfPod(pod) === revision,
    ).length;
    const count = (number: number) => (number > 0 ? number : undefined);
    const updateRevision = `${name}-${revision}`;
    this.#plane.changeStatus(set, object => {
      const before = object.status.currentRevision ?? updateRevision;
      const done = updated === pods.length && ready === set.spec.replicas;
      const currentRevision = done ? updateRevision : before;
      object.status = {
        observedGeneration: generation,
        replicas: pods.length,
        readyReplicas: count(ready),
        currentReplicas: count(
          currentRevision === updateRevision
            ? updated
            : staying.length - updated,
        ),
        updatedReplicas: count(updated),
        currentRevision,
        updateRevision,
        collisionCount: 0,
        availableReplicas: ready,
      };
    });
  }
}

function ordinalOf({ metadata }: KubernetesObject): number {
  return Number(/-(\d+)$/.exec(metadata.name)?.[1] ?? 0);
}
