import type { LiveElement, LiveMessage } from '@kubernetes-topology/engine';
import { GremlinEdge, GremlinNode } from '../objects/skydiveNode';
import { nodeTable } from '../output/nodeTable';
import { Style } from '../output/style';
import { addedLine, changedLine, edgeText, removedLine } from './changesText';

type Told = Exclude<LiveMessage, { type: 'failed' }>;

/** A live answer as lines: first what there is, then what comes, changes and goes. */
export class WatchedAnswer {
  readonly #style: Style;
  readonly #elements = new Map<string, LiveElement>();
  #isFirst = true;

  constructor(style: Style) {
    this.#style = style;
  }

  lines(message: Told): string[] {
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    if (message.type === 'changes') {
      const { added, changed, removed } = message;
      return [
        ...removed.flatMap(id => this.#remove(id)),
        ...[...added, ...changed].flatMap(each => this.#put(each)),
      ];
    }
    const elements = elementsOf(message.value);
    if (!elements) {
      return [JSON.stringify(message.value)];
    }
    if (isFirst) {
      elements.forEach(each => this.#elements.set(each.ID, each));
      return this.#firstLines(elements);
    }
    // The whole answer again: only what differs is news.
    const still = new Set(elements.map(({ ID }) => ID));
    const gone = [...this.#elements.keys()].filter(id => !still.has(id));
    return [
      ...gone.flatMap(id => this.#remove(id)),
      ...elements.flatMap(each => this.#put(each)),
    ];
  }

  #firstLines(elements: readonly LiveElement[]): string[] {
    const nodes = elements.filter(isNode);
    const edges = elements.filter((each): each is GremlinEdge => !isNode(each));
    return [
      ...(nodes.length > 0 ? [nodeTable(nodes, this.#style)] : []),
      ...edges.map(edgeText),
    ];
  }

  #put(element: LiveElement): string[] {
    const former = this.#elements.get(element.ID);
    this.#elements.set(element.ID, element);
    if (!isNode(element)) {
      return former ? [] : [`+ ${edgeText(element)}`];
    }
    if (!former || !isNode(former)) {
      return [addedLine(element, this.#style)];
    }
    const Fields = differing(former.Metadata, element.Metadata);
    return Fields.length > 0
      ? [changedLine({ Fields, Before: former, After: element }, this.#style)]
      : [];
  }

  #remove(id: string): string[] {
    const former = this.#elements.get(id);
    this.#elements.delete(id);
    if (!former) {
      return [];
    }
    return [
      isNode(former)
        ? removedLine(former, this.#style)
        : `- ${edgeText(former)}`,
    ];
  }
}

/** Of nodes, edges, or a graph; undefined: the answer is something else. */
function elementsOf(value: unknown): LiveElement[] | undefined {
  if (!Array.isArray(value)) {
    return undefined;
  }
  const [graph] = value;
  const list: unknown[] =
    value.length === 1 && graph?.Nodes && graph?.Edges
      ? [...graph.Nodes, ...graph.Edges]
      : value;
  return list.every(
    (each): each is LiveElement =>
      typeof each === 'object' &&
      each !== null &&
      'ID' in each &&
      'Metadata' in each,
  )
    ? (list as LiveElement[])
    : undefined;
}

function isNode(element: LiveElement): element is GremlinNode {
  return !('Parent' in element);
}

/** Of `Metadata` and of `K8s` in it, as far as a line tells them. */
function differing(
  before: GremlinNode['Metadata'],
  after: GremlinNode['Metadata'],
  prefix = '',
): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap(
    key => {
      const [was, is] = [before[key], after[key]];
      if (JSON.stringify(was) === JSON.stringify(is)) {
        return [];
      }
      return isObject(was) && isObject(is)
        ? differing(was, is, `${prefix}${key}.`)
        : [`${prefix}${key}`];
    },
  );
}

function isObject(value: unknown): value is GremlinNode['Metadata'] {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
