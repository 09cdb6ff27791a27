import { kindType } from '../kindIds';
import { Relation } from '../relation';
import { kindFromText } from './kindText';
import { NamedRules } from './loadRules';
import { RulesError } from './parseRules';
import {
  KindRules,
  OwnedRule,
  ReferenceRule,
  RelationFields,
  SelectorRule,
} from './ruleSchema';

type Linking = ReferenceRule | SelectorRule | OwnedRule;

/** The kinds at the other end, where they are written down. */
function otherTypes(rule: Linking): string[] {
  if ('selects' in rule) {
    return rule.selects.map(text => kindType(kindFromText(text)));
  }
  const target = 'kind' in rule ? rule.kind : rule.to;
  return typeof target === 'string' ? [kindType(kindFromText(target))] : [];
}

function isIncoming(rule: Linking): boolean {
  return 'arrow' in rule && rule.arrow === 'in';
}

/** The relation that a rule's edges are: as it says, else `<source's type>-<target's type>`. */
export function relationNameOf(ownType: string, rule: Linking): string {
  const [other = 'object'] = otherTypes(rule);
  return (
    rule.relation ??
    (isIncoming(rule) ? `${other}-${ownType}` : `${ownType}-${other}`)
  );
}

function isDescribed(fields: RelationFields): boolean {
  return (
    fields.class !== undefined ||
    fields.suffers !== undefined ||
    fields.strength !== undefined ||
    fields.bitesAt !== undefined ||
    fields.inferred !== undefined ||
    fields.relationType !== undefined
  );
}

function describe(
  name: string,
  fields: RelationFields,
  defaults: Pick<Relation, 'class' | 'suffers'>,
): Relation {
  const suffers = fields.suffers ?? defaults.suffers;
  return {
    name,
    // As Skydive has it: the kind of the parent, which the name starts with.
    relationType: fields.relationType ?? name.split('-')[0],
    class: fields.class ?? defaults.class,
    rules: fields.rules ?? [],
    suffers,
    strength: fields.strength ?? (suffers === 'none' ? 'soft' : 'hard'),
    bitesAt: fields.bitesAt ?? (suffers === 'none' ? [] : ['run']),
    ...(fields.inferred ? { inferred: true } : {}),
  };
}

function linkingRules({ references, selectors, owns }: KindRules): Linking[] {
  return [...references, ...selectors, ...owns];
}

/**
 * The relations that rules bring, besides those that are known. One name is one relation: a rule may use a known one by
 * its name alone, and may not describe it differently.
 *
 * @throws RulesError
 */
export function relationsOf(
  ruleSets: readonly NamedRules[],
  known: readonly Relation[],
): Relation[] {
  const relations = new Map(known.map(each => [each.name, each]));
  const brought = new Map<string, Relation>();
  const add = (relation: Relation, where: string) => {
    const former = relations.get(relation.name);
    if (former && !isSame(former, relation)) {
      throw new RulesError(where, [
        `the relation '${relation.name}' is known already, as ${wordsOf(
          former,
        )}: it cannot also be ${wordsOf(
          relation,
        )}. Choose another name, or leave out everything but the name`,
      ]);
    }
    const rules = [...new Set([...(former?.rules ?? []), ...relation.rules])];
    relations.set(relation.name, { ...(former ?? relation), rules });
    if (!known.some(({ name }) => name === relation.name)) {
      brought.set(relation.name, relations.get(relation.name)!);
    }
  };
  for (const { where, rules } of ruleSets) {
    for (const relation of rules.relations) {
      add(
        describe(relation.name, relation, {
          class: 'config',
          suffers: 'source',
        }),
        where,
      );
    }
  }
  for (const { where, rules } of ruleSets) {
    for (const { kind, podTemplate } of rules.kinds) {
      if (podTemplate !== undefined) {
        const type = kindType(kindFromText(kind));
        podTemplateRelations(type, known).forEach(each => add(each, where));
      }
    }
  }
  const linking = ruleSets.flatMap(({ where, rules }) =>
    rules.kinds.flatMap(kind =>
      linkingRules(kind).map(rule => ({ where, kind, rule })),
    ),
  );
  // Those that say what they are come first: others may use them by name.
  const inOrder = [
    ...linking.filter(({ rule }) => isDescribed(rule)),
    ...linking.filter(({ rule }) => !isDescribed(rule)),
  ];
  for (const { where, kind, rule } of inOrder) {
    const type = kindType(kindFromText(kind.kind));
    const name = relationNameOf(type, rule);
    if (isDescribed(rule) || !relations.has(name)) {
      const incoming = isIncoming(rule);
      add(
        describe(name, rule, {
          class: 'kind' in rule ? 'control' : 'config',
          suffers: incoming ? 'target' : 'source',
        }),
        where,
      );
    }
  }
  return [...brought.values()];
}

const TEMPLATE_TARGETS = [
  'configmap',
  'secret',
  'imagepullsecret',
  'persistentvolumeclaim',
];

/** What a pod template needs is the same whoever carries it (R038). */
function podTemplateRelations(
  type: string,
  known: readonly Relation[],
): Relation[] {
  return TEMPLATE_TARGETS.flatMap(target => {
    const ofDeployment = known.find(
      ({ name }) => name === `deployment-${target}`,
    );
    return ofDeployment
      ? { ...ofDeployment, name: `${type}-${target}`, relationType: type }
      : [];
  });
}

function isSame(one: Relation, other: Relation): boolean {
  return wordsOf(one) === wordsOf(other);
}

function wordsOf(relation: Relation): string {
  const { relationType, class: kind, suffers, strength, bitesAt } = relation;
  return `${kind} of type ${relationType}, ${
    suffers === 'none' ? 'nobody' : `the ${suffers}`
  } suffers, ${strength}, at ${[...bitesAt].sort().join(' ') || 'no time'}${
    relation.inferred ? ', inferred' : ''
  }`;
}
