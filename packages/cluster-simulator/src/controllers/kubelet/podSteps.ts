import { KubernetesObject } from '../../objects/kubernetesObject';
import { ControlPlane } from '../controlPlane';
import { hostAddress, PodAddresses } from './addresses';
import { behaviourOf } from './behaviour';
import { fullImage, imageId, Images } from './images';
import { environmentProblem, mountProblem } from './podReferences';
import { backOff, PodStage, restarts } from './podStage';
import { setCondition, settleStatus } from './podStatus';

type Fields = Record<string, any>;

/** The single steps of a pod's life: what each does to its status and which events it makes. */
export class PodSteps {
  readonly #plane: ControlPlane;
  readonly #images: Images;
  readonly #addresses: PodAddresses;

  constructor(plane: ControlPlane) {
    this.#plane = plane;
    this.#images = new Images(plane.names);
    this.#addresses = new PodAddresses(plane);
  }

  /** `stuck`: something is missing, so the step has to be tried again. */
  take(pod: KubernetesObject, stage: PodStage): 'done' | 'stuck' {
    switch (stage.step) {
      case 'accept':
        return this.#accept(pod);
      case 'mount':
        return this.#mount(pod);
      case 'startInit':
        return this.#start(pod, 'initContainers', stage.container!);
      case 'finishInit':
        return this.#end(pod, 'initContainers', stage.container!, 0);
      case 'start':
      case 'restart':
        return this.#start(pod, 'containers', stage.container!);
      case 'makeReady':
        return this.#makeReady(pod, stage.container!);
      case 'exit':
        return this.#exit(pod, stage.container!);
      default:
        return this.#stop(pod);
    }
  }

