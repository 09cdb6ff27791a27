import {
  genericProperties,
  guarded,
  isSetting,
  ServedAs,
} from '../genericKind';
import { genericVerdict } from '../genericHealth';
import { KindId } from '../identity';
import { inferredReferences } from '../inferredReferences';
import { EventRule, KindDefinition, KubernetesObject } from '../kindDefinition';
import { kindType } from '../kindIds';
import { deletionVerdict, observation } from '../metadata';
import { Json, Observed, Reference } from '../observation';
import { podSpecReferences } from '../podTemplate';
import { verdictAt } from '../status';
import { verdict, worstVerdict } from '../verdict';
import { withWellFormedMetadata } from '../wellFormed';
import { isScalar } from './comparison';
import { FieldPath } from './fieldPath';
import { compileHealth } from './health';
import { compileReferences, IsNamespaced } from './references';
import { HealthRules, KindRules } from './ruleSchema';
import { compileSelectors } from './selectors';

const LONGEST_TEXT = 256;
const LONGEST_LIST = 50;

/** What several files and the users say of one kind, as one: the last speaks first where the first to speak decides. */
interface Rules {
  properties: KindRules['properties'];
  references: KindRules['references'];
  selectors: KindRules['selectors'];
  podTemplates: string[];
  health: HealthRules;
  events: EventRule[];
}

function together(parts: readonly KindRules[]): Rules {
  const healths = parts.flatMap(({ health }) => health ?? []);
  return {
    properties: Object.assign({}, ...parts.map(part => part.properties)),
    references: parts.flatMap(part => part.references),
    selectors: parts.flatMap(part => part.selectors),
    podTemplates: parts.flatMap(({ podTemplate }) => podTemplate ?? []),
    health: {
      statusless: healths.some(({ statusless }) => statusless),
      generic: healths.every(({ generic }) => generic),
      suspended: healths.flatMap(({ suspended = [] }) => suspended),
      rules: [...healths].reverse().flatMap(({ rules }) => rules),
    },
    events: [...parts].reverse().flatMap(part => part.events),
  };
}

/** A kind that is known by rules only. */
export function ruleKind(
  served: ServedAs,
  parts: readonly KindRules[],
  isNamespaced: IsNamespaced,
): KindDefinition {
  const { id, namespaced } = served;
  const rules = together(parts);
  const find = compile(id, rules, isNamespaced);
  const metadataOnly = parts.some(part => part.metadataOnly);
  const statusless = metadataOnly || rules.health.statusless || isSetting(id);
  const declaresLinks =
    rules.references.length +
      rules.selectors.length +
      rules.podTemplates.length >
    0;
  const health = compileHealth(rules.health, object =>
    rules.health.generic
      ? genericVerdict(object, { statusless })
      : verdict('ok', 'Exists'),
  );
  return {
    ...served,
    type: kindType(id),
    ...(metadataOnly ? { metadataOnly } : {}),
    ...(rules.events.length > 0 ? { eventRules: rules.events } : {}),
    observe: guarded(id, (object, context) =>
      observation(id, namespaced, object, context, {
        properties: {
          ...genericProperties(object),
          ...find.properties(object),
        },
        verdict: deletionVerdict(object) ?? health(object),
        references: declaresLinks
          ? find.references(object)
          : inferredReferences(object, namespaced),
        selectors: find.selectors(object),
      }),
    ),
  };
}

/**
 * A kind of the engine's own to which rules add: properties, references, selectors, and what else may be wrong with
 * it. They never make it look better than it is.
 */
export function extendedKind(
  base: KindDefinition,
  parts: readonly KindRules[],
  isNamespaced: IsNamespaced,
): KindDefinition {
  const rules = together(parts);
  const find = compile(base.id, rules, isNamespaced);
  const silent = verdict('ok', 'NoRule');
  const health = compileHealth(rules.health, () => silent);
  const speaks =
    rules.health.rules.length + (rules.health.suspended ?? []).length > 0;
  return {
    ...base,
    eventRules: [...rules.events, ...(base.eventRules ?? [])],
    observe(object, context): Observed {
      const observed = base.observe(object, context);
      if (observed.type !== 'object') {
        return observed;
      }
      const wellFormed = withWellFormedMetadata(object);
      return {
        ...observed,
        properties: {
          ...observed.properties,
          ...definedOnly(find.properties(wellFormed)),
        },
        verdict:
          speaks && !deletionVerdict(wellFormed)
            ? verdictAt(
                worstVerdict([observed.verdict, health(wellFormed)]),
                context.now,
              )
            : observed.verdict,
        references: [...observed.references, ...find.references(wellFormed)],
        selectors: [...observed.selectors, ...find.selectors(wellFormed)],
      };
    },
  };
}

function compile(id: KindId, rules: Rules, isNamespaced: IsNamespaced) {
  const type = kindType(id);
  return {
    properties: compileProperties(rules.properties),
    references: withPodTemplates(
      type,
      rules.podTemplates,
      compileReferences(type, rules.references, isNamespaced),
    ),
    selectors: compileSelectors(type, rules.selectors),
  };
}

type FindReferences = (object: KubernetesObject) => Reference[];

function withPodTemplates(
  type: string,
  podTemplates: readonly string[],
  declared: FindReferences,
): FindReferences {
  const paths = podTemplates.map(FieldPath.parse);
  return object => [
    ...declared(object),
    ...paths.flatMap(path =>
      path
        .all(object)
        .flatMap((template: any) =>
          podSpecReferences(type, object.metadata.namespace, template?.spec),
        ),
    ),
  ];
}

type Properties = { [name: string]: Json | undefined };

/** Texts, numbers and switches; a path that leads to several gives a list. Never an object: it may hold anything. */
function compileProperties(
  properties: Readonly<Record<string, string>>,
): (object: KubernetesObject) => Properties {
  const compiled = Object.entries(properties).map(
    ([name, path]) => [name, FieldPath.parse(path)] as const,
  );
  return object =>
    Object.fromEntries(
      compiled.map(([name, path]): [string, Json | undefined] => {
        const found = path
          .all(object)
          .flat()
          .filter(isScalar)
          .slice(0, LONGEST_LIST)
          .map(value =>
            typeof value === 'string' ? value.slice(0, LONGEST_TEXT) : value,
          );
        const isList = !path.isSingle || Array.isArray(path.first(object));
        return [name, isList && found.length > 0 ? found : found[0]];
      }),
    );
}

function definedOnly(properties: Properties): { [name: string]: Json } {
  return Object.fromEntries(
    Object.entries(properties).filter(([, value]) => value !== undefined),
  ) as { [name: string]: Json };
}
