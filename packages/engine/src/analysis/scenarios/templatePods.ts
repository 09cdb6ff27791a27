import { KubernetesObject } from '../../kinds/kindDefinition';
import {
  ago,
  withParts,
  condition,
  event,
  FAULT,
  object,
  ObjectParts,
  OLD,
} from './templateObjects';

/** What a state makes of a pod that is well: the pod, and the events about it. */
export type PodState = (pod: KubernetesObject) => KubernetesObject[];

/** Running and ready. */
export const running: PodState = one => [one];

export interface PodOptions extends ObjectParts {
  node?: string;
  state?: PodState;
}

/** Each pod has an address of its own. */
let addresses = 0;

/** A pod that runs and is ready, or is in the given state. */
export function pod(
  reference: string,
  spec: object,
  options: PodOptions = {},
): KubernetesObject[] {
  const { state = running, node = 'node-1', age = OLD, ...parts } = options;
  const full = podSpec(spec, node);
  addresses += 1;
  const ip = `10.244.${Math.floor(addresses / 250) % 250}.${
    (addresses % 250) + 1
  }`;
  const well = object('v1', 'Pod', reference, {
    ...parts,
    age,
    manager: 'kube-controller-manager',
    spec: full,
    status: {
      phase: 'Running',
      conditions: readyConditions(age),
      hostIP: '10.0.0.1',
      podIP: ip,
      podIPs: [{ ip }],
      startTime: ago(age),
      qosClass: 'Burstable',
      ...(full.initContainers && {
        initContainerStatuses: full.initContainers.map((one: any) =>
          containerStatus(one, {
            ready: true,
            state: { terminated: { ...ended(0, 'Completed', age) } },
          }),
        ),
      }),
      containerStatuses: full.containers.map((one: any) =>
        containerStatus(one, {
          ready: true,
          started: true,
          state: { running: { startedAt: ago(age) } },
        }),
      ),
    },
  });
  return state(well);
}

function podSpec(spec: any, node: string): KubernetesObject {
  return {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    schedulerName: 'default-scheduler',
    serviceAccountName: 'default',
    serviceAccount: 'default',
    securityContext: {},
    nodeName: node,
    priority: 0,
    enableServiceLinks: true,
    preemptionPolicy: 'PreemptLowerPriority',
    ...spec,
  };
}

function readyConditions(age: number): KubernetesObject[] {
  return [
    'PodReadyToStartContainers',
    'Initialized',
    'Ready',
    'ContainersReady',
    'PodScheduled',
  ].map(type => condition(type, 'True', undefined, undefined, age));
}

function containerStatus(one: any, parts: object): KubernetesObject {
  return {
    name: one.name,
    image: one.image,
    imageID: '',
    ready: false,
    started: false,
    restartCount: 0,
    lastState: {},
    state: {},
    ...parts,
  };
}

function ended(exitCode: number, reason: string, since: number) {
  return {
    exitCode,
    reason,
    startedAt: ago(since + 0.1),
    finishedAt: ago(since),
    containerID: 'containerd://0123456789abcdef',
  };
}

/** One condition of the pod set, the others as they are. */
export function withCondition(
  one: KubernetesObject,
  set: KubernetesObject,
): KubernetesObject {
  const conditions: KubernetesObject[] = one.status.conditions ?? [];
  return withParts(one, {
    status: {
      conditions: [...conditions.filter(({ type }) => type !== set.type), set],
    },
  });
}

function unready(
  one: KubernetesObject,
  names: readonly string[],
  since: number,
): KubernetesObject {
  const message = `containers with unready status: [${names.join(' ')}]`;
  return ['Ready', 'ContainersReady'].reduce(
    (before, type) =>
      withCondition(
        before,
        condition(type, 'False', 'ContainersNotReady', message, since),
      ),
    one,
  );
}

export interface ContainerParts {
  /** Default: the first regular one. */
  container?: string;
  /** Minutes before `NOW`. */
  since?: number;
  restarts?: number;
}

