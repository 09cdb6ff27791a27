import { namedNode, statusOf } from '../objects/skydiveNode';
import { Style, statusText } from '../output/style';
import { printable } from '../textTable';
import { ObjectTree } from './objectTree';

/** What is said of an object besides its status. */
export type Reasons = ReadonlyMap<string, string>;

export interface TreeTextOptions {
  style: Style;
  /** Also what is well and alike. */
  isUnfolded: boolean;
  reasons: Reasons;
}

/** Of one kind below one object; more of them fold when they are well. */
const MOST_ALIKE = 5;
const WELL = new Set(['ok', 'up', 'idle', 'history', '']);

/** Trees as lines with branches; a status mark before each object. */
export function treeText(
  trees: readonly ObjectTree[],
  options: TreeTextOptions,
): string {
  return trees
    .flatMap(tree => [
      line(tree, undefined, options),
      ...childLines(tree, '', options),
    ])
    .join('\n');
}

function childLines(
  tree: ObjectTree,
  indent: string,
  options: TreeTextOptions,
): string[] {
  const rows = options.isUnfolded ? tree.children : folded(tree.children);
  return rows.flatMap((row, nth) => {
    const isLast = nth === rows.length - 1;
    const branch = `${indent}${isLast ? '└─ ' : '├─ '}`;
    const below = `${indent}${isLast ? '   ' : '│  '}`;
    return 'more' in row
      ? [`${branch}${options.style.paint('dim', row.more)}`]
      : [
          `${branch}${line(row, tree, options)}`,
          ...childLines(row, below, options),
        ];
  });
}

function line(
  { node, isRepeated }: ObjectTree,
  above: ObjectTree | undefined,
  { style, reasons }: TreeTextOptions,
): string {
  const { type, name, namespace } = namedNode(node);
  const isElsewhere =
    namespace !== '' && namespace !== (above && namespaceOf(above));
  const status = statusOf(node);
  const reason = reasons.get(node.ID);
  // A container's name begins with that of its pod.
  const isInPod =
    type === 'container' && above && namedNode(above.node).type === 'pod';
  const shown = isInPod ? name.slice(name.indexOf('/') + 1) : name;
  return [
    printable(`${type}/${shown}`),
    ...(isElsewhere ? [style.paint('dim', `(${printable(namespace)})`)] : []),
    ...(status === '' ? [] : [statusText(status, style)]),
    ...(reason ? [printable(reason)] : []),
    ...(isRepeated ? [style.paint('dim', '…')] : []),
  ].join(' ');
}

/** Where it is; of a namespace what it is. */
function namespaceOf({ node }: ObjectTree): string {
  const { type, namespace, name } = namedNode(node);
  return type === 'namespace' ? name : namespace;
}

/** Trouble always shows; of many that are well the first ones do. */
function folded(
  children: readonly ObjectTree[],
): (ObjectTree | { more: string })[] {
  const well = new Map<string, ObjectTree[]>();
  for (const child of children) {
    if (isWell(child)) {
      const { type } = namedNode(child.node);
      well.set(type, [...(well.get(type) ?? []), child]);
    }
  }
  const hidden = new Set(
    [...well.values()]
      .filter(alike => alike.length > MOST_ALIKE)
      .flatMap(alike => alike.slice(MOST_ALIKE - 1)),
  );
  const told = new Set<string>();
  return children.flatMap((child): (ObjectTree | { more: string })[] => {
    if (!hidden.has(child)) {
      return [child];
    }
    const { type } = namedNode(child.node);
    if (told.has(type)) {
      return [];
    }
    told.add(type);
    const count = (well.get(type) ?? []).length - MOST_ALIKE + 1;
    return [
      {
        more: `and ${count} more of kind ${type}, all well (--all shows them)`,
      },
    ];
  });
}

/** It, and all that hangs on it. */
function isWell({ node, children }: ObjectTree): boolean {
  return WELL.has(statusOf(node)) && children.every(isWell);
}
