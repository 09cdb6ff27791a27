import { isTrue } from '../../objects/conditions';
import { KubernetesObject } from '../../objects/kubernetesObject';
import { Change } from '../../storage/table';
import { Controller, keyOf, kindOf, splitKey } from '../controller';
import { ControlPlane } from '../controlPlane';
import { PodSteps } from './podSteps';
import { PodStage, stageOf } from './podStage';

interface Pending {
  /** What was planned: the same stage is not planned twice. */
  plan: string;
  cancel: () => void;
}

const RETRY_MILLISECONDS = 10_000;

/** All nodes' kubelets: takes bound pods step by step to ready, and deleted ones away. */
export class Kubelet implements Controller {
  readonly name = 'kubelet';
  readonly #plane: ControlPlane;
  readonly #steps: PodSteps;
  /** The next step of each pod, by its uid. */
  readonly #pending = new Map<string, Pending>();
  /** Pods that wait for an object that is missing, by uid. */
  readonly #stuck = new Set<string>();

  constructor(plane: ControlPlane) {
    this.#plane = plane;
    this.#steps = new PodSteps(plane);
  }

  keysFor(change: Change): Iterable<string> {
    switch (kindOf(change)) {
      case 'pods':
        return [change.after.key];
      case 'nodes':
        return this.#plane
          .list('Pod')
          .filter(({ spec }) => spec.nodeName === change.after.name)
          .map(keyOf);
      case 'secrets':
      case 'configmaps':
      case 'persistentvolumeclaims':
        return this.#wake(change.after.namespace);
      default:
        return [];
    }
  }

  reconcile(key: string): void {
    const pod = this.#plane.get('Pod', ...splitKey(key));
    if (!pod) {
      return;
    }
    const stage =
      pod.spec.nodeName && this.#nodeIsReady(pod) ? stageOf(pod) : undefined;
    if (stage) {
      this.#plan(pod, stage);
    } else {
      this.#forget(pod.metadata.uid!);
    }
  }

  stop(): void {
    this.#pending.forEach(({ cancel }) => cancel());
    this.#pending.clear();
  }

  /** A lost node's kubelet does nothing: its pods stay as they were last seen. */
  #nodeIsReady({ spec }: KubernetesObject): boolean {
    const node = this.#plane.get('Node', '', spec.nodeName);
    return node !== undefined && isTrue(node.status?.conditions, 'Ready');
  }

  #plan(pod: KubernetesObject, stage: PodStage): void {
    const uid = pod.metadata.uid!;
    const plan = `${stage.step} ${stage.container ?? ''}`;
    const pending = this.#pending.get(uid);
    if (pending?.plan === plan) {
      return;
    }
    this.#forget(uid);
    if (stage.step === 'stop') {
      this.#steps.announceStop(pod);
    }
    this.#schedule(pod, stage, plan, this.#plane.pace(stage.milliseconds));
  }

  #schedule(
    pod: KubernetesObject,
    stage: PodStage,
    plan: string,
    milliseconds: number,
  ): void {
    const uid = pod.metadata.uid!;
    const cancel = this.#plane.clock.after(milliseconds, () => {
      this.#pending.delete(uid);
      this.#stuck.delete(uid);
      const now = this.#plane.get(
        'Pod',
        pod.metadata.namespace!,
        pod.metadata.name,
      );
      if (now?.metadata.uid !== uid) {
        return;
      }
      if (this.#steps.take(now, stage) === 'stuck') {
        this.#stuck.add(uid);
        this.#schedule(now, stage, plan, this.#plane.pace(RETRY_MILLISECONDS));
      } else {
        this.reconcile(keyOf(now));
      }
    });
    this.#pending.set(uid, { plan, cancel });
  }

  /** Pods of the namespace that wait for something, to try again soon. */
  #wake(namespace: string): string[] {
    if (this.#stuck.size === 0) {
      return [];
    }
    const woken = this.#plane
      .list('Pod', namespace)
      .filter(({ metadata }) => this.#stuck.has(metadata.uid!));
    woken.forEach(({ metadata }) => this.#forget(metadata.uid!));
    return woken.map(keyOf);
  }

  #forget(uid: string): void {
    this.#pending.get(uid)?.cancel();
    this.#pending.delete(uid);
    this.#stuck.delete(uid);
  }
}