/** The pod with one container's status replaced; the others stay as they are. */
function withContainer(
  one: KubernetesObject,
  parts: object,
  { container, since = FAULT, restarts = 0 }: ContainerParts,
): KubernetesObject {
  const name = container ?? one.spec.containers[0].name;
  const isInit = (one.spec.initContainers ?? []).some(
    (each: any) => each.name === name,
  );
  const list = isInit ? 'initContainerStatuses' : 'containerStatuses';
  const statuses = one.status[list].map((status: any) =>
    status.name === name
      ? {
          ...status,
          ready: false,
          started: false,
          restartCount: restarts,
          ...parts,
        }
      : status,
  );
  const set = withParts(one, { status: { [list]: statuses } });
  return isInit
    ? waitingForInit(set, name, since)
    : unready(set, [name], since);
}

function waitingForInit(
  one: KubernetesObject,
  name: string,
  since: number,
): KubernetesObject {
  const names = one.spec.containers.map((each: any) => each.name);
  const pending = withParts(unready(one, names, since), {
    status: {
      phase: 'Pending',
      containerStatuses: one.spec.containers.map((each: any) =>
        containerStatus(each, {
          state: { waiting: { reason: 'PodInitializing' } },
        }),
      ),
    },
  });
  return withCondition(
    pending,
    condition(
      'Initialized',
      'False',
      'ContainersNotInitialized',
      `containers with incomplete status: [${name}]`,
      since,
    ),
  );
}

/** The pod was made at the time of the fault, if it is older. */
function madeAt(one: KubernetesObject, since: number): KubernetesObject {
  const made = Date.parse(one.metadata.creationTimestamp);
  if (made >= Date.parse(ago(since))) {
    return one;
  }
  return withParts(one, {
    metadata: { creationTimestamp: ago(since) },
    status: {
      startTime: ago(since),
      conditions: one.status.conditions.map((each: any) => ({
        ...each,
        lastTransitionTime: ago(since),
      })),
    },
  });
}

/** T-WAIT: a container that never started waits, with the kubelet's reason and words. */
export function waiting(
  reason: string,
  message: string,
  parts: ContainerParts = {},
): PodState {
  const { since = FAULT } = parts;
  return one => {
    const set = withContainer(
      madeAt(one, since),
      { imageID: '', state: { waiting: { reason, message } } },
      parts,
    );
    const alone = one.spec.containers.length === 1;
    const pending = alone
      ? withParts(set, { status: { phase: 'Pending' } })
      : set;
    return [
      pending,
      event(pending, 'Failed', `Error: ${message}`, { first: since }),
    ];
  };
}

/** S001: the two forms of T-WAIT of an image that cannot be pulled, with all that the kubelet says of it. */
export function imagePull(
  image: string,
  message: string,
  parts: ContainerParts = {},
): PodState {
  const { since = FAULT } = parts;
  const told = `Back-off pulling image "${image}": ErrImagePull: ${message}`;
  return one => {
    const [set] = waiting('ImagePullBackOff', told, parts)(one);
    return [
      set,
      event(set, 'Pulling', `Pulling image "${image}"`, {
        type: 'Normal',
        first: since,
      }),
      event(set, 'Failed', `Failed to pull image "${image}": ${message}`, {
        first: since,
      }),
      event(set, 'Failed', 'Error: ErrImagePull', { first: since }),
      event(set, 'BackOff', `Back-off pulling image "${image}"`, {
        type: 'Normal',
        first: since,
      }),
      event(set, 'Failed', 'Error: ImagePullBackOff', { first: since }),
    ];
  };
}

