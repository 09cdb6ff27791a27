/** A `labelSelector` of a query (`a=b,c!=d,e in (f,g),h,!i`) or of an object, as one test of labels. */
export type LabelMatcher = (
  labels: Readonly<Record<string, string>>,
) => boolean;

export class SelectorSyntaxError extends Error {}

export interface LabelSelector {
  matchLabels?: Record<string, string>;
  matchExpressions?: {
    key: string;
    operator: string;
    values?: string[];
  }[];
}

const KEY = String.raw`[A-Za-z0-9](?:[-A-Za-z0-9_./]*[A-Za-z0-9])?`;
const VALUE = String.raw`(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?)?`;
const SET = new RegExp(String.raw`^(${KEY})\s+(in|notin)\s*\(([^()]*)\)$`);
const EQUALITY = new RegExp(String.raw`^(${KEY})\s*(==|=|!=)\s*(${VALUE})$`);
const EXISTENCE = new RegExp(String.raw`^(!?)\s*(${KEY})$`);

/** @throws {SelectorSyntaxError} */
export function parseLabelSelector(text: string): LabelMatcher {
  const tests = splitRequirements(text).map(parseRequirement);
  return labels => tests.every(test => test(labels));
}

/** An object's own selector: absent selects nothing, empty selects everything. */
export function labelSelectorMatcher(
  selector: LabelSelector | null | undefined,
): LabelMatcher {
  if (!selector) {
    return () => false;
  }
  const tests: LabelMatcher[] = [
    ...Object.entries(selector.matchLabels ?? {}).map(
      ([key, value]): LabelMatcher =>
        labels =>
          labels[key] === value,
    ),
    ...(selector.matchExpressions ?? []).map(({ key, operator, values }) =>
      requirement(key, operator, values ?? []),
    ),
  ];
  return labels => tests.every(test => test(labels));
}

/** The selector of a Service or ReplicationController: empty or absent selects nothing. */
export function mapSelectorMatcher(
  selector: Record<string, string> | undefined,
): LabelMatcher {
  return Object.keys(selector ?? {}).length === 0
    ? () => false
    : labelSelectorMatcher({ matchLabels: selector });
}

function splitRequirements(text: string): string[] {
  return text
    .split(/,(?![^(]*\))/)
    .map(part => part.trim())
    .filter(part => part !== '');
}

function parseRequirement(text: string): LabelMatcher {
  const set = SET.exec(text);
  if (set) {
    const values = set[3].split(',').map(value => value.trim());
    return requirement(set[1], set[2] === 'in' ? 'In' : 'NotIn', values);
  }
  const equality = EQUALITY.exec(text);
  if (equality) {
    return requirement(equality[1], equality[2] === '!=' ? 'NotIn' : 'In', [
      equality[3],
    ]);
  }
  const existence = EXISTENCE.exec(text);
  if (existence) {
    return requirement(existence[2], existence[1] ? 'DoesNotExist' : 'Exists');
  }
  throw new SelectorSyntaxError(
    `unable to parse requirement: found '${text}', expected: a label key with an operator`,
  );
}

function requirement(
  key: string,
  operator: string,
  values: string[] = [],
): LabelMatcher {
  switch (operator) {
    case 'In':
      return labels =>
        Object.hasOwn(labels, key) && values.includes(labels[key]);
    case 'NotIn':
      return labels =>
        !Object.hasOwn(labels, key) || !values.includes(labels[key]);
    case 'Exists':
      return labels => Object.hasOwn(labels, key);
    case 'DoesNotExist':
      return labels => !Object.hasOwn(labels, key);
    default:
      throw new SelectorSyntaxError(
        `"${operator}" is not a valid label selector operator`,
      );
  }
}
