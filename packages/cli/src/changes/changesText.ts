import type {
  GremlinChange,
  GremlinDifference,
} from '@kubernetes-topology/engine';
import {
  GremlinEdge,
  GremlinNode,
  namedNode,
  nameText,
  statusOf,
} from '../objects/skydiveNode';
import { Style, statusText } from '../output/style';
import { printable, shortened } from '../textTable';

/** Fields that are named of one object. */
const FIELDS = 6;
/** Characters of a value. */
const VALUE = 40;

/** `+ pod/web-0 (shop) ✓ ok`, `~ …`, `- …`: a line for each object, one for all relations. */
export function differenceText(
  { Added, Removed, Changed }: GremlinDifference,
  style: Style,
): string {
  const edges = [
    [Added.Edges.length, 'new'],
    [Removed.Edges.length, 'gone'],
    [Changed.Edges.length, 'changed'],
  ].filter(([count]) => count !== 0);
  return [
    ...Removed.Nodes.map(node => removedLine(node, style)),
    ...Added.Nodes.map(node => addedLine(node, style)),
    ...Changed.Nodes.map(change => changedLine(change, style)),
    ...(edges.length > 0
      ? [
          style.paint(
            'dim',
            `relations: ${edges
              .map(([count, what]) => `${count} ${what}`)
              .join(', ')} (-o json names them)`,
          ),
        ]
      : []),
  ].join('\n');
}

export function addedLine(node: GremlinNode, style: Style): string {
  return `${style.paint('green', '+')} ${objectText(node)} ${statusText(
    statusOf(node),
    style,
  )}`.trimEnd();
}

export function removedLine(node: GremlinNode, style: Style): string {
  return `${style.paint('red', '-')} ${objectText(node)}`;
}

export function changedLine(
  { Fields, Before, After }: Omit<GremlinChange<GremlinNode>, 'ID'>,
  style: Style,
): string {
  const [was, is] = [statusOf(Before), statusOf(After)];
  // The status says what the state says.
  const fields = Fields.filter(each => each !== 'Status' && each !== 'State');
  const more = fields.length - FIELDS;
  return [
    `${style.paint('yellow', '~')} ${objectText(After)}`,
    ...(was === is
      ? []
      : [`${statusText(was, style)} → ${statusText(is, style)}`]),
    ...fields
      .slice(0, FIELDS)
      .map(
        field =>
          `${field}: ${valueText(Before, field)} → ${valueText(After, field)}`,
      ),
    ...(more > 0 ? [`and ${more} more`] : []),
  ].join('  ');
}

/** An edge of a live answer. */
export function edgeText({ Parent, Child, Metadata }: GremlinEdge): string {
  return printable(
    `${Parent} -[${String(Metadata.RelationType ?? '')}]-> ${Child}`,
  );
}

function objectText(node: GremlinNode): string {
  const named = namedNode(node);
  const place = named.namespace === '' ? '' : ` (${named.namespace})`;
  return printable(`${nameText(named)}${place}`);
}

/** Keys may hold dots: the longest one that fits is taken. */
function valueText({ Metadata }: GremlinNode, path: string): string {
  const value = valueAt(Metadata, path);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text === undefined ? 'none' : shortened(printable(text), VALUE);
}

function valueAt(value: unknown, path: string): unknown {
  if (path === '' || typeof value !== 'object' || value === null) {
    return path === '' ? value : undefined;
  }
  const members = value as Record<string, unknown>;
  if (Object.hasOwn(members, path)) {
    return members[path];
  }
  for (
    let dot = path.lastIndexOf('.');
    dot > 0;
    dot = path.lastIndexOf('.', dot - 1)
  ) {
    const key = path.slice(0, dot);
    if (Object.hasOwn(members, key)) {
      return valueAt(members[key], path.slice(dot + 1));
    }
  }
  return undefined;
}
