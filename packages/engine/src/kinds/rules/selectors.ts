import { KubernetesObject } from '../kindDefinition';
import {
  LabelRequirement,
  LabelSelector,
  selectorFromMap,
} from '../labelSelector';
import { SelectorReference } from '../observation';
import { isMap, listOf } from '../wellFormed';
import { compileComparison, isScalar } from './comparison';
import { FieldPath } from './fieldPath';
import { kindFromText } from './kindText';
import { relationNameOf } from './relationsOf';
import { SelectorRule } from './ruleSchema';

/** What the API server labels each namespace with. */
const NAMESPACE_NAME = 'kubernetes.io/metadata.name';
const OPERATORS: ReadonlySet<string> = new Set([
  'In',
  'NotIn',
  'Exists',
  'DoesNotExist',
]);

/** The selectors that the rules find in an object. */
export function compileSelectors(
  ownType: string,
  rules: readonly SelectorRule[],
): (object: KubernetesObject) => SelectorReference[] {
  const compiled = rules.map(rule => compileSelector(ownType, rule));
  return object => compiled.flatMap(find => find(object));
}

function compileSelector(
  ownType: string,
  rule: SelectorRule,
): (object: KubernetesObject) => SelectorReference[] {
  const relation = relationNameOf(ownType, rule);
  const end = rule.arrow === 'out' ? 'source' : 'target';
  const kinds = rule.selects.map(kindFromText);
  const selectorsOf = compileRequirements(rule);
  const namespacesOf = compileNamespaces(rule);
  const isMeant = compileWhen(rule);
  return object => {
    const namespaces = namespacesOf(object);
    if (namespaces === undefined || !isMeant(object)) {
      return [];
    }
    return selectorsOf(object).flatMap(selector =>
      kinds.map(kind => ({ relation, end, kind, namespaces, selector })),
    );
  };
}

function compileWhen({
  when = [],
}: SelectorRule): (object: KubernetesObject) => boolean {
  const tests = when.map(test => {
    const path = FieldPath.parse(test.field);
    const compare = compileComparison(test, test.of);
    return (object: KubernetesObject) =>
      compare(path.all(object), object) === true;
  });
  return object => tests.every(test => test(object));
}

function compileRequirements(
  rule: SelectorRule,
): (object: KubernetesObject) => LabelSelector[] {
  const { form, absent, labels } = rule;
  if (labels) {
    return compileLabels(labels);
  }
  const path = FieldPath.parse(rule.path!);
  const empty = rule.empty ?? (form === 'map' ? 'nothing' : 'everything');
  return object => {
    const found = path.all(object);
    if (found.length === 0) {
      return absent === 'everything' ? [[]] : [];
    }
    return found.flatMap(value => {
      const selector =
        form === 'map' ? readLabels(value) : readLabelSelector(value);
      return !selector || (selector.length === 0 && empty === 'nothing')
        ? []
        : [selector];
    });
  };
}

/** Labels whose values stand in the object; without one of them it selects nothing. */
function compileLabels(
  labels: Readonly<Record<string, string>>,
): (object: KubernetesObject) => LabelSelector[] {
  const paths = Object.entries(labels).map(
    ([label, path]) => [label, FieldPath.parse(path)] as const,
  );
  return object => {
    const requirements = paths.flatMap(([key, path]): LabelSelector => {
      const value = path.first(object);
      return isScalar(value)
        ? [{ key, operator: 'In', values: [String(value)] }]
        : [];
    });
    return requirements.length === paths.length ? [requirements] : [];
  };
}

/** A map of labels; `undefined` when it is none. */
function readLabels(value: unknown): LabelSelector | undefined {
  return isMap(value) && Object.values(value).every(isScalar)
    ? selectorFromMap(value)
    : undefined;
}

/** A `metav1.LabelSelector`; `undefined` for what the API server would not take: it selects nothing. */
export function readLabelSelector(value: unknown): LabelSelector | undefined {
  if (!isMap(value)) {
    return undefined;
  }
  const labels = readLabels(value.matchLabels ?? {});
  const expressions = listOf(value.matchExpressions).map(readRequirement);
  return labels && expressions.every(each => each !== undefined)
    ? [...labels, ...(expressions as LabelRequirement[])]
    : undefined;
}

function readRequirement(value: unknown): LabelRequirement | undefined {
  return isMap(value) &&
    typeof value.key === 'string' &&
    OPERATORS.has(value.operator)
    ? {
        key: value.key,
        operator: value.operator,
        values: listOf(value.values).map(String),
      }
    : undefined;
}

/** `undefined`: in no namespace at all. */
function compileNamespaces({
  namespaces,
}: SelectorRule): (
  object: KubernetesObject,
) => SelectorReference['namespaces'] | undefined {
  if (typeof namespaces === 'string') {
    return () => namespaces;
  }
  if ('selector' in namespaces) {
    const path = FieldPath.parse(namespaces.selector);
    return object => {
      const value = path.first(object);
      if (value === undefined) {
        return 'own';
      }
      const selector = readLabelSelector(value);
      return selector?.length === 0 ? 'all' : selector;
    };
  }
  const names = FieldPath.parse(namespaces.names);
  const any =
    namespaces.any === undefined ? undefined : FieldPath.parse(namespaces.any);
  return object => {
    if (any?.first(object) === true) {
      return 'all';
    }
    const values = names
      .all(object)
      .flat()
      .filter(value => typeof value === 'string');
    return values.length === 0
      ? 'own'
      : [{ key: NAMESPACE_NAME, operator: 'In', values }];
  };
}
