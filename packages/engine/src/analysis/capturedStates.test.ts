import { causesOf, explain } from './analyse';
import {
  CAPTURED_STATES,
  Truth,
  capturedState,
} from './__fixtures__/capturedState';
import { keyOf } from './__fixtures__/causalGraphBuilder';
import { WholeGraphReader } from './__fixtures__/wholeGraphReader';
import { CausalNode, Explanation } from './rootCause';

const MINUTE = 60_000;

/** When a captured state is looked at: nothing may be wrong then, whatever grace periods still run. */
const TIMES: readonly [string, number][] = [
  ['at once', 0],
  ['30 s later', MINUTE / 2],
  ['4 min later', 4 * MINUTE],
  ['15 min later', 15 * MINUTE],
];

/** Roots of these kinds must be found for all that is affected and watched; the others may stay silent. */
const MUST_FIND = /^(Secret|ConfigMap|PersistentVolumeClaim|Node)\//;

/** States beyond those whose root the analysis finds for at least one affected object. */
const ALSO_FOUND: ReadonlySet<string> = new Set([
  'bad-image-tag',
  'cascade-db-crash',
  'rollout-stuck-bad-image',
  'service-selector-typo',
  'unschedulable-cpu',
  'webhook-blocks-pods',
]);

type Outcome = 'right' | 'silent' | 'wrong';

interface Judged {
  object: string;
  outcome: Outcome;
  explanation: Explanation;
}

function referenceOf({ kind, namespace, name }: CausalNode): string {
  return `${kind}/${namespace}/${name}`;
}

function isRight(truth: Truth, root: CausalNode): boolean {
  return [...truth.rootCause, ...truth.acceptable].includes(referenceOf(root));
}

async function judge(name: string, later: number) {
  const { truth, deltas, now } = capturedState(name, later);
  const reader = WholeGraphReader.ofDeltas(deltas);
  const known = new Set(reader.nodes().map(({ key }) => key));
  const judgeAll = async (objects: readonly string[]): Promise<Judged[]> => {
    const judged: Judged[] = [];
    for (const object of objects.filter(one => known.has(keyOf(one)))) {
      const explanation = (await explain(reader, keyOf(object), { now }))!;
      const outcome =
        explanation.answer !== 'cause'
          ? 'silent'
          : isRight(truth, explanation.causes[0].root)
          ? 'right'
          : 'wrong';
      judged.push({ object, outcome, explanation });
    }
    return judged;
  };
  const { causes } = await causesOf(reader, [...known], { now });
  return {
    truth,
    affected: await judgeAll(truth.affected),
    maybe: await judgeAll(truth.mayBeAffected),
    others: await judgeAll(truth.notAffected),
    causes,
  };
}

type State = Awaited<ReturnType<typeof judge>>;

function count(judged: readonly Judged[], outcome: Outcome): number {
  return judged.filter(one => one.outcome === outcome).length;
}

describe.each(TIMES)('captured states, looked at %s', (_, later) => {
  const states: State[] = [];

  beforeAll(async () => {
    for (const name of CAPTURED_STATES) {
      states.push(await judge(name, later));
    }
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

  it('finds nothing in controls', () => {
    const controls = states.filter(({ truth }) => truth.control);
    expect(controls.length).toBeGreaterThanOrEqual(2);
    for (const { causes, others } of controls) {
      expect(causes).toEqual([]);
      expect(others.map(({ explanation }) => explanation.answer)).not.toContain(
        'cause',
      );
    }
  });
});

describe('captured states, when every grace has passed', () => {
  const states: State[] = [];

  beforeAll(async () => {
    for (const name of CAPTURED_STATES) {
      states.push(await judge(name, 15 * MINUTE));
    }
  });

  afterAll(() => {
    const lines = states.map(({ truth, affected }) => {
      const { name } = truth;
      const columns = (['right', 'silent', 'wrong'] as const).map(outcome =>
        String(count(affected, outcome)).padStart(6),
      );
      return `  ${name.padEnd(30)}${columns.join(' ')}`;
    });
    const all = states.flatMap(({ affected }) => affected);
    process.stdout.write(
      [
        `Root cause of ${all.length} affected objects in ${states.length} captured states:`,
        `  ${'state'.padEnd(30)} right silent  wrong`,
        ...lines,
        `  ${'all'.padEnd(30)}${[
          count(all, 'right'),
          count(all, 'silent'),
          count(all, 'wrong'),
        ]
          .map(number => String(number).padStart(6))
          .join(' ')}`,
        '',
      ].join('\n'),
    );
  });

  it.each(CAPTURED_STATES)('%s', name => {
    const { truth, affected, causes } = states.find(
      one => one.truth.name === name,
    )!;
    if (
      truth.rootCause.some(root => MUST_FIND.test(root)) &&
      affected.some(isTroubled)
    ) {
      expect(affected.filter(one => one.outcome !== 'right')).toEqual([]);
    }
    if (ALSO_FOUND.has(name)) {
      expect(count(affected, 'right')).toBeGreaterThan(0);
    }
    // Symptoms that share a root are one cause, counted once.
    expect(causes.length).toBeLessThanOrEqual(1);
  });

  it("says it in Kubernetes' own words", () => {
    const mustTell = states.filter(
      ({ truth, affected }) =>
        truth.rootCause.some(root => MUST_FIND.test(root)) &&
        affected.some(isTroubled),
    );
    expect(mustTell.map(({ truth }) => truth.name).sort()).toEqual([
      'missing-secret-env',
      'node-unreachable',
      'task-pv-capacity',
      'wordpress-missing-mysql-pass',
    ]);
    for (const { truth, affected } of mustTell) {
      const told = affected.map(({ explanation }) =>
        JSON.stringify(explanation),
      );
      for (const keyword of truth.expectedReasonKeywords) {
        expect({
          state: truth.name,
          keyword,
          told: told.some(text => text.includes(keyword)),
        }).toEqual({ state: truth.name, keyword, told: true });
      }
    }
  });
});

function isTroubled({ explanation }: Judged): boolean {
  return explanation.answer !== 'healthy';
}
