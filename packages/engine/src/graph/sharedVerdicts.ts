import { Verdict } from '../kinds/status';

const MOST = 10_000;

/** Most objects are well for the same reason: they share one verdict. */
export class SharedVerdicts {
  readonly #known = new Map<number, Verdict>();

  shared(verdict: Verdict, print: number): Verdict {
    if (verdict.evidence.length > 0 || verdict.sequel) {
      return verdict;
    }
    const known = this.#known.get(print);
    if (known) {
      return known;
    }
    if (this.#known.size < MOST) {
      this.#known.set(print, verdict);
    }
    return verdict;
  }
}
