import { z } from 'zod';
import { BITES_AT, RELATION_CLASSES } from './relationWords';
import {
  beside,
  conditionStatus,
  duration,
  kind,
  listOrOne,
  path,
  scalar,
  strict,
  text,
  word,
} from './ruleWords';

const relationFields = {
  /** Skydive's `RelationType`, a kind in lower case; default: what the name starts with. */
  relationType: z
    .string()
    .regex(
      /^[a-z][a-z0-9-]{0,62}$/,
      'expected lower-case letters, digits and -',
    )
    .optional(),
  class: z.enum(RELATION_CLASSES).optional(),
  /** The end of the edge that suffers when the other one is broken; default: the one that refers. */
  suffers: z.enum(['source', 'target', 'none']).optional(),
  strength: z.enum(['hard', 'soft']).optional(),
  bitesAt: z.array(z.enum(BITES_AT)).optional(),
  /** R-numbers of `relationships.md`, or the author's own. */
  rules: z.array(text).optional(),
  /** Guessed: never a root cause by itself. */
  inferred: z.boolean().optional(),
};

const relationName = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{0,62}$/,
    'expected the name of a relation: lower-case letters, digits and -, such as certificate-issuer',
  );

const relation = strict({ name: relationName, ...relationFields });

/** Compares what stands at a path. Exactly one comparison. */
const COMPARISONS = [
  'equals',
  'oneOf',
  'notOneOf',
  'lessThan',
  'greaterThan',
  'contains',
  'exists',
  'past',
] as const;
const comparisons = {
  equals: scalar.optional(),
  oneOf: z.array(scalar).min(1).optional(),
  notOneOf: z.array(scalar).min(1).optional(),
  /** A number, or the path of one. */
  lessThan: z.union([z.number(), path]).optional(),
  greaterThan: z.union([z.number(), path]).optional(),
  contains: text.optional(),
  exists: z.boolean().optional(),
  /** Whether the time that stands there has come. */
  past: z.literal(true).optional(),
};

function hasOneComparison(test: { [name: string]: unknown }): boolean {
  return COMPARISONS.filter(name => test[name] !== undefined).length === 1;
}
const ONE_COMPARISON = `expected exactly one of ${COMPARISONS.join(', ')}`;

const fieldTest = strict({
  field: path,
  /** Where the path leads to several: whether one has to pass or all. */
  of: z.enum(['any', 'all']).default('any'),
  ...comparisons,
}).refine(hasOneComparison, ONE_COMPARISON);

const conditionTest = strict({
  condition: text,
  is: listOrOne(
    conditionStatus,
    "expected 'True', 'False' or 'Unknown', or a list of them",
  ),
  reasons: z.array(text).min(1).optional(),
  notReasons: z.array(text).min(1).optional(),
  /** Where the conditions stand. */
  in: path.default('status.conditions'),
  of: z.enum(['any', 'all']).default('any'),
});

const test = z.union([conditionTest, fieldTest], {
  error:
    'expected { condition: a type, is: a status } or { field: a path, equals: a value }',
});
const tests = listOrOne(
  test,
  'expected a test, or a list of tests that all have to hold',
);

const target = z.union(
  [
    kind,
    strict({
      /** Where the kind stands; without it `default` is meant. */
      kindFrom: beside,
      groupFrom: beside.optional(),
      apiVersionFrom: beside.optional(),
      /** Where no kind is written; and its group where no group is. */
      default: kind.optional(),
      /** Other kinds are no references of this rule. */
      only: z.array(kind).min(1).optional(),
      /** Kinds that are in no namespace. */
      clusterScoped: z.array(kind).optional(),
    }),
  ],
  {
    error:
      'expected a kind such as Secret, or where it stands: { kindFrom: kind, groupFrom: group, default: Secret }',
  },
);

const reference = strict({
  /** Of the name. */
  path,
  /** How the text names the object. */
  form: z
    .enum(['name', 'namespacedName', 'serviceHost', 'inventoryId'])
    .default('name'),
  prefix: text.optional(),
  /** Instead of what stands there: the path then says only whether there is a reference. */
  name: text.optional(),
  /** Texts that are no names: `mesh`. */
  skip: z.array(text).optional(),
  /** Only references beside which this holds. */
  when: strict({ field: beside, ...comparisons })
    .refine(hasOneComparison, ONE_COMPARISON)
    .optional(),
  /** Not for `inventoryId`, which names the kind itself. */
  to: target.optional(),
  namespace: z
    .union(
      [
        z.enum(['own', 'none']),
        strict({ fixed: text }),
        strict({
          from: beside,
          absent: z.enum(['own', 'none']).default('own'),
        }),
      ],
      {
        error:
          "expected 'own', 'none', { fixed: a namespace } or { from: the field beside the name }",
      },
    )
    .default('own'),
  required: z
    .union([z.boolean(), strict({ unless: beside })], {
      error:
        'expected true, false or { unless: the field that makes it optional }',
    })
    .default(true),
  relation: relationName.optional(),
  /** Whether the edge leads from this object (`out`) or to it. */
  arrow: z.enum(['out', 'in']).default('out'),
  /** What the edge shows, from fields beside the name: `keys: key`. */
  details: z.record(word, beside).optional(),
  ...relationFields,
})
  .refine(
    ({ to, form }) => (to === undefined) === (form === 'inventoryId'),
    'expected `to`: the kind that is named (form inventoryId names it itself)',
  )
  .refine(
    ({ to, relation: name }) => name !== undefined || typeof to === 'string',
    'expected `relation`: a name for edges to several kinds',
  );

