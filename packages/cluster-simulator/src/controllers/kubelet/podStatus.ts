import {
  Condition,
  conditionOf,
  withCondition,
} from '../../objects/conditions';

type Fields = Record<string, any>;

/** The kubelet's own conditions, in the order in which it writes them. */
const ORDER = [
  'PodReadyToStartContainers',
  'Initialized',
  'Ready',
  'ContainersReady',
  'PodScheduled',
];

/** Phase and conditions that follow from the container states; changes the status in place. */
export function settleStatus(status: Fields, spec: Fields, now: string): void {
  const inits: Fields[] = status.initContainerStatuses ?? [];
  const containers: Fields[] = status.containerStatuses ?? [];
  status.phase = phaseOf(status.phase, spec, inits, containers);
  const finished = ['Succeeded', 'Failed'].includes(status.phase);
  const set = (
    type: string,
    holds: boolean,
    reason?: string,
    message?: string,
  ) => {
    status.conditions = withCondition(status.conditions, {
      type,
      status: holds ? 'True' : 'False',
      lastProbeTime: null,
      lastTransitionTime: now,
      reason,
      message,
    });
  };
  if (finished) {
    const reason = status.phase === 'Failed' ? 'PodFailed' : 'PodCompleted';
    set('PodReadyToStartContainers', false);
    set('Initialized', true, status.phase === 'Succeeded' ? reason : undefined);
    set('Ready', false, reason);
    set('ContainersReady', false, reason);
  } else {
    const waitingInits = inits.filter(
      ({ state }) => state.terminated?.exitCode !== 0,
    );
    set(
      'Initialized',
      waitingInits.length === 0,
      ...notReady('ContainersNotInitialized', 'incomplete', waitingInits),
    );
    const unready = containers.filter(({ ready }) => !ready);
    const why = notReady('ContainersNotReady', 'unready', unready);
    set('Ready', unready.length === 0, ...why);
    set('ContainersReady', unready.length === 0, ...why);
  }
  status.conditions = inOrder(status.conditions);
}

export function setCondition(
  status: Fields,
  type: string,
  holds: boolean,
  now: string,
): void {
  status.conditions = inOrder(
    withCondition(status.conditions, {
      type,
      status: holds ? 'True' : 'False',
      lastProbeTime: null,
      lastTransitionTime: now,
    }),
  );
}

function phaseOf(
  before: string,
  { restartPolicy }: Fields,
  inits: Fields[],
  containers: Fields[],
): string {
  const ended = containers.every(({ state }) => state.terminated);
  const failed = containers.some(
    ({ state }) => state.terminated && state.terminated.exitCode !== 0,
  );
  if (ended && containers.length > 0 && restartPolicy !== 'Always') {
    if (!failed) {
      return 'Succeeded';
    }
    if (restartPolicy === 'Never') {
      return 'Failed';
    }
  }
  if (
    restartPolicy === 'Never' &&
    inits.some(({ state }) => (state.terminated?.exitCode ?? 0) !== 0)
  ) {
    return 'Failed';
  }
  // A pod whose containers have all run once is Running, also between two restarts.
  const begun = containers.every(
    ({ state, lastState }) =>
      state.running || state.terminated || lastState.terminated,
  );
  return begun && containers.length > 0 ? 'Running' : before;
}

function notReady(
  reason: string,
  word: string,
  containers: Fields[],
): [] | [string, string] {
  return containers.length === 0
    ? []
    : [
        reason,
        `containers with ${word} status: [${containers
          .map(({ name }) => name)
          .join(' ')}]`,
      ];
}

function inOrder(conditions: Condition[]): Condition[] {
  const own = ORDER.map(type => conditionOf(conditions, type)).filter(
    condition => condition !== undefined,
  ) as Condition[];
  return [...own, ...conditions.filter(({ type }) => !ORDER.includes(type))];
}
