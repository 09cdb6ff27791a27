import type {
  DocumentedIncident,
  DocumentedObject,
  ExplanationDocument,
} from '@kubernetes-topology/engine';
import { Style, StyleName } from '../output/style';
import { printable, shortened } from '../textTable';

/** Named below one incident; -o json names more. */
const AFFECTED = 8;
const EVIDENCE = 8;
const LONGEST_VALUE = 240;

const SEVERITIES: Record<DocumentedIncident['severity'], [string, StyleName]> =
  {
    critical: ['✗ critical', 'red'],
    warning: ['! warning', 'yellow'],
    info: ['i info', 'blue'],
  };

/** Incidents for people: what happens and why, the way it takes with what proves it, whom it hits, what to do. */
export function explanationText(
  { incidents, unexplained }: ExplanationDocument,
  style: Style,
): string {
  const parts = incidents.map(incident => incidentText(incident, style));
  if (unexplained.length > 0) {
    parts.push(
      [
        style.paint(
          'bold',
          'Down, and nothing that the Kubernetes API shows explains it:',
        ),
        ...unexplained.map(
          each =>
            `  ${objectText(each)}${
              each.because === '' ? '' : `: ${printable(each.because)}`
            }`,
        ),
      ].join('\n'),
    );
  }
  return parts.join('\n\n');
}

function incidentText(incident: DocumentedIncident, style: Style): string {
  const { root, severity, confidence, since, summary, nextStep } = incident;
  const [mark, colour] = SEVERITIES[severity];
  return [
    [
      style.paint(colour, mark),
      style.paint('bold', root.reason),
      objectText(root),
      style.paint(
        'dim',
        [confidence, ...(since ? [`since ${since}`] : [])].join(', '),
      ),
    ].join('  '),
    `  ${printable(summary)}`,
    '',
    ...chainLines(incident),
    '',
    ...evidenceLines(incident),
    ...affectedLines(incident),
    `  ${style.paint('bold', 'Next')}      ${nextStep
      .split('\n')
      .map(printable)
      .join('\n            ')}`,
  ].join('\n');
}

/** Root first, an arrow for each step that it went on. */
function chainLines({ path }: DocumentedIncident): string[] {
  return path.map(
    (hop, nth) =>
      `  ${'   '.repeat(Math.max(nth - 1, 0))}${
        nth === 0 ? '' : '└▶ '
      }${objectText(hop)}  ${printable(hop.says)}`,
  );
}

function evidenceLines({ evidence }: DocumentedIncident): string[] {
  const lines = evidence
    .slice(0, EVIDENCE)
    .map(
      ({ field, value, since }) =>
        `${printable(field)} = ${shortened(printable(value), LONGEST_VALUE)}${
          since ? ` (${since})` : ''
        }`,
    );
  const more = evidence.length - EVIDENCE;
  return labelled('Evidence', [
    ...lines,
    ...(more > 0 ? [`and ${more} more`] : []),
  ]);
}

function affectedLines({ affected, more = 0 }: DocumentedIncident): string[] {
  const hidden = Math.max(affected.length - AFFECTED, 0) + more;
  return labelled('Affected', [
    ...affected.slice(0, AFFECTED).map(objectText),
    ...(hidden > 0 ? [`and ${hidden} more`] : []),
  ]);
}

function labelled(label: string, lines: readonly string[]): string[] {
  return lines.map((line, nth) =>
    nth === 0 ? `  ${label.padEnd(8)}  ${line}` : `            ${line}`,
  );
}

function objectText({ kind, namespace, name }: DocumentedObject): string {
  const place = namespace === '' ? '' : ` (${namespace})`;
  return printable(`${kind.toLowerCase()}/${name}${place}`);
}
