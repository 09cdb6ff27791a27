import {
  ClusterState,
  newestTime,
  TopologySource,
} from '@kubernetes-topology/engine';

/** What the engine takes for now: of files the time at which they were true. */
export class EngineTime {
  #fixed: number | undefined;

  /** @param wanted milliseconds since the epoch, or the newest time that stands in the files; default: the system's clock */
  static create(
    source: TopologySource,
    wanted: number | 'newest' | undefined,
  ): EngineTime {
    if (wanted !== 'newest') {
      return new EngineTime(wanted);
    }
    return new EngineTime(
      'objects' in source
        ? newestTime(source.objects, { notAfter: Date.now() })
        : undefined,
    );
  }

  private constructor(fixed: number | undefined) {
    this.#fixed = fixed;
  }

  get isFixed(): boolean {
    return this.#fixed !== undefined;
  }

  now(): number {
    return this.#fixed ?? Date.now();
  }

  /** In a database that is kept, time does not go back; and what was written before is told from what is written now. */
  notBefore(stored: readonly ClusterState[]): void {
    if (this.#fixed !== undefined) {
      this.#fixed = Math.max(this.#fixed, ...stored.map(({ at }) => at + 1));
    }
  }
}
