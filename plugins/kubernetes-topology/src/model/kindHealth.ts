import {
  ClusterStatus,
  KindHealth,
  StatusLevel,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';

export type KindReadState = KindHealth['state'];

/** Worst first: the order of the table and of the counts above it. */
export const KIND_STATES: readonly KindReadState[] = [
  'failing',
  'forbidden',
  'listing',
  'listed',
  'absent',
];

/** The shape and colour that a state of reading shares with the states of objects. */
export const LEVEL_OF_KIND_STATE: Readonly<Record<KindReadState, StatusLevel>> =
  {
    failing: 'down',
    forbidden: 'degraded',
    listing: 'progressing',
    listed: 'ok',
    absent: 'idle',
  };

export const LEVEL_OF_CLUSTER_STATE: Readonly<
  Record<ClusterStatus['state'], StatusLevel>
> = { failing: 'down', syncing: 'progressing', ready: 'ok' };

/** `Deployment.apps`, `Pod`: as kubectl takes it. */
export function kindText({ kind, group }: { kind: string; group: string }) {
  return group === '' ? kind : `${kind}.${group}`;
}

/** Something that somebody should look at. A kind that the cluster does not serve is none. */
export function isKindProblem(kind: KindHealth): boolean {
  return (
    kind.state === 'failing' ||
    kind.state === 'forbidden' ||
    // What a list leaves out, and why.
    (kind.state === 'listed' && Boolean(kind.message))
  );
}

export type KindColumn =
  | 'kind'
  | 'group'
  | 'state'
  | 'objects'
  | 'lag'
  | 'message'
  | 'at';

const VALUE_OF: Readonly<
  Record<KindColumn, (kind: KindHealth) => string | number | undefined>
> = {
  kind: ({ kind }) => kind,
  group: ({ group }) => group,
  state: ({ state }) => KIND_STATES.indexOf(state),
  objects: kind => (hasObjects(kind) ? kind.objects : undefined),
  lag: ({ lagMs }) => lagMs,
  message: kind => messageOf(kind),
  at: ({ at }) => at,
};

/** Sorted by a column; what has no value there stands last either way, and equal ones stay in the order of names. */
export function sortedKinds(
  kinds: readonly KindHealth[],
  column: KindColumn,
  direction: 'ascending' | 'descending',
): KindHealth[] {
  const valueOf = VALUE_OF[column];
  const sign = direction === 'ascending' ? 1 : -1;
  return [...kinds].sort((a, b) => {
    const [one, other] = [valueOf(a), valueOf(b)];
    if (one !== other) {
      if (one === undefined) return 1;
      if (other === undefined) return -1;
      const order =
        typeof one === 'number' && typeof other === 'number'
          ? one - other
          : String(one).localeCompare(String(other));
      if (order !== 0) return sign * order;
    }
    return a.kind.localeCompare(b.kind) || a.group.localeCompare(b.group);
  });
}

/** Whether there is a number of objects to tell: of what was never listed there is none. */
export function hasObjects({ state, objects, countHidden }: KindHealth) {
  return !countHidden && (state === 'listed' || objects > 0);
}

/** The last error, or what a list leaves out. That a kind is not served is its state, and no error. */
export function messageOf({ state, message }: KindHealth): string | undefined {
  return state === 'absent' ? undefined : message || undefined;
}

/** How many kinds are in each state, worst first; states without kinds are left out. */
export function countsByState(
  kinds: readonly KindHealth[],
): { state: KindReadState; count: number }[] {
  return KIND_STATES.map(state => ({
    state,
    count: kinds.filter(kind => kind.state === state).length,
  })).filter(({ count }) => count > 0);
}

const UNITS = [
  { unit: 'minute', length: 60_000, digits: 0 },
  { unit: 'second', length: 1_000, digits: 1 },
  { unit: 'millisecond', length: 1, digits: 0 },
];

/** `40 ms`, `1.2 sec`, `3 min`: short, for a column of them. */
export function durationText(milliseconds: number, locale?: string): string {
  const { unit, length, digits } =
    UNITS.find(candidate => milliseconds >= candidate.length) ?? UNITS[2];
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit,
    unitDisplay: 'short',
    maximumFractionDigits: digits,
  }).format(milliseconds / length);
}
