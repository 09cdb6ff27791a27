import { kindText } from '../../kinds/identity';
import { KindUpdate, KindUpdateSink } from '../../kinds/update';

/** Follows the updates of one cluster as the graph would, object by object. Its sink rejects what may not happen. */
export class Replica {
  readonly objects = new Map<string, { kind: string; version: string }>();
  readonly kinds = new Map<string, string>();
  readonly updates: string[] = [];
  readonly #onPages = new Map<string, Set<string>>();

  readonly sink: KindUpdateSink = async update => {
    this.updates.push(update.type);
    this.#take(update);
  };

  /** uid and resource version by name. */
  state(kind?: string): Record<string, string> {
    return Object.fromEntries(
      [...this.objects]
        .filter(([, object]) => !kind || object.kind === kind)
        .map(([key, { version }]) => [key.split('/').pop()!, version]),
    );
  }

  #take(update: KindUpdate): void {
    const kind = kindText(update.kind);
    switch (update.type) {
      case 'listing':
        this.#onPages.set(kind, new Set());
        break;
      case 'page': {
        const pages = this.#onPages.get(kind);
        if (!pages) {
          throw new Error('page without listing');
        }
        for (const { key, uid, resourceVersion } of update.observed) {
          pages.add(key);
          this.objects.set(key, { kind, version: `${uid}@${resourceVersion}` });
        }
        break;
      }
      case 'listed': {
        const pages = this.#onPages.get(kind);
        if (!pages) {
          throw new Error('listed without listing');
        }
        for (const [key, object] of this.objects) {
          if (object.kind === kind && !pages.has(key)) {
            this.objects.delete(key);
          }
        }
        this.#onPages.delete(kind);
        this.kinds.set(kind, 'listed');
        break;
      }
      case 'changed':
        for (const change of update.changes) {
          if (change.type === 'upsert') {
            const { key, uid, resourceVersion } = change.observed;
            const version = `${uid}@${resourceVersion}`;
            if (this.objects.get(key)?.version === version) {
              throw new Error(`${key} applied twice at ${version}`);
            }
            this.objects.set(key, { kind, version });
          } else {
            const held = this.objects.get(change.key);
            if (held?.version.startsWith(`${change.uid}@`)) {
              this.objects.delete(change.key);
            }
          }
        }
        break;
      case 'unavailable':
        this.kinds.set(kind, update.why);
        break;
      default:
    }
  }
}
