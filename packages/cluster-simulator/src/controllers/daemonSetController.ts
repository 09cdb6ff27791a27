import { KubernetesObject } from '../objects/kubernetesObject';
import { StatusError } from '../server/statusError';
import { Change } from '../storage/table';
import {
  Controller,
  controllerKey,
  keyOf,
  kindOf,
  splitKey,
} from './controller';
import { ControlPlane } from './controlPlane';
import { ensureRevision, revisionOfPod } from './controllerRevisions';
import { part } from './deploymentController';
import { createPod, isActive, readySince } from './podFactory';
import { fitsNode, Toleration, toleratesTaints } from './scheduler/nodeFit';

const SOURCE = { component: 'daemonset-controller' };
const RETRY_MILLISECONDS = 5000;
/** Daemon pods stay on nodes that others leave. */
const TOLERATIONS: Toleration[] = [
  { key: 'node.kubernetes.io/not-ready', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/disk-pressure', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/memory-pressure', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/pid-pressure', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' },
].map(toleration => ({ ...toleration, operator: 'Exists' }));

/** Keeps one pod on each node that a DaemonSet is for. */
export class DaemonSetController implements Controller {
  readonly name = 'daemonset';
  readonly #plane: ControlPlane;

  constructor(plane: ControlPlane) {
    this.#plane = plane;
  }

  keysFor(change: Change): Iterable<string> {
    switch (kindOf(change)) {
      case 'daemonsets.apps':
        return [change.after.key];
      case 'pods':
        return controllerKey(change.after, 'DaemonSet');
      case 'nodes':
        return this.#plane.list('DaemonSet').map(keyOf);
      default:
        return [];
    }
  }

  reconcile(key: string): number | void {
    const set = this.#plane.get('DaemonSet', ...splitKey(key));
    if (!set || set.metadata.deletionTimestamp) {
      return undefined;
    }
    const revision = ensureRevision(this.#plane, set);
    const failed = this.#adjust(set, revision);
    this.#writeStatus(set, revision);
    return failed ? this.#plane.pace(RETRY_MILLISECONDS) : undefined;
  }

  #nodesFor({ spec }: KubernetesObject): KubernetesObject[] {
    const podSpec = {
      ...spec.template.spec,
      tolerations: [...(spec.template.spec.tolerations ?? []), ...TOLERATIONS],
    };
    return this.#plane
      .list('Node')
      .filter(
        node => fitsNode(podSpec, node) && toleratesTaints(podSpec, node),
      );
  }

  /** Pods by the node that they are for. */
  #pods(set: KubernetesObject): Map<string, KubernetesObject> {
    return new Map(
      this.#plane
        .controlledBy('Pod', set)
        .filter(isActive)
        .map(pod => [pod.spec.nodeName ?? targetNode(pod), pod]),
    );
  }

  #adjust(set: KubernetesObject, revision: string): boolean {
    const pods = this.#pods(set);
    const nodes = this.#nodesFor(set).map(({ metadata }) => metadata.name);
    for (const node of nodes.filter(name => !pods.has(name))) {
      if (!this.#create(set, node, revision)) {
        return true;
      }
    }
    for (const [node, pod] of pods) {
      if (!nodes.includes(node)) {
        this.#delete(set, pod);
      }
    }
    this.#update(set, [...pods.values()], revision);
    return false;
  }

  /** Replaces pods of an old revision, as many at once as may be unavailable. */
  #update(
    set: KubernetesObject,
    pods: KubernetesObject[],
    revision: string,
  ): void {
    const { updateStrategy } = set.spec;
    if (updateStrategy.type !== 'RollingUpdate') {
      return;
    }
    const limit = part(
      updateStrategy.rollingUpdate?.maxUnavailable ?? 1,
      pods.length,
      Math.ceil,
    );
    const unavailable = this.#plane
      .controlledBy('Pod', set)
      .filter(pod => !isActive(pod) || readySince(pod.status) === undefined);
    pods
      .filter(pod => revisionOfPod(pod) !== revision)
      .slice(0, Math.max(0, limit - unavailable.length))
      .forEach(pod => this.#delete(set, pod));
  }

  #create(set: KubernetesObject, node: string, revision: string): boolean {
    const { metadata, spec } = set;
    const podSpec = spec.template.spec;
    try {
      const pod = createPod(this.#plane, set, spec.template, {
        generateName: `${metadata.name}-`,
        labels: {
          'controller-revision-hash': revision,
          'pod-template-generation': '1',
        },
        spec: {
          affinity: {
            ...podSpec.affinity,
            nodeAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: {
                nodeSelectorTerms: [
                  {
                    matchFields: [
                      { key: 'metadata.name', operator: 'In', values: [node] },
                    ],
                  },
                ],
              },
            },
          },
          tolerations: [...(podSpec.tolerations ?? []), ...TOLERATIONS],
        },
      });
      this.#record(
        set,
        'Normal',
        'SuccessfulCreate',
        `Created pod: ${pod.metadata.name}`,
      );
      return true;
    } catch (error) {
      if (!(error instanceof StatusError)) {
        throw error;
      }
      this.#record(
        set,
        'Warning',
        'FailedCreate',
        `Error creating: ${error.message}`,
      );
      return false;
    }
  }

  #delete(set: KubernetesObject, pod: KubernetesObject): void {
    this.#plane.delete(pod);
    this.#record(
      set,
      'Normal',
      'SuccessfulDelete',
      `Deleted pod: ${pod.metadata.name}`,
    );
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
    const desired = this.#nodesFor(set).length;
    const pods = [...this.#pods(set).values()];
    const ready = pods.filter(
      ({ status }) => readySince(status) !== undefined,
    ).length;
    const updated = pods.filter(pod => revisionOfPod(pod) === revision).length;
    const count = (number: number) => (number > 0 ? number : undefined);
    this.#plane.changeStatus(set, object => {
      object.status = {
        currentNumberScheduled: pods.length,
        numberMisscheduled: 0,
        desiredNumberScheduled: desired,
        numberReady: ready,
        observedGeneration: set.metadata.generation,
        updatedNumberScheduled: count(updated),
        numberAvailable: count(ready),
        numberUnavailable: count(desired - ready),
      };
    });
  }
}

/** The node that the controller made the pod for, while it is not scheduled. */
function targetNode({ spec }: KubernetesObject): string {
  return (
    spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
      ?.nodeSelectorTerms?.[0]?.matchFields?.[0]?.values?.[0] ?? ''
  );
}
