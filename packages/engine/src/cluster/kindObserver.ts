import { nodeKey } from '../kinds/identity';
import { KindDefinition, KubernetesObject } from '../kinds/kindDefinition';
import { Observed } from '../kinds/observation';
import { Change } from '../kinds/update';
import { Clock } from './clock';
import { Logger } from './logger';

/** Turns objects of one kind into what is kept of them. */
export class KindObserver {
  readonly #cluster: string;
  readonly #kind: KindDefinition;
  readonly #clock: Clock;
  readonly #logger: Logger;

  constructor(options: {
    cluster: string;
    kind: KindDefinition;
    clock: Clock;
    logger: Logger;
  }) {
    this.#cluster = options.cluster;
    this.#kind = options.kind;
    this.#clock = options.clock;
    this.#logger = options.logger;
  }

  observeAll(objects: readonly KubernetesObject[]): Observed[] {
    return objects.flatMap(object => this.observe(object));
  }

  /** None when the kind's own rules fail on the object: one odd object does not stop the rest. */
  observe(object: KubernetesObject): Observed[] {
    const cluster = this.#cluster;
    const kind = this.#kind;
    try {
      return [kind.observe(object, { cluster, now: this.#clock.now() })];
    } catch (error) {
      this.#logger.error('An object could not be read and is left out', {
        cluster,
        kind: kind.id.kind,
        namespace: String(object?.metadata?.namespace ?? ''),
        name: String(object?.metadata?.name ?? ''),
        error: String(error),
      });
      return [];
    }
  }

  remove({ metadata }: KubernetesObject): Change {
    const { namespace = '', name, uid } = metadata;
    const kind = this.#kind.id;
    const key = nodeKey({ cluster: this.#cluster, kind, namespace, name });
    return { type: 'remove', key, uid };
  }
}