/** T-CRASH: the container starts, ends, and is held back. */
export function crashing(
  exitCode: number,
  reason = 'Error',
  parts: ContainerParts & {
    /** The container's termination message, or the runtime's. */
    message?: string;
  } = {},
): PodState {
  const { since = FAULT, restarts = 8, message } = parts;
  return one => {
    const { name, namespace, uid } = one.metadata;
    const container = parts.container ?? one.spec.containers[0].name;
    const told = `back-off 5m0s restarting failed container=${container} pod=${name}_${namespace}(${uid})`;
    const set = withContainer(
      one,
      {
        state: { waiting: { reason: 'CrashLoopBackOff', message: told } },
        lastState: {
          terminated: {
            ...ended(exitCode, reason, 2),
            ...(message !== undefined && { message }),
          },
        },
      },
      { since, restarts, container },
    );
    return [
      set,
      event(set, 'Started', `Started container ${container}`, {
        type: 'Normal',
        first: since,
        count: restarts,
      }),
      event(
        set,
        'BackOff',
        `Back-off restarting failed container ${container} in pod ${name}_${namespace}(${uid})`,
        { first: since, count: 5 * restarts },
      ),
    ];
  };
}

/** T-OOM. */
export function oomKilled(parts: ContainerParts = {}): PodState {
  return crashing(137, 'OOMKilled', parts);
}

/** Runs now, after restarts: what it said when it ended stays. */
export function restarted(
  exitCode: number,
  reason: string,
  parts: ContainerParts & {
    /** Minutes before `NOW`: its last end. */
    last?: number;
    ready?: boolean;
  } = {},
): PodState {
  const { last = 2, ready = true, restarts = 6, since = FAULT } = parts;
  return one => {
    const set = withContainer(
      one,
      {
        ready,
        started: true,
        state: { running: { startedAt: ago(last) } },
        lastState: { terminated: ended(exitCode, reason, last) },
      },
      { ...parts, restarts, since },
    );
    return [
      ready
        ? withParts(set, { status: { conditions: one.status.conditions } })
        : set,
    ];
  };
}

/** T-UNSCHED. */
export function unschedulable(message: string, since = FAULT): PodState {
  return one => {
    const { nodeName: _, ...spec } = one.spec;
    const set: KubernetesObject = {
      ...madeAt(one, since),
      spec,
      status: {
        phase: 'Pending',
        qosClass: 'Burstable',
        conditions: [
          condition('PodScheduled', 'False', 'Unschedulable', message, since),
        ],
      },
    };
    return [
      set,
      event(set, 'FailedScheduling', message, {
        first: since,
        component: 'default-scheduler',
      }),
    ];
  };
}

/** Pending, and nobody has said a word. */
export function unheeded(since = FAULT, keepsNode = false): PodState {
  return one => {
    const { nodeName, ...spec } = one.spec;
    return [
      {
        ...madeAt(one, since),
        spec: keepsNode ? { ...spec, nodeName } : spec,
        status: { phase: 'Pending', qosClass: 'Burstable' },
      },
    ];
  };
}

/** T-MOUNT and its like: containers are not created; the event says why. */
export function creating(
  reason: string,
  message: string,
  since = FAULT,
): PodState {
  return one => {
    const names = one.spec.containers.map((each: any) => each.name);
    const set = withCondition(
      withParts(unready(madeAt(one, since), names, since), {
        status: {
          phase: 'Pending',
          podIP: undefined,
          podIPs: undefined,
          containerStatuses: one.spec.containers.map((each: any) =>
            containerStatus(each, {
              state: { waiting: { reason: 'ContainerCreating' } },
            }),
          ),
        },
      }),
      condition(
        'PodReadyToStartContainers',
        'False',
        undefined,
        undefined,
        since,
      ),
    );
    return [set, event(set, reason, message, { first: since })];
  };
}

/** T-MOUNT. */
export function mountFails(message: string, since = FAULT): PodState {
  return creating('FailedMount', message, since);
}

/** Runs, and its readiness probe fails with these words. */
export function notReady(
  message = 'Readiness probe failed: HTTP probe failed with statuscode: 503',
  since = FAULT,
): PodState {
  return one => {
    const [name] = one.spec.containers.map((each: any) => each.name);
    const set = withContainer(
      one,
      {
        started: true,
        state: { running: { startedAt: one.status.startTime } },
      },
      { container: name, since },
    );
    return [
      set,
      event(set, 'Unhealthy', message, { first: since, count: 120 }),
    ];
  };
}

