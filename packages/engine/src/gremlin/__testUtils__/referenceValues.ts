import { Json } from '../../kinds/observation';
import { FieldPath } from '../fieldPath';
import { Literal, Test } from '../query';
import { GremlinEdge, GremlinNode } from '../result';

export type Element = GremlinNode | GremlinEdge;

/** All values that a path finds in an element, lists crossed between two segments. */
export function found(
  element: Element,
  { segments }: FieldPath,
): { values: Json[]; crossed: boolean } {
  if (segments[0].startsWith('@')) {
    const name = segments[0].slice(1) as keyof Element;
    return { values: [element[name] as Json], crossed: false };
  }
  if ('Parent' in element) {
    const relation = element.ID.split('|')[1];
    const shown: Record<string, Json> = {
      Parent: element.Parent,
      Child: element.Child,
      Relation: relation,
    };
    if (Object.hasOwn(shown, segments[0])) {
      return {
        values: segments.length === 1 ? [shown[segments[0]]] : [],
        crossed: false,
      };
    }
  }
  if (
    segments[0] === 'K8s' &&
    segments[1] === 'Labels' &&
    segments.length > 2
  ) {
    const labels = (element.Metadata.K8s as { [name: string]: Json })?.Labels;
    const value = (labels as { [name: string]: Json })?.[
      segments.slice(2).join('.')
    ];
    return { values: value === undefined ? [] : [value], crossed: false };
  }
  let values: Json[] = [element.Metadata];
  let crossed = false;
  for (const segment of segments) {
    const next: Json[] = [];
    for (const value of values) {
      const objects = Array.isArray(value) ? value : [value];
      crossed = crossed || Array.isArray(value);
      for (const object of objects) {
        if (
          typeof object === 'object' &&
          object !== null &&
          !Array.isArray(object) &&
          Object.keys(object).includes(segment)
        ) {
          next.push(object[segment]);
        }
      }
    }
    values = next;
  }
  return { values, crossed };
}

export function holds(element: Element, field: FieldPath, test: Test): boolean {
  return valuesHold(found(element, field).values, test);
}

/** Whether what was found at a path passes. */
export function valuesHold(values: Json[], test: Test): boolean {
  const elements = values.flatMap(value => value);
  switch (test.test) {
    case 'present':
      return values.length > 0;
    case 'absent':
      return values.length === 0;
    case 'equals':
      return elements.some(each => test.anyOf.some(x => same(x, each)));
    case 'differs':
      if (values.length === 0) {
        return test.whenAbsent;
      }
      return !elements.some(each => test.noneOf.some(x => same(x, each)));
    case 'within':
      return elements.some(each => {
        const number = asNumber(each);
        if (number === undefined) {
          return false;
        }
        const low = test.above;
        const high = test.below;
        return (
          (low === undefined ||
            (low.inclusive ? number >= low.value : number > low.value)) &&
          (high === undefined ||
            (high.inclusive ? number <= high.value : number < high.value))
        );
      });
    case 'outside':
      return elements.some(each => {
        const number = asNumber(each);
        return (
          number !== undefined && (number < test.below || number > test.above)
        );
      });
    case 'not':
      return values.length > 0 && !valuesHold(values, test.of);
    default: {
      // JavaScript's own engine, on purpose: the tests' patterns mean the same in both.
      const source = /^Regex\((.*)\)$/.exec(test.pattern.text)![1];
      const regex = new RegExp(JSON.parse(source), 'u');
      return elements.some(
        each => typeof each === 'string' && regex.test(each),
      );
    }
  }
}

function same(literal: Literal, value: Json): boolean {
  if (typeof literal === 'number') {
    return asNumber(value) === literal;
  }
  return value === literal;
}

export function asNumber(value: Json | undefined): number | undefined {
  if (typeof value === 'number') {
    return value;
  }
  if (typeof value === 'string' && /^-?\d{1,15}$/.test(value)) {
    return parseInt(value, 10);
  }
  return undefined;
}

/** What Sort compares: of a list the first element. */
export function compare(
  a: Element,
  b: Element,
  field: FieldPath,
  descending: boolean,
): number {
  const key = (element: Element) => {
    const [first] = found(element, field).values.flatMap(value => value);
    const number = asNumber(first);
    if (number !== undefined) {
      return { rank: 0, number, text: '' };
    }
    return typeof first === 'string' || typeof first === 'boolean'
      ? { rank: 1, number: 0, text: String(first) }
      : { rank: 2, number: 0, text: '' };
  };
  const x = key(a);
  const y = key(b);
  if (x.rank === 2 || y.rank === 2) {
    return x.rank === y.rank ? 0 : x.rank - y.rank;
  }
  const order =
    x.rank - y.rank ||
    x.number - y.number ||
    Buffer.compare(Buffer.from(x.text), Buffer.from(y.text));
  return descending ? -order : order;
}

/** The same text for equal JSON, whatever the order of members. */
export function canonical(value: Json): string {
  if (Array.isArray(value)) {
    return `[${value.map(canonical).join()}]`;
  }
  if (typeof value === 'object' && value !== null) {
    return `{${Object.keys(value)
      .sort()
      .map(key => `${JSON.stringify(key)}:${canonical(value[key])}`)
      .join()}}`;
  }
  return JSON.stringify(value);
}
