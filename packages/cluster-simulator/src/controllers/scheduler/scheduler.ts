import { withCondition } from '../../objects/conditions';
import { KubernetesObject } from '../../objects/kubernetesObject';
import { Change } from '../../storage/table';
import { Controller, keyOf, kindOf, splitKey } from '../controller';
import { ControlPlane } from '../controlPlane';
import { isActive } from '../podFactory';
import { Refusal, refusalMessage, whyNot } from './nodeRefusal';
import { podClaims } from './podClaims';

const THINK_MILLISECONDS = 150;
const RETRY_MILLISECONDS = 60_000;
const SELECTED_NODE = 'volume.kubernetes.io/selected-node';

/** Gives pods their nodes, or says in the real scheduler's words why there is none. */
export class Scheduler implements Controller {
  readonly name = 'scheduler';
  readonly #plane: ControlPlane;
  /** Pods seen, so that a new one takes a moment. */
  readonly #seen = new Set<string>();

  constructor(plane: ControlPlane) {
    this.#plane = plane;
  }

  keysFor(change: Change): Iterable<string> {
    switch (kindOf(change)) {
      case 'pods':
        if (change.deleted) {
          this.#seen.delete(change.after.uid);
          return this.#unscheduled();
        }
        return change.before ? [] : [change.after.key];
      case 'nodes':
      case 'persistentvolumeclaims':
      case 'persistentvolumes':
      case 'storageclasses.storage.k8s.io':
        return this.#unscheduled();
      default:
        return [];
    }
  }

  reconcile(key: string): number | void {
    const pod = this.#plane.get('Pod', ...splitKey(key));
    if (!pod || pod.spec.nodeName || !isActive(pod)) {
      return undefined;
    }
    if (!this.#seen.has(pod.metadata.uid!)) {
      this.#seen.add(pod.metadata.uid!);
      return this.#plane.pace(THINK_MILLISECONDS);
    }
    if (pod.spec.schedulingGates?.length) {
      this.#setScheduled(
        pod,
        'SchedulingGated',
        'Scheduling is blocked due to non-empty scheduling gates',
      );
      return undefined;
    }
    const nodes = this.#plane.list('Node');
    const claims = podClaims(this.#plane, pod);
    if (typeof claims === 'string') {
      this.#refuse(pod, refusalMessage(nodes.length, claims));
      return this.#plane.pace(RETRY_MILLISECONDS);
    }
    const pods = this.#plane.list('Pod').filter(isActive);
    const refusals: Refusal[] = [];
    const fitting = nodes.filter(node => {
      const refusal = whyNot(pod, node, { nodes, pods }, claims);
      if (refusal) {
        refusals.push(refusal);
      }
      return !refusal;
    });
    if (fitting.length === 0) {
      this.#refuse(pod, refusalMessage(nodes.length, refusals));
      return this.#plane.pace(RETRY_MILLISECONDS);
    }
    const node = leastLoaded(fitting, pods);
    if (claims.waiting.length > 0) {
      // The binder acts on the choice of node; the pod is bound when the claims are.
      claims.waiting.forEach(claim => this.#selectNode(claim, node));
      return this.#plane.pace(RETRY_MILLISECONDS);
    }
    this.#bind(pod, node);
    return undefined;
  }

  #unscheduled(): string[] {
    return this.#plane
      .list('Pod')
      .filter(pod => !pod.spec.nodeName && isActive(pod))
      .map(keyOf);
  }

  #selectNode(claim: KubernetesObject, node: KubernetesObject): void {
    this.#plane.change(
      claim,
      ({ metadata }) => {
        metadata.annotations = {
          [SELECTED_NODE]: node.metadata.name,
          ...metadata.annotations,
        };
      },
      { manager: 'kube-scheduler' },
    );
  }

  #bind(pod: KubernetesObject, node: KubernetesObject): void {
    const nodeName = node.metadata.name;
    this.#plane.change(
      pod,
      object => {
        object.spec.nodeName = nodeName;
      },
      { manager: 'kube-scheduler' },
    );
    this.#plane.changeStatus(
      pod,
      ({ status }) => {
        status.conditions = withCondition(status.conditions, {
          type: 'PodScheduled',
          status: 'True',
          lastProbeTime: null,
          lastTransitionTime: this.#plane.now(),
        });
      },
      'kube-scheduler',
    );
    const { namespace, name } = pod.metadata;
    this.#plane.events.recordScheduling(
      pod,
      'Normal',
      'Scheduled',
      `Successfully assigned ${namespace}/${name} to ${nodeName}`,
      'Binding',
    );
  }

  #refuse(pod: KubernetesObject, message: string): void {
    this.#setScheduled(pod, 'Unschedulable', message);
    this.#plane.events.recordScheduling(
      pod,
      'Warning',
      'FailedScheduling',
      message,
      'Scheduling',
    );
  }

  #setScheduled(pod: KubernetesObject, reason: string, message: string): void {
    this.#plane.changeStatus(
      pod,
      ({ status }) => {
        status.conditions = withCondition(status.conditions, {
          type: 'PodScheduled',
          status: 'False',
          lastProbeTime: null,
          lastTransitionTime: this.#plane.now(),
          reason,
          message,
        });
      },
      'kube-scheduler',
    );
  }
}

function leastLoaded(
  nodes: KubernetesObject[],
  pods: KubernetesObject[],
): KubernetesObject {
  const load = (node: KubernetesObject) =>
    pods.filter(({ spec }) => spec.nodeName === node.metadata.name).length;
  return nodes.reduce((best, node) => (load(node) < load(best) ? node : best));
}