/** The kubelet kills the container, for its liveness or startup probe fails with these words. */
export function probeKills(
  message: string,
  parts: ContainerParts & {
    probe?: 'liveness' | 'startup';
    exitCode?: number;
  } = {},
): PodState {
  const { since = FAULT, probe = 'liveness', exitCode = 137 } = parts;
  return one => {
    const container = parts.container ?? one.spec.containers[0].name;
    const [set, ...events] = crashing(exitCode, 'Error', parts)(one);
    return [
      set,
      ...events,
      event(set, 'Unhealthy', message, { first: since, count: 30 }),
      event(
        set,
        'Killing',
        `Container ${container} failed ${probe} probe, will be restarted`,
        { type: 'Normal', first: since, count: 8 },
      ),
    ];
  };
}

/** The init container runs and does not end. */
export function initRunning(container: string, since = FAULT): PodState {
  return one => [
    withContainer(
      madeAt(one, since),
      { started: true, state: { running: { startedAt: ago(since) } } },
      { container, since },
    ),
  ];
}

/** T-DONE. */
export function done(
  phase: 'Succeeded' | 'Failed',
  parts: { since?: number; exitCode?: number } = {},
): PodState {
  const { since = FAULT, exitCode = phase === 'Failed' ? 1 : 0 } = parts;
  const word = phase === 'Failed' ? 'PodFailed' : 'PodCompleted';
  return one => {
    const set = withParts(one, {
      status: {
        phase,
        containerStatuses: one.spec.containers.map((each: any) =>
          containerStatus(each, {
            state: {
              terminated: ended(
                exitCode,
                exitCode === 0 ? 'Completed' : 'Error',
                since,
              ),
            },
          }),
        ),
      },
    });
    return [
      [
        condition('Ready', 'False', word, undefined, since),
        condition('ContainersReady', 'False', word, undefined, since),
        condition(
          'PodReadyToStartContainers',
          'False',
          undefined,
          undefined,
          since,
        ),
      ].reduce(withCondition, set),
    ];
  };
}

/** Failed and left behind by the kubelet. */
export function evicted(message: string, since = FAULT): PodState {
  return one => {
    const set = withCondition(
      withParts(one, {
        status: {
          phase: 'Failed',
          reason: 'Evicted',
          message,
          containerStatuses: undefined,
        },
      }),
      condition(
        'DisruptionTarget',
        'True',
        'TerminationByKubelet',
        message,
        since,
      ),
    );
    return [
      set,
      event(set, 'Evicted', message, { first: since, last: since, count: 1 }),
    ];
  };
}

/** Being deleted since so many minutes (the deletion time, grace included), for a reason that is told. */
export function terminating(
  since: number,
  disruption?: { reason: string; message: string },
): PodState {
  return one => {
    const set = withParts(one, {
      metadata: {
        deletionTimestamp: ago(since),
        deletionGracePeriodSeconds: 30,
      },
    });
    return [
      disruption
        ? withCondition(
            set,
            condition(
              'DisruptionTarget',
              'True',
              disruption.reason,
              disruption.message,
              since,
            ),
          )
        : set,
    ];
  };
}

/** On a node that is lost: the node controller's mark, and its eviction when the five minutes are over. */
export function lostWithNode(since = FAULT): PodState {
  return one => {
    const marked = withCondition(
      one,
      condition('Ready', 'False', undefined, undefined, since),
    );
    const [set] =
      since > 5 && one.metadata.ownerReferences?.[0]?.kind !== 'DaemonSet'
        ? terminating(since - 5.5, {
            reason: 'DeletionByTaintManager',
            message: 'Taint manager: deleting due to NoExecute taint',
          })(marked)
        : [marked];
    return [
      set,
      event(set, 'NodeNotReady', 'Node is not ready', {
        first: since,
        last: since,
        count: 1,
        component: 'node-controller',
      }),
    ];
  };
}
