import { KubernetesObject } from '../objects/kubernetesObject';
import { groupResource, ResourceType } from '../resources/resourceType';
import { StoredObject } from './storedObject';
import { Change, Table } from './table';

/** As `etcdctl snapshot save` writes it: the objects of all kinds and the revision at which they were these. */
export interface Backup {
  readonly revision: number;
  readonly objects: readonly StoredObject[];
}

/** A kind as the storage knows it; one that shows another's objects has no table of its own. */
interface Kept {
  readonly group: string;
  readonly resource: string;
  readonly viewOf?: { readonly group: string; readonly resource: string };
}

export type ChangeListener = (change: Change) => void;

/**
 * What etcd and the watch cache hold together: the objects, one revision counter for all kinds, and a bounded history
 * from which watches resume and pages of one snapshot are read.
 */
export class Storage {
  readonly #historySize: number;
  readonly #tables = new Map<string, Table>();
  readonly #listeners = new Map<string, Set<ChangeListener>>();
  readonly #observers = new Set<ChangeListener>();
  #revision: number;
  #start: number;
  #compacted = 0;

  /**
   * @param options.historySize changes remembered for each kind
   * @param options.firstRevision what the counter starts from
   */
  static create(options: {
    historySize: number;
    firstRevision: number;
  }): Storage {
    return new Storage(options.historySize, options.firstRevision);
  }

  private constructor(historySize: number, firstRevision: number) {
    this.#historySize = historySize;
    this.#revision = firstRevision;
    this.#start = firstRevision;
  }

  /** The revision of the last write of any kind. */
  get revision(): number {
    return this.#revision;
  }

  /** Exact older revisions (pages, `resourceVersionMatch=Exact`) are served from here on; watches go back further. */
  get compacted(): number {
    return this.#compacted;
  }

  table(type: Kept): Table {
    const name = tableName(type);
    let table = this.#tables.get(name);
    if (!table) {
      table = new Table(this.#historySize, this.#start);
      this.#tables.set(name, table);
    }
    return table;
  }

  get(
    type: ResourceType,
    namespace: string,
    name: string,
  ): StoredObject | undefined {
    return this.table(type).get(namespace, name);
  }

  /** The objects of all kinds. */
  *objects(): IterableIterator<StoredObject> {
    for (const table of this.#tables.values()) {
      yield* table.objects();
    }
  }

  /** Writes the object with the next revision; the caller's `resourceVersion` is replaced. */
  put(type: ResourceType, object: KubernetesObject): StoredObject {
    const before = this.get(
      type,
      object.metadata.namespace ?? '',
      object.metadata.name,
    );
    const after = this.#next(type, object);
    this.#record({ revision: after.revision, before, after, deleted: false });
    return after;
  }

  /** Removes the object; the change carries its last state with the revision of the removal. */
  remove(before: StoredObject): StoredObject {
    const after = this.#next(before.type, before.object);
    this.#record({ revision: after.revision, before, after, deleted: true });
    return after;
  }

  /** Calls the listener at each change of one kind, in order, at once. */
  listen(type: Kept, listener: ChangeListener): () => void {
    const name = tableName(type);
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  /** Calls the observer at each change of any kind. */
  observe(observer: ChangeListener): () => void {
    this.#observers.add(observer);
    return () => this.#observers.delete(observer);
  }

  /** As etcd's compaction: pages and exact reads of older revisions end in 410; watches go on from the watch cache. */
  compact(revision: number = this.#revision): void {
    this.#compacted = Math.max(this.#compacted, revision);
  }

  /** As a restart of the API server: every revision that a client may have seen is too old. */
  forgetHistory(): void {
    this.#revision += 1;
    this.#start = this.#revision;
    this.#tables.forEach(table => table.forget(this.#revision));
  }

  backUp(): Backup {
    return { revision: this.#revision, objects: [...this.objects()] };
  }

  /** Goes back to a backup, its revision included, as etcd does; the watch cache starts empty. Tells no listener. */
  restore({ revision, objects }: Backup): void {
    this.#revision = revision;
    this.#start = revision;
    this.#compacted = revision;
    const byTable = new Map<Table, StoredObject[]>(
      [...this.#tables.values()].map(table => [table, []]),
    );
    for (const object of objects) {
      byTable.get(this.table(object.type))?.push(object);
    }
    byTable.forEach((held, table) => table.restore(held, revision));
  }

  /** Revisions that writes took which nobody here sees. */
  skip(revisions: number): void {
    this.#revision += revisions;
  }

  #next(type: ResourceType, object: KubernetesObject): StoredObject {
    this.#revision += 1;
    const { name, namespace, uid, ...metadata } = object.metadata;
    return new StoredObject(
      type,
      {
        ...object,
        metadata: {
          name,
          ...(namespace && { namespace }),
          ...(uid && { uid }),
          ...metadata,
          resourceVersion: String(this.#revision),
        },
      },
      this.#revision,
    );
  }

  #record(change: Change): void {
    const { type } = change.after;
    this.table(type).record(change);
    this.#listeners.get(groupResource(type))?.forEach(tell => tell(change));
    this.#observers.forEach(tell => tell(change));
  }
}

function tableName(type: Kept): string {
  return groupResource(type.viewOf ?? type);
}
