import { Json } from '../../kinds/observation';
import { GremlinEdge, GremlinNode } from '../result';
import { isStorable } from '../syntax/textLiteral';
import { SavedGraphError } from './savedGraphError';

export interface ParsedGraph {
  nodes: GremlinNode[];
  edges: GremlinEdge[];
  /** What was left out, in words: edges without their ends, older revisions of what is there twice. */
  omitted: string[];
}

type JsonObject = { [name: string]: Json };

/** Deeper nesting than this no database reads. */
const MAXIMUM_NESTING = 500;
/** Ids named in one remark. */
const NAMED = 3;

/**
 * Reads what Skydive writes of a graph: `[{"Nodes":…,"Edges":…}]` (an answer, an export), `{"Nodes":…,"Edges":…}`, a
 * message whose `Obj` (or `Elements`) is one of these, or a list of nodes and edges. `null` stands for an empty list.
 *
 * @throws SavedGraphError
 */
export function parseSavedGraph(json: string | Uint8Array): ParsedGraph {
  const lists = listsOf(parsed(json));
  const omitted: string[] = [];
  const nodes = latest(
    lists.nodes.map(({ value, place }) => nodeOf(value, place)),
    'node',
    omitted,
  );
  const ids = new Set(nodes.map(node => node.ID));
  const edges = latest(
    lists.edges.map(({ value, place }) => edgeOf(value, place)),
    'edge',
    omitted,
  );
  const dangling = edges.filter(
    edge => !ids.has(edge.Parent) || !ids.has(edge.Child),
  );
  if (dangling.length > 0) {
    omitted.push(
      `${counted(
        dangling.length,
        'edge',
      )} whose Parent or Child is no node of the graph: ${named(dangling)}`,
    );
  }
  const left = new Set(dangling);
  return { nodes, edges: edges.filter(edge => !left.has(edge)), omitted };
}

function parsed(json: string | Uint8Array): Json {
  const text = typeof json === 'string' ? json : new TextDecoder().decode(json);
  if (text.trim() === '') {
    throw new SavedGraphError(
      'the saved graph is empty; expected {"Nodes": […], "Edges": […]}',
    );
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new SavedGraphError(
      `the saved graph is no JSON: ${(error as Error).message}`,
    );
  }
}

interface Placed {
  value: Json;
  place: string;
}

/** @throws SavedGraphError */
function listsOf(document: Json): { nodes: Placed[]; edges: Placed[] } {
  const nodes: Placed[] = [];
  const edges: Placed[] = [];
  const take = (value: Json, place: string, inList = false): void => {
    if (Array.isArray(value) && !inList) {
      value.forEach((each, index) => take(each, `${place}[${index}]`, true));
      return;
    }
    if (value === null && place !== '' && !inList) {
      return;
    }
    const at = place === '' ? '' : `${place}.`;
    if (!isObject(value)) {
      throw new SavedGraphError(
        `${place || 'the document'} is ${kindOf(
          value,
        )}; expected a graph: {"Nodes": […], "Edges": […]}`,
      );
    }
    if ('Nodes' in value || 'Edges' in value) {
      nodes.push(...listOf(value.Nodes, `${at}Nodes`));
      edges.push(...listOf(value.Edges, `${at}Edges`));
    } else if ('Obj' in value || 'Elements' in value) {
      const name = 'Obj' in value ? 'Obj' : 'Elements';
      take(value[name], `${at}${name}`);
    } else if ('ID' in value && 'Parent' in value && 'Child' in value) {
      edges.push({ value, place });
    } else if ('ID' in value) {
      nodes.push({ value, place });
    } else {
      throw new SavedGraphError(
        `${
          place || 'the document'
        } has neither Nodes and Edges nor an ID: is this an export of Skydive, or a query's answer?`,
      );
    }
  };
  take(document, '');
  return { nodes, edges };
}

function listOf(value: Json | undefined, place: string): Placed[] {
  if (value === undefined || value === null) {
    return [];
  }
  if (!Array.isArray(value)) {
    throw new SavedGraphError(`${place} is ${kindOf(value)}, not a list`);
  }
  return value.map((each, index) => ({
    value: each,
    place: `${place}[${index}]`,
  }));
}

function nodeOf(value: Json, place: string): GremlinNode {
  const node = objectAt(value, place);
  return {
    ID: textAt(node, 'ID', place),
    Metadata: metadataAt(node, place),
    ...attributesOf(node, place),
  };
}