const selector = strict({
  path: path.optional(),
  /** Instead of a path: labels whose values stand in this object. */
  labels: z.record(text, path).optional(),
  form: z.enum(['labelSelector', 'map']).default('labelSelector'),
  selects: listOrOne(kind, 'expected a kind such as Pod, or a list of kinds'),
  namespaces: z
    .union(
      [
        z.enum(['own', 'all']),
        strict({ selector: path }),
        strict({ names: path, any: path.optional() }),
      ],
      {
        error:
          "expected 'own', 'all', { selector: path of a label selector } or { names: path of a list }",
      },
    )
    .default('own'),
  /** What a selector that is not there selects. */
  absent: z.enum(['nothing', 'everything']).default('nothing'),
  /** Only where this holds of the object. */
  when: listOrOne(
    fieldTest,
    'expected { field: a path, equals: a value }, or a list of them',
  ).optional(),
  /** What a selector without requirements selects; default: everything, a map nothing. */
  empty: z.enum(['nothing', 'everything']).optional(),
  relation: relationName.optional(),
  arrow: z.enum(['out', 'in']).default('out'),
  ...relationFields,
}).refine(
  ({ path: from, labels }) => (from === undefined) !== (labels === undefined),
  'expected either path or labels',
);

const owned = strict({
  kind,
  relation: relationName.optional(),
  ...relationFields,
});

const LEVELS = [
  'ok',
  'progressing',
  'degraded',
  'down',
  'idle',
  'suspended',
  'maintenance',
  'history',
  'unknown',
] as const;

const healthRule = strict({
  when: tests,
  level: z.enum(LEVELS),
  /** One word; default: the condition's reason, or its type. */
  reason: word.optional(),
  reasonFrom: path.optional(),
  message: text.optional(),
  messageFrom: path.optional(),
  /** So long after the condition's change (else `since`, else the creation) it is `meanwhile`. */
  grace: duration.optional(),
  meanwhile: z.enum(LEVELS).default('progressing'),
  since: path.optional(),
  /** H-number of `health.md`, or the author's own. */
  rule: text.optional(),
});

const health = strict({
  /** No controller reports on these objects: that one exists is all there is to say. */
  statusless: z.boolean().default(false),
  /** Fields that switch it off when they are true. */
  suspended: z.array(path).optional(),
  /** The first that holds decides. */
  rules: z.array(healthRule).default([]),
  /** Whether the usual conditions, phases and replica counts speak where no rule does. */
  generic: z.boolean().default(true),
});

const eventRule = strict({
  rule: text.default('user'),
  eventReasons: z.array(text).min(1),
  when: strict({
    levels: z.array(z.enum(LEVELS)).min(1),
    reasons: z.array(text).optional(),
  }),
  level: z.enum(LEVELS),
  reason: word,
  after: strict({
    count: z.number().int().positive().optional(),
    lasting: duration.optional(),
  }).optional(),
  within: duration.optional(),
  messageIncludes: text.optional(),
});

const kindRules = strict({
  kind,
  /** API versions that the paths fit; default: whatever the server offers. */
  versions: z.array(text).min(1).optional(),
  /** Read names, labels and owners only; all paths then start with `metadata.`. */
  metadataOnly: z.boolean().default(false),
  properties: z.record(word, path).default({}),
  references: z.array(reference).default([]),
  selectors: z.array(selector).default([]),
  /** Of a pod template: what its next pods need is referred to. */
  podTemplate: path.optional(),
  /** What objects of this kind own, where the edge is to have a name of its own. */
  owns: z.array(owned).default([]),
  health: health.optional(),
  events: z.array(eventRule).default([]),
});

export const ruleSetSchema = strict({
  relations: z.array(relation).default([]),
  kinds: z.array(kindRules).default([]),
});

/** One file of rules, checked and with its defaults: plain data. */
export type RuleSet = z.output<typeof ruleSetSchema>;
export type KindRules = RuleSet['kinds'][number];
export type ReferenceRule = KindRules['references'][number];
export type SelectorRule = KindRules['selectors'][number];
export type OwnedRule = KindRules['owns'][number];
export type HealthRules = NonNullable<KindRules['health']>;
export type HealthRule = HealthRules['rules'][number];
export type ConditionTest = z.output<typeof conditionTest>;
export type FieldTest = z.output<typeof fieldTest>;
export type Comparison = Pick<FieldTest, (typeof COMPARISONS)[number]>;
export type RelationFields = Pick<
  z.output<typeof relation>,
  keyof typeof relationFields
>;
