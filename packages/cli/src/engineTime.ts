import { ClusterState, TopologySource } from '@kubernetes-topology/engine';

/** What the engine takes for now: of files the time at which they were true. */
export class EngineTime {
  #fixed: number | undefined;

  /** @param given milliseconds since the epoch; default: the newest time that stands in the files, else the system's */
  static create(_source: TopologySource, given: number | undefined): EngineTime {
    return new EngineTime(given);
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
