import {
  capturedNames,
  stateFiles,
} from '../kinds/__testUtils__/capturedStates';
import {
  Judged,
  JudgedState,
  count,
  isRight,
  judgedState,
  referenceOf,
} from './__testUtils__/judgedState';
import { WholeGraphReader } from './__testUtils__/wholeGraphReader';
import { writtenState } from './__testUtils__/writtenState';
import { causesOf } from './analyse';

const MINUTE = 60_000;
const NAMES = capturedNames();
/** Every grace period but those of hours has passed by then. */
const LATE = 15 * MINUTE;

/** When a captured state is looked at: nothing may be wrong then, whatever grace periods still run. */
const TIMES: readonly [string, number][] = [
  ['at once', 0],
  ['30 s later', MINUTE / 2],
  ['4 min later', 4 * MINUTE],
  ['15 min later', LATE],
];

/** How many affected objects of a state are explained rightly once the graces have passed; the others stay silent. */
const RIGHT: Readonly<Record<string, number>> = {
  'bad-image-tag': 6,
  'bookinfo-networkpolicy': 1,
  'cascade-db-crash': 15,
  'missing-secret-env': 6,
  'node-unreachable': 8,
  'quota-blocks-replicaset': 2,
  'rollout-stuck-bad-image': 3,
  'service-selector-typo': 2,
  'stale-secret-recreated': 2,
  'task-pv-capacity': 2,
  'unschedulable-cpu': 5,
  'webhook-blocks-pods': 5,
  'wordpress-missing-mysql-pass': 8,
};

/** States of which every affected object must be explained: the root is a missing object, a claim or a node. */
const ALL_EXPLAINED = [
  'missing-secret-env',
  'node-unreachable',
  'quota-blocks-replicaset',
  'task-pv-capacity',
  'webhook-blocks-pods',
  'wordpress-missing-mysql-pass',
];

async function judgedStates(later: number): Promise<JudgedState[]> {
  const states: JudgedState[] = [];
  for (const name of NAMES) {
    states.push(await judgedState(name, later));
  }
  return states;
}

describe.each(TIMES)('captured states, looked at %s', (_, later) => {
  let states: JudgedState[];

  beforeAll(async () => {
    states = await judgedStates(later);
  });

  it('never names a wrong root, for no object of no state', () => {
    const wrong = states.flatMap(({ truth, affected, maybe, causes }) => [
      ...[...affected, ...maybe]
        .filter(({ outcome }) => outcome === 'wrong')
        .map(({ object }) => `${truth.name}: ${object}`),
      ...causes
        .filter(({ root }) => !isRight(truth, root))
        .map(({ root }) => `${truth.name}: ${referenceOf(root)} as a root`),
    ]);
    expect(wrong).toEqual([]);
  });

  it('names no cause for what the fault does not affect', () => {
    const caused = states.flatMap(({ truth, notAffected }) =>
      notAffected
        .filter(isCaused)
        .map(({ object }) => `${truth.name}: ${object}`),
    );
    expect(caused).toEqual([]);
  });

  it('finds nothing in controls', () => {
    const controls = states.filter(({ truth }) => truth.control);
    expect(controls.map(({ truth }) => truth.name).sort()).toEqual([
      'bookinfo-healthy',
      'task-pv-healthy',
    ]);
    expect(controls.flatMap(({ causes }) => causes)).toEqual([]);
    expect(
      controls.flatMap(({ notAffected }) => notAffected).filter(isCaused),
    ).toEqual([]);
  });
});

describe('captured states, when their graces have passed', () => {
  let states: JudgedState[];

  beforeAll(async () => {
    states = await judgedStates(LATE);
  });

  afterAll(() => process.stdout.write(tableOf(states)));

  it.each(NAMES)('%s', name => {
    const { affected, causes } = stateOf(name);
    expect(count(affected, 'right')).toBe(RIGHT[name] ?? 0);
    // Symptoms that share a root are one cause, counted once.
    expect(causes).toHaveLength(RIGHT[name] ? 1 : 0);
  });

  it.each(ALL_EXPLAINED)('%s: explains all that is affected', name => {
    const { affected } = stateOf(name);
    expect(affected.filter(({ outcome }) => outcome !== 'right')).toEqual([]);
  });

  it.each(ALL_EXPLAINED)("%s: tells it in Kubernetes' own words", name => {
    const { truth, affected } = stateOf(name);
    const told = affected.map(({ explanation }) => JSON.stringify(explanation));
    expect(truth.expectedReasonKeywords).not.toEqual([]);
    expect(
      truth.expectedReasonKeywords.filter(
        keyword => !told.some(text => text.includes(keyword)),
      ),
    ).toEqual([]);
  });

  function stateOf(name: string): JudgedState {
    return states.find(({ truth }) => truth.name === name)!;
  }
});

describe('before the fault', () => {
  it.each(stateFiles().filter(file => file.endsWith('.before.json')))(
    '%s has no cause of anything',
    async file => {
      // The clock of the capture: the fault came within seconds.
      const now = (await judgedNow(file)) + LATE;
      const reader = WholeGraphReader.ofDeltas(writtenState(file, now));
      const keys = reader
        .nodes()
        // The clock goes on, and in a capture no run is ever started; some kinds were not captured.
        .filter(
          ({ kind, verdict }) =>
            kind.kind !== 'CronJob' && verdict.reason !== 'KindAbsent',
        )
        .map(({ key }) => key);
      expect(await causesOf(reader, keys, { now })).toEqual({
        causes: [],
        unexplained: [],
      });
    },
  );
});

async function judgedNow(file: string): Promise<number> {
  const { truth } = await judgedState(file.replace('.before.json', ''), 0);
  return Date.parse(truth.capturedAt);
}

function isCaused({ explanation }: Judged): boolean {
  return explanation.answer === 'cause';
}

function tableOf(states: readonly JudgedState[]): string {
  const row = (name: string, judged: readonly Judged[]) =>
    `  ${name.padEnd(30)}${(['right', 'silent', 'wrong'] as const)
      .map(outcome => String(count(judged, outcome)).padStart(7))
      .join('')}`;
  const all = states.flatMap(({ affected }) => affected);
  return [
    `Root causes: ${all.length} affected objects in ${states.length} captured states`,
    `  ${'state'.padEnd(30)}  right silent  wrong`,
    ...states.map(({ truth, affected }) => row(truth.name, affected)),
    row('all', all),
    '',
  ].join('\n');
}
