import type { Difference, Verification } from '@kubernetes-topology/engine';
import { shortened, textTable } from './textTable';

/** Characters of one field's value; JSON tells all. */
const LONGEST_VALUE = 120;

const PROBLEMS: Readonly<Record<Difference['problem'], string>> = {
  absent: 'not stored',
  surplus: 'not in the cluster',
  different: 'different',
};

/** What a comparison found, for a person: every difference, one field a row, and a summary. */
export function verificationText(verification: Verification): string {
  const { differences } = verification;
  const parts = [
    ...(differences.length > 0 ? [differenceTable(differences)] : []),
    summary(verification),
  ];
  return parts.join('\n\n');
}

function differenceTable(differences: readonly Difference[]): string {
  return textTable(
    ['WHAT', 'SUBJECT', 'PROBLEM', 'FIELD', 'STORED', 'CLUSTER'],
    differences.flatMap(({ what, subject, problem, fields }) => {
      const start = [what, subject, PROBLEMS[problem]];
      return fields.length === 0
        ? [[...start, '', '', '']]
        : fields.map(({ field, stored, fresh }) => [
            ...start,
            field,
            valueText(stored),
            valueText(fresh),
          ]);
    }),
  );
}

function summary(verification: Verification): string {
  const { cluster, differences, more, unsettled, notCompared } = verification;
  const { nodes, edges, milliseconds, isEqual } = verification;
  const compared = `${nodes} nodes and ${edges} edges were compared in ${(
    milliseconds / 1000
  ).toFixed(1)} s.`;
  const found = differences.length + more;
  const lines = [
    isEqual
      ? `${cluster}: equal. ${compared}`
      : `${cluster}: ${found} ${
          found === 1 ? 'difference' : 'differences'
        }. ${compared}`,
  ];
  if (more > 0) {
    lines.push(
      `Cut: ${more} more were found and are not shown; give --limit more.`,
    );
  }
  if (unsettled.length > 0) {
    lines.push(
      `Still changing when time was up, and left open: ${unsettled.join(', ')}`,
    );
  }
  lines.push(...notCompared.map(each => `Not compared: ${each}`));
  return lines.join('\n');
}

function valueText(value: unknown): string {
  return value === undefined
    ? '-'
    : shortened(JSON.stringify(value), LONGEST_VALUE);
}