function edgeOf(value: Json, place: string): GremlinEdge {
  const edge = objectAt(value, place);
  return {
    ID: textAt(edge, 'ID', place),
    Parent: textAt(edge, 'Parent', place),
    Child: textAt(edge, 'Child', place),
    Metadata: metadataAt(edge, place),
    ...attributesOf(edge, place),
  };
}

/** What every element has besides; where the file lacks it, as Skydive leaves it empty. */
function attributesOf(element: JsonObject, place: string) {
  const createdAt = numberAt(element, 'CreatedAt', place) ?? 0;
  return {
    Host: optionalTextAt(element, 'Host', place),
    Origin: optionalTextAt(element, 'Origin', place),
    CreatedAt: createdAt,
    UpdatedAt: numberAt(element, 'UpdatedAt', place) ?? createdAt,
    DeletedAt: (numberAt(element, 'DeletedAt', place) ?? null) as null,
    Revision: numberAt(element, 'Revision', place) ?? 1,
  };
}

function objectAt(value: Json, place: string): JsonObject {
  if (!isObject(value)) {
    throw new SavedGraphError(`${place} is ${kindOf(value)}, not an object`);
  }
  return value;
}

function metadataAt(element: JsonObject, place: string): JsonObject {
  const { Metadata: metadata } = element;
  if (metadata === undefined || metadata === null) {
    return {};
  }
  const object = objectAt(metadata, `${place}.Metadata`);
  if (isDeeperThan(object, MAXIMUM_NESTING)) {
    throw new SavedGraphError(
      `${place}.Metadata is nested more than ${MAXIMUM_NESTING} deep`,
    );
  }
  return object;
}

function isDeeperThan(value: Json, levels: number): boolean {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  return (
    levels === 0 ||
    Object.values(value).some(each => isDeeperThan(each, levels - 1))
  );
}

function textAt(element: JsonObject, name: string, place: string): string {
  const value = element[name];
  if (value === undefined) {
    throw new SavedGraphError(`${place} has no ${name}`);
  }
  if (typeof value !== 'string') {
    throw new SavedGraphError(
      `${place}.${name} is ${kindOf(value)}, not a text`,
    );
  }
  if (value === '' || !isStorable(value)) {
    throw new SavedGraphError(
      `${place}.${name} is ${
        value === '' ? 'empty' : 'no text that a database can keep'
      }`,
    );
  }
  return value;
}

function optionalTextAt(
  element: JsonObject,
  name: string,
  place: string,
): string {
  const value = element[name] ?? '';
  if (typeof value !== 'string') {
    throw new SavedGraphError(
      `${place}.${name} is ${kindOf(value)}, not a text`,
    );
  }
  return value;
}

function numberAt(
  element: JsonObject,
  name: string,
  place: string,
): number | undefined {
  const value = element[name] ?? undefined;
  if (value !== undefined && !Number.isSafeInteger(value)) {
    throw new SavedGraphError(
      `${place}.${name} is ${kindOf(value)}, not a whole number`,
    );
  }
  return value as number | undefined;
}

/** One element for each id: an answer over a span of time has several revisions of one. */
function latest<T extends GremlinNode | GremlinEdge>(
  elements: readonly T[],
  what: string,
  omitted: string[],
): T[] {
  const byId = new Map<string, T>();
  const twice: T[] = [];
  for (const each of elements) {
    const other = byId.get(each.ID);
    if (other) {
      twice.push(each);
    }
    if (
      !other ||
      each.Revision > other.Revision ||
      (each.Revision === other.Revision && each.UpdatedAt > other.UpdatedAt)
    ) {
      byId.set(each.ID, each);
    }
  }
  if (twice.length > 0) {
    omitted.push(
      `${counted(
        twice.length,
        what,
      )} with an ID that is there already (the latest revision stays): ${named(
        twice,
      )}`,
    );
  }
  return [...byId.values()];
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function named(elements: readonly { ID: string }[]): string {
  const names = elements.slice(0, NAMED).map(({ ID }) => ID);
  return `${names.join(', ')}${elements.length > NAMED ? ', …' : ''}`;
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function kindOf(value: Json): string {
  if (value === null) {
    return 'null';
  }
  if (Array.isArray(value)) {
    return 'a list';
  }
  return typeof value === 'object' ? 'an object' : JSON.stringify(value);
}
