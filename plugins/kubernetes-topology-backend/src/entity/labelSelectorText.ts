import { InputError } from '@backstage/errors';
import { LabelRequirement } from '@kubernetes-topology/engine';

const KEY =
  /^(?:[A-Za-z0-9][A-Za-z0-9.-]{0,252}\/)?[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;
const VALUE = /^(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$/;

/**
 * Reads a label selector as `kubectl -l` does: `a=b`, `a==b`, `a!=b`, `a in (b,c)`, `a notin (b,c)`, `a`, `!a`,
 * joined by commas that all must hold. Throws InputError, naming the part at fault.
 */
export function parseLabelSelector(text: string): LabelRequirement[] {
  const parts = splitRequirements(text);
  if (parts.length === 0) {
    throw new InputError('The label selector is empty');
  }
  return parts.map(parseRequirement);
}

/** Splits at the commas outside of parentheses. */
function splitRequirements(text: string): string[] {
  if (text.trim() === '') {
    return [];
  }
  const parts: string[] = [''];
  let depth = 0;
  for (const character of text) {
    if (character === '(') {
      depth++;
    } else if (character === ')') {
      depth--;
    }
    if (character === ',' && depth === 0) {
      parts.push('');
    } else {
      parts[parts.length - 1] += character;
    }
  }
  return parts.map(part => part.trim());
}

function parseRequirement(text: string): LabelRequirement {
  const set = /^(\S+)\s+(in|notin)\s*\(([^()]*)\)$/.exec(text);
  if (set) {
    const [, key, operator, values] = set;
    return requirement(
      text,
      key,
      operator === 'in' ? 'In' : 'NotIn',
      values.split(',').map(value => value.trim()),
    );
  }
  const equality = /^([^\s=!]+)\s*(==|=|!=)\s*([^\s=!]*)$/.exec(text);
  if (equality) {
    const [, key, operator, value] = equality;
    return requirement(text, key, operator === '!=' ? 'NotIn' : 'In', [value]);
  }
  const existence = /^(!?)\s*(\S+)$/.exec(text);
  if (existence) {
    const [, not, key] = existence;
    return requirement(text, key, not ? 'DoesNotExist' : 'Exists', []);
  }
  throw faulty(text, 'expected a=b, a!=b, a in (b,c), a notin (b,c), a or !a');
}

function requirement(
  text: string,
  key: string,
  operator: LabelRequirement['operator'],
  values: string[],
): LabelRequirement {
  if (!KEY.test(key)) {
    throw faulty(text, `"${key}" is no label key`);
  }
  const wrong = values.find(value => !VALUE.test(value));
  if (wrong !== undefined) {
    throw faulty(text, `"${wrong}" is no label value`);
  }
  return { key, operator, values };
}

function faulty(part: string, why: string): InputError {
  return new InputError(
    `The label selector has a faulty part "${part}": ${why}`,
  );
}
