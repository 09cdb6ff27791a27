/**
 * What is known of whether an API server streams lists (`sendInitialEvents`, KEP-3157). The server is asked until one
 * stream has come to its end, or one has failed: from then on that is how it is, but for single kinds, whose server may be
 * another one (aggregated APIs).
 */
export class StreamingSupport {
  #server: 'untried' | 'offered' | 'refused';

  constructor(isWanted: boolean) {
    this.#server = isWanted ? 'untried' : 'refused';
  }

  get isWorthATry(): boolean {
    return this.#server !== 'refused';
  }

  succeeded(): void {
    this.#server = 'offered';
  }

  failed(): void {
    if (this.#server === 'untried') {
      this.#server = 'refused';
    }
  }
}
