interface Size {
  replicas: number;
  available: number;
}

/** Sizes that a Deployment's ReplicaSets should have next; no write, no time. */
export function rollingScale({
  desired,
  recreate,
  paused,
  surge,
  unavailable,
  current,
  olds,
  oldPods,
}: {
  desired: number;
  recreate: boolean;
  paused: boolean;
  surge: number;
  unavailable: number;
  current: Size;
  olds: Size[];
  /** Pods that old ReplicaSets still have, terminating ones too. */
  oldPods: number;
}): { current: number; olds: number[] } {
  const oldReplicas = sum(olds.map(({ replicas }) => replicas));
  if (oldReplicas === 0 && !(recreate && oldPods > 0)) {
    return { current: desired, olds: olds.map(() => 0) };
  }
  if (paused) {
    return {
      current: current.replicas,
      olds: olds.map(({ replicas }) => replicas),
    };
  }
  if (recreate) {
    return {
      current: oldPods > 0 ? current.replicas : desired,
      olds: olds.map(() => 0),
    };
  }
  const room = desired + surge - (current.replicas + oldReplicas);
  const grown = Math.min(desired, current.replicas + Math.max(0, room));
  return {
    current: grown,
    olds: shrink(olds, current, desired - unavailable, grown),
  };
}

/** Takes from the old what is not needed to keep enough pods available; unavailable ones first. */
function shrink(
  olds: Size[],
  current: Size,
  minimumAvailable: number,
  grown: number,
): number[] {
  const total = grown + sum(olds.map(({ replicas }) => replicas));
  const unready = grown - current.available;
  let removable = Math.max(0, total - minimumAvailable - unready);
  const sizes = olds.map(({ replicas, available }) => {
    const useless = Math.min(removable, Math.max(0, replicas - available));
    removable -= useless;
    return replicas - useless;
  });
  const available =
    current.available +
    sum(olds.map(old => Math.min(old.available, old.replicas)));
  let spare = Math.min(removable, Math.max(0, available - minimumAvailable));
  return sizes.map(size => {
    const taken = Math.min(spare, size);
    spare -= taken;
    return size - taken;
  });
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
