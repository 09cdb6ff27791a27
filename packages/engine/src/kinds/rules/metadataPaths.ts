import { FieldPath } from './fieldPath';
import { NamedRules } from './loadRules';
import { RulesError } from './parseRules';
import { KindRules } from './ruleSchema';

/** Every path of the rules that starts at the object, with its place in them. */
function pathsOf(rules: KindRules): [place: string, path: string][] {
  const { properties, references, selectors, health, podTemplate } = rules;
  return [
    ...Object.entries(properties).map(([name, path]): [string, string] => [
      `properties.${name}`,
      path,
    ]),
    ...references.map(({ path }, at): [string, string] => [
      `references[${at}].path`,
      path,
    ]),
    ...selectors.flatMap(
      ({ path, labels, when, namespaces }, at): [string, string][] =>
        [
          path ?? [],
          ...(when ?? []).map(({ field }) => field),
          ...Object.values(labels ?? {}),
          ...(typeof namespaces === 'object' ? Object.values(namespaces) : []),
        ]
          .flat()
          .map(each => [`selectors[${at}]`, each]),
    ),
    ...[podTemplate ?? []]
      .flat()
      .map((path): [string, string] => ['podTemplate', path]),
    ...(health?.suspended ?? []).map((path, at): [string, string] => [
      `health.suspended[${at}]`,
      path,
    ]),
    ...(health?.rules ?? []).flatMap((rule, at): [string, string][] =>
      [
        ...rule.when.map(test => ('condition' in test ? test.in : test.field)),
        ...[rule.reasonFrom, rule.messageFrom, rule.since].flatMap(
          path => path ?? [],
        ),
      ].map(path => [`health.rules[${at}]`, path]),
    ),
  ];
}

/**
 * Of kinds that are read as metadata only nothing else can be named: a dump may hold the rest, and the values of a
 * Secret must not come out of it.
 *
 * @throws RulesError
 */
export function assertMetadataPaths(
  { where }: NamedRules,
  rules: KindRules,
): void {
  const problems = pathsOf(rules)
    .filter(([, path]) => FieldPath.parse(path).names[0] !== 'metadata')
    .map(
      ([place, path]) =>
        `${place} of ${rules.kind}: '${path}' is not read: only the metadata of this kind is. Name a path that starts with metadata.`,
    );
  if (problems.length > 0) {
    throw new RulesError(where, problems);
  }
}
