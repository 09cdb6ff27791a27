import { stat } from 'node:fs/promises';
import { kindText } from '../kinds/identity';
import { KindDefinition, KubernetesObject } from '../kinds/kindDefinition';
import { DumpSource, dumpUpdates } from './dump';
import { manifestFiles, readManifests } from './manifests';
import { Reader, ReaderOptions } from './reader';
import { servedByObjects } from './servedByObjects';
import { kindTextOf } from './staticObjects';

/** Manifests in a file or a folder, read again when they change. */
export interface ManifestSource {
  readonly name: string;
  /** Of a file, or of a folder, with all folders in it. */
  readonly path: string;
  /** Where objects without a namespace are, whose kind has one; default: `default`. */
  readonly namespace?: string;
  /** `kindText` of kinds that it holds all objects of, also where these are none. Default: those that it holds some of. */
  readonly holds?: readonly string[];
}

type StaticReaderOptions = Pick<
  ReaderOptions,
  'catalog' | 'known' | 'sink' | 'onHealth' | 'clock' | 'logger'
>;

type Contents = Pick<DumpSource, 'objects' | 'holds' | 'isComplete'>;

/** How often files are looked at, in milliseconds. */
const POLL = 2_000;

/** A cluster that is a file: read once, and again when it changes. What it does not hold is `absent`, hence unknown. */
export class StaticReader implements Reader {
  readonly #source: DumpSource | ManifestSource;
  readonly #options: StaticReaderOptions;
  /** Kinds that were read before. */
  readonly #former = new Map<string, KindDefinition>();
  /** Of the files that were read. */
  #signature: string | undefined;

  constructor(
    source: DumpSource | ManifestSource,
    options: StaticReaderOptions,
  ) {
    this.#source = source;
    this.#options = options;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock, onHealth } = this.#options;
    const source = this.#source;
    if ('objects' in source) {
      onHealth({ state: 'answering' });
      const { namespace } = source;
      const objects = namespace
        ? this.#placed(source.objects, namespace)
        : source.objects;
      await this.#tell({ ...source, objects }, signal);
      await clock.sleep(2 ** 31 - 1, signal);
      return;
    }
    while (!signal.aborted) {
      const contents = await this.#changed(source);
      if (contents) {
        await this.#tell(contents, signal);
      }
      await clock.sleep(POLL, signal);
    }
  }

  /** Undefined while the files are as they were, or cannot be read: what was read before stays then. */
  async #changed(source: ManifestSource): Promise<Contents | undefined> {
    const { onHealth } = this.#options;
    try {
      const files = await manifestFiles(source.path);
      const signature = await signatureOf(files);
      if (signature === this.#signature) {
        return undefined;
      }
      const contents = await this.#load(source, files);
      this.#signature = signature;
      onHealth({ state: 'answering' });
      return contents;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      onHealth({ state: 'failing', message });
      return undefined;
    }
  }

  async #load(
    { name, holds = [], namespace = 'default' }: ManifestSource,
    files: readonly string[],
  ): Promise<Contents> {
    const { catalog, logger } = this.#options;
    const read = await readManifests(files, catalog);
    if (read.skipped.count > 0) {
      const { count, first } = read.skipped;
      logger.info(
        `${count} documents are no objects of Kubernetes and are left out, the first one in ${first}`,
        { cluster: name },
      );
    }
    return {
      objects: this.#placed(read.objects, namespace),
      holds: [...read.holds, ...holds],
    };
  }

  /** Each where it would be created. */
  #placed(
    objects: readonly KubernetesObject[],
    namespace: string,
  ): KubernetesObject[] {
    const { known = [] } = this.#options;
    const namespaced = new Set(
      [...this.#kinds(objects), ...known]
        .filter(kind => kind.namespaced)
        .map(({ id }) => kindText(id)),
    );
    return objects.map(object =>
      namespaced.has(kindTextOf(object))
        ? inNamespace(object, namespace)
        : object,
    );
  }

  #kinds(objects: readonly KubernetesObject[]): KindDefinition[] {
    const { catalog, known = [] } = this.#options;
    const kinds = new Map(known.map(kind => [kindText(kind.id), kind]));
    for (const served of servedByObjects(objects)) {
      const text = kindText(served.id);
      const { plural, namespaced } = kinds.get(text) ?? served;
      const kind = catalog.definitionFor({ ...served, plural, namespaced });
      if (kind) {
        kinds.set(text, kind);
      } else {
        kinds.delete(text);
      }
    }
    return [...kinds.values()];
  }

  async #tell(contents: Contents, signal: AbortSignal): Promise<void> {
    const { sink, clock, logger } = this.#options;
    const { name: cluster } = this.#source;
    const { objects, holds, isComplete } = contents;
    const kinds = this.#kinds(objects);
    for (const kind of kinds) {
      const text = kindText(kind.id);
      if (this.#former.get(text) !== kind) {
        this.#former.set(text, kind);
        await sink({ type: 'discovered', kind: kind.id, definition: kind });
      }
    }
    const updates = dumpUpdates(objects, [...this.#former.values()], {
      cluster,
      now: clock.now(),
      holds,
      isComplete,
      onUnreadable: ({ kind, metadata }, error) =>
        logger.error('An object could not be read and is left out', {
          cluster,
          kind: String(kind),
          namespace: String(metadata?.namespace ?? ''),
          name: String(metadata?.name ?? ''),
          error: String(error),
        }),
    });
    for (const update of updates) {
      if (signal.aborted) {
        return;
      }
      await sink(update);
    }
  }
}

/** Changes when a file does, or comes or goes. */
async function signatureOf(files: readonly string[]): Promise<string> {
  const parts: string[] = [];
  for (const file of files) {
    const { size, mtimeMs } = await stat(file);
    parts.push(`${file} ${size} ${mtimeMs}`);
  }
  return parts.join('\n');
}

function inNamespace(
  object: KubernetesObject,
  namespace: string,
): KubernetesObject {
  return object.metadata.namespace
    ? object
    : { ...object, metadata: { ...object.metadata, namespace } };
}
