import { kindText } from '../kinds/identity';
import { KindDefinition, KubernetesObject } from '../kinds/kindDefinition';
import { KindUpdate } from '../kinds/update';
import { cutLastApplied } from './cutManagedFields';
import { observeStatic } from './observeStatic';
import { parseJson } from './parseJson';
import { itemsOf, kindTextOf, withoutValues } from './staticObjects';

/** A cluster as it was once, read from a file by `parseDump`. */
export interface DumpSource {
  readonly name: string;
  readonly objects: readonly KubernetesObject[];
  /** `kindText` of kinds that it holds all objects of, also where these are none. */
  readonly holds?: readonly string[];
  /** It holds all objects of all kinds. Default: false, a kind may have been left out, and is unknown. */
  readonly isComplete?: boolean;
  /** Where objects without a namespace are, whose kind has one; default: they stay without. */
  readonly namespace?: string;
}

/** A file that is not what `kubectl get … -o json` writes. */
export class DumpError extends Error {
  readonly name = 'DumpError';
}

/**
 * The objects of a `v1 List` as `kubectl get … -o json` writes it, or of a single object. Values of metadata-only kinds
 * stand in such a file; they are dropped here and only the names of their keys go on, as `managedFields` would tell.
 *
 * @throws DumpError when the text is neither
 */
export function parseDump(
  json: Buffer,
  kinds: readonly KindDefinition[],
): KubernetesObject[] {
  let root: any;
  try {
    root = parseJson(cutLastApplied(Buffer.from(json)).toString());
  } catch {
    throw new DumpError(
      'The dump is not valid JSON. Write one with: kubectl get all,secrets,… -A -o json',
    );
  }
  const isList = Array.isArray(root?.items);
  if (!isList && typeof root?.kind !== 'string') {
    throw new DumpError(
      'The dump is neither a List nor an object. Write one with: kubectl get all,secrets,… -A -o json',
    );
  }
  const metadataOnly = new Set(
    kinds.filter(kind => kind.metadataOnly).map(({ id }) => kindText(id)),
  );
  return itemsOf(root).map(object =>
    metadataOnly.has(kindTextOf(object)) ? withoutValues(object) : object,
  );
}

/** Objects that are handed on at once. */
const PAGE_SIZE = 500;

/**
 * The updates that a cluster with exactly these objects would give. A kind of which the dump holds nothing may have
 * been left out of it, so that it is `absent`, unless the dump says otherwise: what refers to it is unknown, not missing.
 */
export function dumpUpdates(
  objects: readonly KubernetesObject[],
  kinds: readonly KindDefinition[],
  context: {
    cluster: string;
    now: number;
    holds?: readonly string[];
    isComplete?: boolean;
    onUnreadable?(object: KubernetesObject, error: unknown): void;
  },
): KindUpdate[] {
  const byKind = new Map<string, KubernetesObject[]>();
  for (const object of objects) {
    const kind = kindTextOf(object);
    const held = byKind.get(kind);
    if (held) {
      held.push(object);
    } else {
      byKind.set(kind, [object]);
    }
  }
  return kinds
    .filter(kind => kind.plural)
    .flatMap((kind): KindUpdate[] => {
      const text = kindText(kind.id);
      const held = byKind.get(text) ?? [];
      const isHeld =
        held.length > 0 ||
        context.isComplete === true ||
        context.holds?.includes(text) === true;
      if (!isHeld) {
        const message = `The dump holds no ${kind.plural}.`;
        return [{ type: 'unavailable', kind: kind.id, why: 'absent', message }];
      }
      return [
        { type: 'listing', kind: kind.id },
        ...pagesOf(kind, held, context),
        { type: 'listed', kind: kind.id, resourceVersion: '' },
      ];
    });
}

function pagesOf(
  kind: KindDefinition,
  objects: readonly KubernetesObject[],
  context: Parameters<typeof dumpUpdates>[2],
): KindUpdate[] {
  const pages: KindUpdate[] = [];
  for (let at = 0; at < objects.length || at === 0; at += PAGE_SIZE) {
    const observed = objects
      .slice(at, at + PAGE_SIZE)
      .flatMap(object => observeStatic(kind, object, context));
    pages.push({ type: 'page', kind: kind.id, observed });
  }
  return pages;
}
