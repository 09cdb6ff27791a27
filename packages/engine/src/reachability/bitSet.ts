/** A set of small whole numbers, as many as it was made for. */
export class BitSet {
  readonly size: number;
  readonly #words: Uint32Array;

  static empty(size: number): BitSet {
    return new BitSet(size, new Uint32Array((size + 31) >>> 5));
  }

  private constructor(size: number, words: Uint32Array) {
    this.size = size;
    this.#words = words;
  }

  add(index: number): void {
    this.#words[index >>> 5] |= 1 << (index & 31);
  }

  has(index: number): boolean {
    return (this.#words[index >>> 5] & (1 << (index & 31))) !== 0;
  }

  copy(): BitSet {
    return new BitSet(this.size, this.#words.slice());
  }

  /** Changes this set, like the next two. */
  or(other: BitSet): this {
    for (let at = 0; at < this.#words.length; at++) {
      this.#words[at] |= other.#words[at];
    }
    return this;
  }

  and(other: BitSet): this {
    for (let at = 0; at < this.#words.length; at++) {
      this.#words[at] &= other.#words[at];
    }
    return this;
  }

  andNot(other: BitSet): this {
    for (let at = 0; at < this.#words.length; at++) {
      this.#words[at] &= ~other.#words[at];
    }
    return this;
  }

  get isEmpty(): boolean {
    return this.#words.every(word => word === 0);
  }

  /** In order. */
  forEach(visit: (index: number) => void): void {
    for (let at = 0; at < this.#words.length; at++) {
      let word = this.#words[at];
      while (word !== 0) {
        const lowest = word & -word;
        visit((at << 5) + 31 - Math.clz32(lowest));
        word ^= lowest;
      }
    }
  }
}
