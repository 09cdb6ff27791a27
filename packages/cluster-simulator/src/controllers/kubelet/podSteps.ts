import { KubernetesObject } from '../../objects/kubernetesObject';
import { ControlPlane } from '../controlPlane';
import { behaviourOf } from './behaviour';
import { environmentProblem, mountProblem } from './podReferences';
import { backOff, PodStage, restarts } from './podStage';
import { setCondition, settleStatus } from './podStatus';

type Fields = Record<string, any>;

/** The single steps of a pod's life: what each does to its status and which events it makes. */
export class PodSteps {
  readonly #plane: ControlPlane;
  /** Images that a node has pulled: `node image`. */
  readonly #pulled = new Set<string>();
  #lastAddress = new Map<string, number>();

  constructor(plane: ControlPlane) {
    this.#plane = plane;
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
      status.hostIP = this.#hostAddress(pod);
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
        : this.#podAddress(pod.spec.nodeName);
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
    const wait = (reason: string, message?: string) => {
      this.#writeContainer(pod, list, name, status => {
        status.state = { waiting: { reason, message } };
        status.ready = false;
      });
    };
    if (!this.#pull(pod, container, wait)) {
      return 'stuck';
    }
    const problem = environmentProblem(
      container,
      pod.metadata.namespace!,
      (...of) => this.#plane.get(...of),
    );
    if (problem) {
      wait('CreateContainerConfigError', problem);
      this.#record(pod, 'Warning', 'Failed', `Error: ${problem}`, name);
      return 'stuck';
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
      status.imageID = `${status.image.replace(
        /:[^:/]*$/,
        '',
      )}@sha256:${this.#digest(container.image)}`;
      status.containerID = `containerd://${this.#plane.names.hex(64)}`;
    });
    return 'done';
  }

  /** False: the image cannot be had. */
  #pull(
    pod: KubernetesObject,
    { name, image, imagePullPolicy }: Fields,
    wait: (reason: string, message?: string) => void,
  ): boolean {
    const record = (type: 'Normal' | 'Warning', reason: string, text: string) =>
      this.#record(pod, type, reason, text, name);
    if (behaviourOf(pod, image) === 'image-missing') {
      const pulling = pod.status.containerStatuses.some(
        ({ name: other, state }: Fields) =>
          other === name && /ImagePull/.test(state.waiting?.reason ?? ''),
      );
      const error = `rpc error: code = NotFound desc = failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${image}: not found`;
      record('Normal', 'Pulling', `Pulling image "${image}"`);
      record('Warning', 'Failed', `Failed to pull image "${image}": ${error}`);
      record('Warning', 'Failed', 'Error: ErrImagePull');
      if (pulling) {
        record('Normal', 'BackOff', `Back-off pulling image "${image}"`);
        record('Warning', 'Failed', 'Error: ImagePullBackOff');
        wait('ImagePullBackOff', `Back-off pulling image "${image}"`);
      } else {
        wait('ErrImagePull', error);
      }
      return false;
    }
    const known = `${pod.spec.nodeName} ${image}`;
    if (this.#pulled.has(known) && imagePullPolicy !== 'Always') {
      record(
        'Normal',
        'Pulled',
        `Container image "${image}" already present on machine`,
      );
      return true;
    }
    this.#pulled.add(known);
    const took = `${200 + this.#plane.names.below(600)}ms`;
    const size = 20_000_000 + this.#plane.names.below(40_000_000);
    record('Normal', 'Pulling', `Pulling image "${image}"`);
    record(
      'Normal',
      'Pulled',
      `Successfully pulled image "${image}" in ${took} (${took} including waiting). Image size: ${size} bytes.`,
    );
    return true;
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

  #hostAddress({ spec }: KubernetesObject): string {
    const node = this.#plane.get('Node', '', spec.nodeName);
    const internal = (node?.status?.addresses ?? []).find(
      ({ type }: Fields) => type === 'InternalIP',
    );
    return internal?.address ?? '192.168.10.10';
  }

  /** The next free address of the node's range, as a CNI plugin gives them out. */
  #podAddress(nodeName: string): string {
    const range = this.#plane.get('Node', '', nodeName)?.spec?.podCIDR;
    const [a, b, c] = (range ?? '10.244.0.0/24').split('.');
    const taken = new Set(
      this.#plane.list('Pod').map(({ status }) => status?.podIP),
    );
    let last = this.#lastAddress.get(nodeName) ?? 1;
    do {
      last = last >= 254 ? 2 : last + 1;
    } while (taken.has(`${a}.${b}.${c}.${last}`) && taken.size < 253);
    this.#lastAddress.set(nodeName, last);
    return `${a}.${b}.${c}.${last}`;
  }

  /** The same for the same image. */
  #digest(image: string): string {
    return Buffer.from(image).toString('hex').padEnd(64, '0').slice(-64);
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

/** `nginx:1` is `docker.io/library/nginx:1`. */
function fullImage(image: string): string {
  const named = /[:@]/.test(image.slice(image.lastIndexOf('/') + 1))
    ? image
    : `${image}:latest`;
  const [host, ...path] = named.split('/');
  if (path.length === 0) {
    return `docker.io/library/${named}`;
  }
  return /[.:]|^localhost$/.test(host) ? named : `docker.io/${named}`;
}

function duration(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return minutes > 0 ? `${minutes}m${seconds % 60}s` : `${seconds}s`;
}
