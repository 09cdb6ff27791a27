import {
  allAddresses,
  IpFamily,
  IpRange,
  parseAddress,
  rangeIncludes,
} from './ipRange';
import { IpBlock } from './networkPolicy';

export function blockIncludes(block: IpBlock, range: IpRange): boolean {
  return (
    rangeIncludes(block.cidr, range) &&
    !block.except.some(except => rangeIncludes(except, range))
  );
}

/**
 * All addresses, cut wherever one of the blocks begins or ends: a block has either all or none of a cell. IPv6 is
 * left out where nobody speaks of it.
 */
export class AddressCells {
  readonly cells: readonly IpRange[];
  readonly #byFamily: ReadonlyMap<IpFamily, { at: number; firsts: bigint[] }>;

  static create(
    blocks: readonly IpBlock[],
    families: readonly IpFamily[],
  ): AddressCells {
    return new AddressCells(
      families.map(family => ({ family, ranges: cellsOf(blocks, family) })),
    );
  }

  private constructor(
    families: readonly { family: IpFamily; ranges: IpRange[] }[],
  ) {
    const byFamily = new Map<IpFamily, { at: number; firsts: bigint[] }>();
    const cells: IpRange[] = [];
    for (const { family, ranges } of families) {
      const firsts = ranges.map(({ first }) => first);
      byFamily.set(family, { at: cells.length, firsts });
      cells.push(...ranges);
    }
    this.cells = cells;
    this.#byFamily = byFamily;
  }

  /** The index of the cell that an address is in. */
  cellOf(address: string): number | undefined {
    const parsed = parseAddress(address);
    return parsed && this.#indexOf(parsed.family, parsed.value);
  }

  /** The indexes of the cells that a range touches. */
  cellsOf({ family, first, last }: IpRange): number[] {
    const from = this.#indexOf(family, first);
    const to = this.#indexOf(family, last);
    return from === undefined || to === undefined
      ? []
      : Array.from({ length: to - from + 1 }, (_, index) => from + index);
  }

  #indexOf(family: IpFamily, value: bigint): number | undefined {
    const side = this.#byFamily.get(family);
    if (!side) {
      return undefined;
    }
    let low = 0;
    let high = side.firsts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (side.firsts[middle] <= value) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return side.at + low;
  }
}

function cellsOf(blocks: readonly IpBlock[], family: IpFamily): IpRange[] {
  const { first, last } = allAddresses(family);
  const starts = new Set([first]);
  for (const { cidr, except } of blocks) {
    for (const range of [cidr, ...except]) {
      if (range.family === family) {
        starts.add(range.first);
        if (range.last < last) {
          starts.add(range.last + 1n);
        }
      }
    }
  }
  const ordered = [...starts].sort((a, b) => {
    if (a === b) {
      return 0;
    }
    return a < b ? -1 : 1;
  });
  return ordered.map((start, index) => ({
    family,
    first: start,
    last: index + 1 < ordered.length ? ordered[index + 1] - 1n : last,
  }));
}
