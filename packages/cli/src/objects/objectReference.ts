import { usageFailure } from '../failure';
import { KindReference, kindNamed } from './kindNames';

/** An object as a person names it; without a name all of the kind. */
export type ObjectReference =
  | { kind: KindReference; name?: string }
  | { key: string };

/** `<cluster>/<Kind[.group]>/<namespace>/<name>`, as answers tell it. */
const KEY = /^[^/]+\/[A-Z][^/]*\/[^/]*\/.+$/;

/**
 * `pod/web-0 svc/web`, `pod web-0 web-1`, `pods`, `deploy,sts`, `deployments.apps/web`, or keys of answers.
 *
 * @throws Failure when they are mixed, or one is empty
 */
export function parseReferences(words: readonly string[]): ObjectReference[] {
  if (words.some(word => word.includes('/'))) {
    return words.map(parseReference);
  }
  const [kinds, ...names] = words;
  if (kinds === undefined) {
    return [];
  }
  const all = kinds.split(',').map(text => kindNamed(text.trim()));
  if (all.some(({ types }) => types.length === 0)) {
    throw usageFailure(
      `"${kinds}" names no kind; write it like pods or deploy`,
    );
  }
  return names.length === 0
    ? all.map(kind => ({ kind }))
    : all.flatMap(kind => names.map(name => ({ kind, name })));
}

/** @throws Failure when it names no single object */
export function parseReference(word: string): ObjectReference {
  if (KEY.test(word)) {
    return { key: word };
  }
  const slash = word.indexOf('/');
  const kind = word.slice(0, Math.max(slash, 0));
  const name = word.slice(slash + 1);
  if (kind === '' || name === '') {
    throw usageFailure(
      `"${word}" names no object; write KIND/NAME like pod/web-0`,
    );
  }
  return { kind: kindNamed(kind), name };
}

/** As it was asked for, for messages. */
export function referenceText(reference: ObjectReference): string {
  if ('key' in reference) {
    return reference.key;
  }
  const { kind, name } = reference;
  return name === undefined ? kind.text : `${kind.types.at(-1)}/${name}`;
}
