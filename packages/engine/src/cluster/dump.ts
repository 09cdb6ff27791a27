import { kindText } from '../kinds/identity';
import { KindDefinition, KubernetesObject } from '../kinds/kindDefinition';
import { KindUpdate } from '../kinds/update';
import { cutLastApplied } from './cutManagedFields';
import { parseJson } from './parseJson';
import { Reader, ReaderOptions } from './reader';

/** A cluster as it was once, read from a file by `parseDump`. */
export interface DumpSource {
  readonly name: string;
  readonly objects: readonly KubernetesObject[];
  /** A kind of which it holds nothing is empty. Default: false, it may have been left out, and is unknown. */
  readonly isComplete?: boolean;
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
  return (isList ? root.items : [root]).map((object: KubernetesObject) =>
    metadataOnly.has(kindTextOf(object)) ? withoutValues(object) : object,
  );
}

/**
 * The updates that a cluster with exactly these objects would give. A kind of which the dump holds nothing may have
 * been left out of it, so that it is `absent`, unless the dump is complete: what refers to it is unknown, not missing.
 */
export function dumpUpdates(
  objects: readonly KubernetesObject[],
  kinds: readonly KindDefinition[],
  context: { cluster: string; now: number; isComplete?: boolean },
): KindUpdate[] {
  const byKind = new Map<string, KubernetesObject[]>();
  for (const object of objects) {
    const kind = kindTextOf(object);
    byKind.set(kind, [...(byKind.get(kind) ?? []), object]);
  }
  return kinds
    .filter(kind => kind.plural)
    .flatMap((kind): KindUpdate[] => {
      const held = byKind.get(kindText(kind.id)) ?? [];
      if (held.length === 0 && !context.isComplete) {
        const message = `The dump holds no ${kind.plural}.`;
        return [{ type: 'unavailable', kind: kind.id, why: 'absent', message }];
      }
      const observed = held.map(object => kind.observe(object, context));
      return [
        { type: 'listing', kind: kind.id },
        { type: 'page', kind: kind.id, observed },
        { type: 'listed', kind: kind.id, resourceVersion: '' },
      ];
    });
}

/** A cluster that is a dump: read once, never changing. */
export class DumpReader implements Reader {
  readonly #source: DumpSource;
  readonly #options: Pick<
    ReaderOptions,
    'kinds' | 'sink' | 'onHealth' | 'clock'
  >;

  constructor(
    source: DumpSource,
    options: Pick<ReaderOptions, 'kinds' | 'sink' | 'onHealth' | 'clock'>,
  ) {
    this.#source = source;
    this.#options = options;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { kinds, clock, sink, onHealth } = this.#options;
    const { name: cluster, objects, isComplete } = this.#source;
    onHealth({ state: 'answering' });
    const context = { cluster, now: clock.now(), isComplete };
    for (const update of dumpUpdates(objects, kinds, context)) {
      await sink(update);
    }
    await new Promise<void>(resolve => {
      signal.addEventListener('abort', () => resolve(), { once: true });
      if (signal.aborted) {
        resolve();
      }
    });
  }
}

function kindTextOf({ apiVersion, kind }: KubernetesObject): string {
  const [group] = String(apiVersion ?? '').includes('/')
    ? String(apiVersion).split('/')
    : [''];
  return kindText({ group, kind: String(kind) });
}

function withoutValues({
  apiVersion,
  kind,
  metadata,
  data = {},
  binaryData = {},
}: KubernetesObject): KubernetesObject {
  const keys = {
    manager: 'dump',
    operation: 'Update',
    fieldsType: 'FieldsV1',
    fieldsV1: {
      'f:data': keyNames(data),
      'f:binaryData': keyNames(binaryData),
    },
  };
  // kubectl leaves managedFields out unless asked; where they are, they also tell when the data was written.
  const managedFields = [...(metadata?.managedFields ?? []), keys];
  return { apiVersion, kind, metadata: { ...metadata, managedFields } };
}

function keyNames(values: object): { [field: string]: object } {
  return Object.fromEntries(Object.keys(values).map(name => [`f:${name}`, {}]));
}
