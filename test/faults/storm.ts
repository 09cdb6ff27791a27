import { Change, chooseChange } from './change';
import { Random, seedOf } from './random';

/** Kinds whose requests faults like to hit: those that change. */
const RESOURCES = [
  'pods',
  'pods',
  'pods',
  'deployments',
  'replicasets',
  'secrets',
  'configmaps',
  'services',
  'endpointslices',
  'persistentvolumeclaims',
  'namespaces',
  'nodes',
  'events',
] as const;

type Of = { resource: string | undefined };

/** What goes wrong, as data, so that a storm can be printed and played again. Times in milliseconds. */
export type Fault =
  | ({ fault: 'watches dropped' | 'watches ended' } & Of)
  | ({ fault: '410 in watches'; forget: boolean } & Of)
  | { fault: '410 for lists'; lasting: number }
  | ({
      fault: '429';
      code: 429;
      times: number;
      retryAfter: number | undefined;
    } & Of)
  | ({ fault: '500'; code: 500 | 503 | 504; times: number } & Of)
  | ({ fault: '403 or 404'; code: 403 | 404; times: number } & Of)
  | ({
      fault: 'truncated list';
      bytes: number;
      times: number;
      end: 'clean' | 'reset';
    } & Of)
  | ({ fault: 'torn watch'; end: 'clean' | 'reset' } & Of)
  | ({ fault: 'hung request'; times: number } & Of)
  | ({ fault: 'silent watch' } & Of)
  | ({ fault: 'connection reset'; times: number } & Of)
  | ({ fault: 'slow answers'; milliseconds: number; times: number } & Of)
  | ({
      fault: 'delivered again';
      changes: number;
      order: 'before' | 'between';
    } & Of)
  | { fault: 'API server away'; lasting: number; watches: 'cut' | 'silent' }
  | { fault: 'API server restart, empty cache'; lasting: number }
  | { fault: 'API server restart, older version'; lasting: number }
  | { fault: 'clock jump'; skew: number }
  | { fault: 'database locked or cut off'; lasting: number }
  | { fault: 'database restart'; lasting: number }
  | { fault: 'lease stolen'; lasting: number }
  | { fault: 'engine killed'; replica: number; statements: number | undefined }
  | { fault: 'engine frozen'; replica: number; lasting: number };

export type FaultName = Fault['fault'];

const WEIGHTS: Readonly<Record<FaultName, number>> = {
  'watches dropped': 8,
  'watches ended': 3,
  '410 in watches': 6,
  '410 for lists': 3,
  '429': 4,
  '500': 6,
  '403 or 404': 3,
  'truncated list': 6,
  'torn watch': 5,
  'hung request': 1,
  'silent watch': 1,
  'connection reset': 4,
  'slow answers': 4,
  'delivered again': 7,
  'API server away': 3,
  'API server restart, empty cache': 3,
  'API server restart, older version': 3,
  'clock jump': 4,
  'database locked or cut off': 4,
  'database restart': 2,
  'engine killed': 2,
  'engine frozen': 2,
  'lease stolen': 3,
};

export const FAULT_NAMES = Object.keys(WEIGHTS) as FaultName[];

export type Step = { at: number } & (Change | Fault);

/** What happens, in order. `at`: milliseconds since its beginning. */
export interface Storm {
  seed: number;
  steps: Step[];
  /** Milliseconds that the controllers go on afterwards, before all is compared. */
  settling: number;
}

/** How long a storm blows, in milliseconds; what it left broken is repaired afterwards. */
const LENGTH = 450;

/** The same seeds, the same storm. */
export function planStorm(
  seed: number,
  lane: string,
  nth: number,
  database: 'sqlite' | 'postgres',
): Storm {
  const own = seedOf(seed, lane, nth);
  const random = new Random(own);
  const moments = (least: number, most: number) =>
    Array.from({ length: random.between(least, most) }, () =>
      random.between(0, LENGTH),
    );
  const steps: Step[] = [
    ...moments(5, 14).map(at => ({ at, ...chooseChange(random) })),
    ...moments(2, 5).map(at => ({ at, ...chooseFault(random, database) })),
  ];
  return {
    seed: own,
    steps: steps.sort((one, other) => one.at - other.at),
    settling: random.between(0, 400),
  };
}

function chooseFault(random: Random, database: 'sqlite' | 'postgres'): Fault {
  const fault = random.weighted(WEIGHTS);
  const resource = random.chance(0.4) ? undefined : random.pick(RESOURCES);
  const times = random.between(1, 3);
  const lasting = random.between(20, 400);
  const end = random.pick(['clean', 'reset'] as const);
  switch (fault) {
    case '410 in watches':
      return { fault, resource, forget: random.chance(0.5) };
    case '429':
      return {
        fault,
        code: 429,
        resource: random.pick(RESOURCES),
        times,
        retryAfter: random.chance(0.4) ? 1 : undefined,
      };
    case '500':
      return {
        fault,
        resource,
        times,
        code: random.pick([500, 503, 504] as const),
      };
    case '403 or 404':
      return {
        fault,
        resource: random.pick(RESOURCES),
        times,
        code: random.pick([403, 404] as const),
      };
    case 'truncated list':
      return { fault, resource, times, end, bytes: random.between(0, 4000) };
    case 'torn watch':
      return { fault, resource, end };
    case 'slow answers':
      return { fault, resource, times, milliseconds: random.between(20, 300) };
    case 'hung request':
    case 'connection reset':
      return { fault, resource, times };
    case 'delivered again':
      return {
        fault,
        resource,
        changes: random.between(1, 40),
        order: random.pick(['before', 'between'] as const),
      };
    case 'API server away':
      return {
        fault,
        lasting,
        watches: random.pick(['cut', 'silent'] as const),
      };
    case 'clock jump':
      return {
        fault,
        skew:
          1000 *
          random.pick([-3600, -60, -5, -1, 1, 5, 45, 120, 700, 3600, 86_400]),
      };
    case 'database restart':
      // There is nothing to restart in a file.
      return {
        fault: database === 'sqlite' ? 'database locked or cut off' : fault,
        lasting,
      };
    case 'engine killed':
      return {
        fault,
        replica: random.between(0, 1),
        statements: random.chance(0.7) ? random.between(0, 12) : undefined,
      };
    case 'engine frozen':
      // Sometimes for longer than a lease lasts.
      return {
        fault,
        replica: random.between(0, 1),
        lasting: random.between(50, 1_500),
      };
    case '410 for lists':
    case 'lease stolen':
    case 'API server restart, empty cache':
    case 'API server restart, older version':
    case 'database locked or cut off':
      return { fault, lasting };
    default:
      return { fault, resource };
  }
}