  /** The kubelet says at once that it stops the containers; they take their time. */
  announceStop(pod: KubernetesObject): void {
    for (const { name, state } of pod.status.containerStatuses ?? []) {
      if (state.running) {
        this.#record(
          pod,
          'Normal',
          'Killing',
          `Stopping container ${name}`,
          name,
        );
      }
    }
  }

  #accept(pod: KubernetesObject): 'done' {
    const now = this.#plane.now();
    const inits: Fields[] = pod.spec.initContainers ?? [];
    this.#write(pod, status => {
      status.hostIP = hostAddress(this.#plane, pod);
      status.hostIPs = [{ ip: status.hostIP }];
      status.startTime = now;
      setCondition(status, 'PodReadyToStartContainers', false, now);
      if (inits.length > 0) {
        status.initContainerStatuses = inits.map(container =>
          waiting(container, 'PodInitializing'),
        );
      }
      status.containerStatuses = pod.spec.containers.map((container: Fields) =>
        waiting(
          container,
          inits.length > 0 ? 'PodInitializing' : 'ContainerCreating',
        ),
      );
    });
    return 'done';
  }

  #mount(pod: KubernetesObject): 'done' | 'stuck' {
    const problem = mountProblem(pod, (...of) => this.#plane.get(...of));
    if (problem) {
      this.#record(pod, 'Warning', 'FailedMount', problem);
      return 'stuck';
    }
    const now = this.#plane.now();
    this.#write(pod, status => {
      setCondition(status, 'PodReadyToStartContainers', true, now);
      const ip = pod.spec.hostNetwork
        ? status.hostIP
        : this.#addresses.next(pod.spec.nodeName);
      status.podIP = ip;
      status.podIPs = [{ ip }];
    });
    return 'done';
  }

  #start(
    pod: KubernetesObject,
    list: 'containers' | 'initContainers',
    name: string,
  ): 'done' | 'stuck' {
    const container = pod.spec[list].find((c: Fields) => c.name === name);
    const wait = (reason: string, message: string): 'stuck' => {
      this.#writeContainer(pod, list, name, status => {
        status.state = { waiting: { reason, message } };
        status.ready = false;
      });
      return 'stuck';
    };
    const pull = this.#images.pull(pod, container);
    for (const [type, reason, message] of pull.events) {
      this.#record(pod, type, reason, message, name);
    }
    if (pull.waiting) {
      return wait(pull.waiting.reason, pull.waiting.message);
    }
    const problem = environmentProblem(
      container,
      pod.metadata.namespace!,
      (...of) => this.#plane.get(...of),
    );
    if (problem) {
      this.#record(pod, 'Warning', 'Failed', `Error: ${problem}`, name);
      return wait('CreateContainerConfigError', problem);
    }
    this.#record(pod, 'Normal', 'Created', `Created container ${name}`, name);
    this.#record(pod, 'Normal', 'Started', `Started container ${name}`, name);
    this.#writeContainer(pod, list, name, status => {
      if (status.lastState.terminated || status.state.terminated) {
        status.restartCount += 1;
      }
      if (status.state.terminated) {
        status.lastState = { terminated: status.state.terminated };
      }
      status.state = { running: { startedAt: this.#plane.now() } };
      status.started = true;
      status.image = fullImage(container.image);
      status.imageID = imageId(container.image);
      status.containerID = `containerd://${this.#plane.names.hex(64)}`;
    });
    return 'done';
  }

  #makeReady(pod: KubernetesObject, name: string): 'done' {
    this.#writeContainer(pod, 'containers', name, status => {
      status.ready = true;
    });
    return 'done';
  }

  #exit(pod: KubernetesObject, name: string): 'done' {
    const { image } = pod.spec.containers.find((c: Fields) => c.name === name);
    const exitCode = behaviourOf(pod, image) === 'crash' ? 1 : 0;
    return this.#end(pod, 'containers', name, exitCode);
  }

  #end(
    pod: KubernetesObject,
    list: 'containers' | 'initContainers',
    name: string,
    exitCode: number,
  ): 'done' {
    const { namespace, name: podName, uid } = pod.metadata;
    this.#writeContainer(pod, list, name, status => {
      const terminated = {
        exitCode,
        reason: exitCode === 0 ? 'Completed' : 'Error',
        startedAt: status.state.running?.startedAt,
        finishedAt: this.#plane.now(),
        containerID: status.containerID,
      };
      status.ready = list === 'initContainers' && exitCode === 0;
      status.started = false;
      if (exitCode !== 0 && list === 'containers' && restarts(pod, exitCode)) {
        const seconds = backOff(status.restartCount) / 1000;
        status.lastState = { terminated };
        status.state = {
          waiting: {
            reason: 'CrashLoopBackOff',
            message: `back-off ${duration(
              seconds,
            )} restarting failed container=${name} pod=${podName}_${namespace}(${uid})`,
          },
        };
        this.#record(
          pod,
          'Warning',
          'BackOff',
          `Back-off restarting failed container ${name} in pod ${podName}_${namespace}(${uid})`,
          name,
        );
      } else {
        status.state = { terminated };
      }
    });
    return 'done';
  }

  #stop(pod: KubernetesObject): 'done' {
    this.#write(pod, status => {
      for (const container of status.containerStatuses ?? []) {
        if (container.state.running) {
          container.state = {
            terminated: {
              exitCode: 0,
              reason: 'Completed',
              startedAt: container.state.running.startedAt,
              finishedAt: this.#plane.now(),
              containerID: container.containerID,
            },
          };
        }
        container.ready = false;
        container.started = false;
      }
    });
    this.#plane.delete(pod, { gracePeriodSeconds: 0 });
    return 'done';
  }

  #writeContainer(
    pod: KubernetesObject,
    list: 'containers' | 'initContainers',
    name: string,
    change: (status: Fields) => void,
  ): void {
    const field =
      list === 'containers' ? 'containerStatuses' : 'initContainerStatuses';
    this.#write(pod, status => {
      change(
        status[field].find((container: Fields) => container.name === name),
      );
    });
  }

  #write(pod: KubernetesObject, change: (status: Fields) => void): void {
    this.#plane.changeStatus(
      pod,
      object => {
        change(object.status);
        settleStatus(object.status, object.spec, this.#plane.now());
      },
      'kubelet',
    );
  }

  #record(
    pod: KubernetesObject,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
    container?: string,
  ): void {
    const isInit = (pod.spec.initContainers ?? []).some(
      ({ name }: Fields) => name === container,
    );
    this.#plane.events.record(
      pod,
      type,
      reason,
      message,
      { component: 'kubelet', host: pod.spec.nodeName },
      container &&
        `spec.${isInit ? 'initContainers' : 'containers'}{${container}}`,
    );
  }
}

function waiting({ name, image }: Fields, reason: string): Fields {
  return {
    name,
    state: { waiting: { reason } },
    lastState: {},
    ready: false,
    restartCount: 0,
    image,
    imageID: '',
    started: false,
  };
}

function duration(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return minutes > 0 ? `${minutes}m${seconds % 60}s` : `${seconds}s`;
}
