import { Json } from '../kinds/observation';
import { ATTRIBUTES, FieldPath } from './fieldPath';
import { nameOf } from './summaries';
import { passes } from './valueTest';
import type { GraphModel } from './sql/graphModel';
import { Condition, Step, Test } from './query';
import { GremlinEdge, GremlinNode } from './result';

type Element = GremlinNode | GremlinEdge;

/** `ValueMap` and `Keys`: made from whole elements. */
export function makeDocuments(
  elements: readonly Element[],
  make: Step,
  model: GraphModel,
): Json[] {
  if (make.step === 'keys') {
    return [...new Set(elements.flatMap(keysOf))].sort();
  }
  if (make.step !== 'valueMap') {
    throw new Error(`${make.step} makes no documents`);
  }
  return elements.flatMap(element => {
    const found = make.keys.flatMap(key => {
      const value = fieldOf(element, key, model);
      return value === undefined ? [] : [[key.text, value] as const];
    });
    return found.length > 0 ? [Object.fromEntries(found)] : [];
  });
}

/** The elements by the values of a field; one that has several values is in several groups. */
export function grouped(
  elements: readonly Element[],
  { key }: Extract<Step, { step: 'group' }>,
  model: GraphModel,
): Json {
  const groups = new Map<string, Element[]>();
  for (const element of elements) {
    const values = key ? valuesAt(element, key, model) : [element.ID];
    for (const name of new Set(values.map(nameOf))) {
      groups.set(name, [...(groups.get(name) ?? []), element]);
    }
  }
  return Object.fromEntries(groups) as unknown as Json;
}

/** The steps that may follow them. */
export function listStep(documents: readonly Json[], step: Step): Json[] {
  switch (step.step) {
    case 'dedup': {
      const seen = new Map(
        documents.map(each => [JSON.stringify(each), each] as const),
      );
      return [...seen.values()];
    }
    case 'range':
      return documents.slice(step.from, Math.max(step.from, step.to));
    case 'has':
      return documents.filter(each =>
        step.match === 'all'
          ? step.conditions.every(one => documentHas(each, one))
          : step.conditions.some(one => documentHas(each, one)),
      );
    case 'is':
      return documents.filter(each => anyPasses(step.test, [each]));
    default:
      throw new Error(`${step.step} cannot follow a list of documents`);
  }
}

/** A map has fields as it was asked for them, `K8s.Node`, and below them what they hold. */
function documentHas(document: Json, { field, test }: Condition): boolean {
  const values =
    isObject(document) && Object.hasOwn(document, field.text)
      ? [document[field.text]]
      : walk({ '': document }, ['', ...field.segments]).values;
  return anyPasses(test, values);
}

/** Whether any of the values passes, of lists any element; negations: whether none fails. */
function anyPasses(test: Test, values: readonly Json[]): boolean {
  const elements = values.flat();
  switch (test.test) {
    case 'present':
      return values.length > 0;
    case 'absent':
      return values.length === 0;
    case 'differs':
      return values.length === 0
        ? test.whenAbsent
        : elements.every(each => passes(test, each));
    case 'not':
      return values.length > 0 && !anyPasses(test.of, values);
    default:
      return elements.some(each => passes(test, each));
  }
}

/** All values of a field; a path through lists has one for each element. */
function valuesAt(
  element: Element,
  path: FieldPath,
  model: GraphModel,
): Json[] {
  if (path.segments[0].startsWith('@') || path.segments.length === 1) {
    const value = fieldOf(element, path, model);
    return value === undefined ? [] : [value];
  }
  return model
    .metadataPaths(path)
    .flatMap(segments => walk(element.Metadata, segments).values);
}

/** The value of a field; of a path that crosses lists, the list of what is found. */
export function fieldOf(
  element: Element,
  path: FieldPath,
  model: GraphModel,
): Json | undefined {
  const [first, ...rest] = path.segments;
  if (first.startsWith('@')) {
    return (element as unknown as Record<string, Json>)[first.slice(1)];
  }
  if ('Parent' in element && rest.length === 0) {
    switch (first) {
      case 'Parent':
        return element.Parent;
      case 'Child':
        return element.Child;
      case 'Relation':
        return element.ID.slice(
          element.Parent.length + 1,
          element.ID.length - element.Child.length - 1,
        );
      default:
    }
  }
  const ways = model
    .metadataPaths(path)
    .map(segments => walk(element.Metadata, segments))
    .filter(({ values }) => values.length > 0);
  if (ways.length === 0) {
    return undefined;
  }
  return ways.length > 1 || ways[0].crossed
    ? ways.flatMap(({ values }) => values)
    : ways[0].values[0];
}

/** Follows a path; between two segments a list is crossed, one level, as in the databases. */
function walk(
  start: Json,
  segments: readonly string[],
): { values: Json[]; crossed: boolean } {
  let values = [start];
  let crossed = false;
  segments.forEach((segment, index) => {
    values = values
      .flatMap(value => {
        if (index > 0 && Array.isArray(value)) {
          crossed = true;
          return value;
        }
        return [value];
      })
      .flatMap(value =>
        isObject(value) && Object.hasOwn(value, segment)
          ? [value[segment]]
          : [],
      );
  });
  return { values, crossed };
}

function isObject(value: Json): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function keysOf(element: Element): string[] {
  return [...ATTRIBUTES, ...pathsOf(element.Metadata, '')];
}

function pathsOf(value: Json, prefix: string): string[] {
  if (Array.isArray(value)) {
    return value.flatMap(each => pathsOf(each, prefix));
  }
  if (!isObject(value)) {
    return [];
  }
  return Object.entries(value).flatMap(([key, member]) => {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    return [path, ...pathsOf(member, path)];
  });
}
