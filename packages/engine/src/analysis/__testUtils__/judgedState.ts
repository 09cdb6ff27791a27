import { Truth, capturedState } from '../../kinds/__testUtils__/capturedStates';
import { causesOf, explain } from '../analyse';
import { CausalReader } from '../causalGraph';
import { CausalNode, Explanation, RootCause } from '../rootCause';
import { keyOf } from './causalGraphBuilder';
import { WholeGraphReader } from './wholeGraphReader';
import { writtenState } from './writtenState';

/** The part of a captured state's ground truth that tells of causes. */
export interface CauseTruth extends Truth {
  rootCause: string[];
  /** Also right: nearer to the victim, or the missing piece. */
  acceptable: string[];
  expectedReasonKeywords: string[];
}

/** What the analysis says of one object of which the truth is known. */
export interface Judged {
  /** `Kind/namespace/name`. */
  object: string;
  outcome: 'right' | 'silent' | 'wrong';
  explanation: Explanation;
}

export interface JudgedState {
  truth: CauseTruth;
  affected: Judged[];
  maybe: Judged[];
  notAffected: Judged[];
  /** Of all objects of the state together. */
  causes: (RootCause & { affected: string[] })[];
}

/**
 * @param later how long after the capture the state is looked at, in milliseconds
 * @param readerOf reads what was written; the whole graph from memory without
 */
export async function judgedState(
  name: string,
  later: number,
  readerOf?: (deltas: ReturnType<typeof writtenState>) => Promise<CausalReader>,
): Promise<JudgedState> {
  const { truth: read, capturedAt } = capturedState(name);
  const truth = read as CauseTruth;
  const now = capturedAt + later;
  const deltas = writtenState(`${name}.json`, now);
  const whole = WholeGraphReader.ofDeltas(deltas);
  const reader = readerOf ? await readerOf(deltas) : whole;
  const known = new Set(whole.nodes().map(({ key }) => key));

  const judge = async (objects: readonly string[]): Promise<Judged[]> => {
    const judged: Judged[] = [];
    // Kinds that are not watched yet are in the truth, too.
    for (const object of objects.filter(one => known.has(keyOf(one)))) {
      const explanation = await explain(reader, keyOf(object), { now });
      judged.push({
        object,
        outcome: outcomeOf(explanation!, truth),
        explanation: explanation!,
      });
    }
    return judged;
  };
  return {
    truth,
    affected: await judge(truth.affected),
    maybe: await judge(truth.mayBeAffected),
    notAffected: await judge(truth.notAffected),
    causes: (await causesOf(reader, [...known], { now })).causes,
  };
}

function outcomeOf(
  explanation: Explanation,
  truth: CauseTruth,
): Judged['outcome'] {
  if (explanation.answer !== 'cause') {
    return 'silent';
  }
  return isRight(truth, explanation.causes[0].root) ? 'right' : 'wrong';
}

export function referenceOf({ kind, namespace, name }: CausalNode): string {
  return `${kind}/${namespace}/${name}`;
}

export function isRight(truth: CauseTruth, root: CausalNode): boolean {
  return [...truth.rootCause, ...truth.acceptable].includes(referenceOf(root));
}

export function count(
  judged: readonly Judged[],
  outcome: Judged['outcome'],
): number {
  return judged.filter(one => one.outcome === outcome).length;
}
