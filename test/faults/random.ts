/** Chance that can be played again: the same seed, the same choices (mulberry32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 up to, not including, 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number, both ends included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.between(0, choices.length - 1)];
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** By their weights. */
  weighted<T extends string>(weights: Readonly<Record<T, number>>): T {
    const names = Object.keys(weights) as T[];
    let left =
      this.next() * names.reduce((sum, name) => sum + weights[name], 0);
    return (
      names.find(name => {
        left -= weights[name];
        return left < 0;
      }) ?? names[names.length - 1]
    );
  }
}

/** A seed of its own for each storm of a lane, so that storms do not depend on how many choices came before. */
export function seedOf(...parts: readonly (number | string)[]): number {
  let hash = 2166136261;
  for (const character of parts.join('/')) {
    hash = Math.imul(hash ^ character.charCodeAt(0), 16777619);
  }
  return hash >>> 0;
}
