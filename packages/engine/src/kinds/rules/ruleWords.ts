import { z } from 'zod';
import { FieldPath, FieldPathError } from './fieldPath';
import { parseKindText } from './kindText';

/** An object that refuses fields that it does not know, and says which it knows. */
export function strict<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: issue =>
      issue.code === 'unrecognized_keys'
        ? `unknown field ${issue.keys
            .map(key => `'${key}'`)
            .join(', ')}; known here are ${Object.keys(shape).join(', ')}`
        : undefined,
  });
}

export const text = z.string().min(1).max(500);
export const word = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9]{0,63}$/, 'expected one word such as NotReady');

export const kind = z
  .string()
  .refine(
    value => parseKindText(value) !== undefined,
    'expected a kind with its API group, such as Certificate.cert-manager.io, or Secret for the core group',
  );

const UNITS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** `30s`, `10m`, `1h`; in milliseconds. */
export const duration = z
  .string()
  .regex(/^\d{1,6}(s|m|h|d)$/, 'expected a duration such as 30s, 10m or 1h')
  .transform(value => Number(value.slice(0, -1)) * UNITS[value.slice(-1)]);

function checkedPath(check: (path: FieldPath) => string | undefined) {
  return z
    .string()
    .max(300)
    .superRefine((value, context) => {
      try {
        const problem = check(FieldPath.parse(value));
        if (problem) {
          context.addIssue({ code: 'custom', message: problem });
        }
      } catch (error) {
        if (!(error instanceof FieldPathError)) {
          throw error;
        }
        context.addIssue({ code: 'custom', message: error.message });
      }
    });
}

const VALUES: ReadonlySet<string> = new Set([
  'data',
  'stringData',
  'binaryData',
]);
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** Why nothing of it may be read, if so: the values of Secrets and ConfigMaps stay in the cluster. */
function valuesIn({ text: written, names }: FieldPath): string | undefined {
  const [first, second, third] = names;
  if (first === undefined) {
    return `'${written}': expected a field's name first`;
  }
  const isAllOfMetadata =
    first === 'metadata' &&
    names.length < 3 &&
    (second === undefined || second === 'annotations');
  return VALUES.has(first) ||
    isAllOfMetadata ||
    (first === 'metadata' && second === 'managedFields') ||
    third === LAST_APPLIED
    ? `'${written}' may hold the values of a Secret or ConfigMap, which stay in the cluster: name another field, or one annotation`
    : undefined;
}

/** A path into the object. */
export const path = checkedPath(fieldPath =>
  fieldPath.up > 0
    ? `'${fieldPath.text}': ^ is for fields beside a reference; a path starts at the object, such as spec.secretName`
    : valuesIn(fieldPath),
);

/** A path that starts at the object in which a reference's name stands; each `^.` goes to the object around. */
export const beside = checkedPath(valuesIn);

/** YAML reads False as a boolean. */
export const conditionStatus = z
  .union([z.boolean(), z.enum(['True', 'False', 'Unknown', 'Degraded'])], {
    error: "expected 'True', 'False' or 'Unknown'",
  })
  .transform(value => {
    if (typeof value === 'string') {
      return value;
    }
    return value ? 'True' : 'False';
  });

export const scalar = z.union([z.string(), z.number(), z.boolean()], {
  error: 'expected a text, a number or true or false',
});

export function listOrOne<T extends z.ZodType>(schema: T, expected: string) {
  return z
    .union([schema, z.array(schema).min(1)], { error: expected })
    .transform(
      value => (Array.isArray(value) ? value : [value]) as z.output<T>[],
    );
}
