import { Incident, Incidents } from '../incident';
import { CausalNode } from '../rootCause';
import { Expectation, ObjectReference } from './scenario';

export type ScenarioOutcome = 'right' | 'wrong' | 'silent' | 'false alarm';

export interface ScenarioVerdict {
  outcome: ScenarioOutcome;
  /** What is not as expected, in words; none when it is right. */
  problems: string[];
}

/** Compares what was found with what is true. */
export function judgeScenario(
  expects: Expectation,
  found: Incidents,
): ScenarioVerdict {
  const { incidents } = found;
  const told = incidents.map(toldAs).join('; ') || 'no incident';
  if ('nothing' in expects) {
    const problems = [
      ...incidents.map(incident => `false alarm: ${toldAs(incident)}`),
      ...found.unexplained.map(
        ({ node, because }) =>
          `called down without a cause: ${referenceOf(node)} (${because})`,
      ),
    ];
    return problems.length > 0
      ? { outcome: 'false alarm', problems }
      : { outcome: 'right', problems };
  }
  if ('noCause' in expects) {
    const problems = incidents
      .filter(
        ({ root, confidence }) =>
          confidence === 'proven' ||
          !expects.orLikely?.includes(referenceOf(root)),
      )
      .map(incident => `nothing proves ${toldAs(incident)}`);
    return problems.length > 0
      ? { outcome: 'wrong', problems }
      : { outcome: 'right', problems };
  }
  if (incidents.length === 0) {
    const silent = found.unexplained.map(
      ({ node, because }) => `${referenceOf(node)}: ${because}`,
    );
    return {
      outcome: 'silent',
      problems: [
        `no incident; unexplained: ${silent.join('; ') || 'nothing either'}`,
      ],
    };
  }
  if ('independentRoots' in expects) {
    const roots = incidents.map(({ root }) => referenceOf(root)).sort();
    const wanted = [...expects.independentRoots].sort();
    return roots.join() === wanted.join()
      ? { outcome: 'right', problems: [] }
      : {
          outcome: 'wrong',
          problems: [`expected the roots ${wanted.join(', ')}, found ${told}`],
        };
  }
  const [first] = incidents;
  const problems = [
    ...problemsOf(expects, first),
    ...(incidents.length > 1
      ? [`one incident is expected, found are: ${told}`]
      : []),
  ];
  return { outcome: problems.length > 0 ? 'wrong' : 'right', problems };
}

function problemsOf(
  expects: Extract<Expectation, { roots: readonly ObjectReference[] }>,
  incident: Incident,
): string[] {
  const { roots, faults, affected = [], says = [] } = expects;
  const problems: string[] = [];
  if (!roots.includes(referenceOf(incident.root))) {
    problems.push(
      `expected root ${roots.join(' or ')}, found ${toldAs(incident)}`,
    );
  }
  if (faults && !faults.includes(incident.fault)) {
    problems.push(`expected fault ${faults.join(' or ')}: ${incident.fault}`);
  }
  const all = incident.affected.map(referenceOf);
  const missed = affected.filter(one => !all.includes(one));
  if (missed.length > 0) {
    problems.push(
      `not among the affected: ${missed.join(', ')} (there are ${all.join(
        ', ',
      )})`,
    );
  }
  const text = [
    incident.summary,
    incident.nextStep,
    ...incident.evidence.map(({ field, value }) => `${field} ${value}`),
  ].join('\n');
  const unsaid = says.filter(
    word => !text.toLowerCase().includes(word.toLowerCase()),
  );
  if (unsaid.length > 0) {
    problems.push(`does not say ${unsaid.join(', ')}: ${text}`);
  }
  return problems;
}

export function referenceOf({
  kind,
  namespace,
  name,
}: CausalNode): ObjectReference {
  return `${kind}/${namespace}/${name}`;
}

function toldAs({ root, fault, confidence, summary }: Incident): string {
  return `${referenceOf(root)} ${fault} (${confidence}: ${summary})`;
}
