import { Knex } from 'knex';
import { NodeId } from '../graph/delta';
import { selectRows } from './sqlDialect';

const BLOCK = 4096;

/** Numbers from `next` up to, not including, `end`. */
export interface IdBlock {
  next: number;
  end: number;
}

/** More ids were asked for than were reserved. */
export class NodeIdsExhaustedError extends Error {
  constructor() {
    super(
      'No node id is reserved: await reserve(newNodesAtMost(update)) first',
    );
    this.name = 'NodeIdsExhaustedError';
  }
}

/** Node ids are 32-bit integers in every table, and are never given out twice. */
const LARGEST_NODE_ID = 2_147_483_647;

/** Two billion nodes were seen by this database. */
export class NodeIdsUsedUpError extends Error {
  constructor() {
    super(
      'All 2,147,483,647 node ids of this database are used up: start with an empty database, the clusters are read into it anew',
    );
    this.name = 'NodeIdsUsedUpError';
  }
}

/**
 * Node ids from blocks that the database hands out, so that several processes can write. `allocate` is synchronous,
 * as the graph is; what a restart leaves of a block is lost.
 */
export class NodeIds {
  readonly #take: (size: number) => Promise<IdBlock>;
  readonly #blocks: IdBlock[] = [];

  /** @param take gets a block of so many ids from the database */
  constructor(take: (size: number) => Promise<IdBlock>) {
    this.#take = take;
  }

  /** Makes sure that so many ids can be allocated. */
  async reserve(count: number): Promise<void> {
    const left = this.#blocks.reduce(
      (sum, block) => sum + block.end - block.next,
      0,
    );
    if (left < count) {
      const size = Math.max(BLOCK, count - left);
      this.#blocks.push({ ...(await this.#take(size)) });
    }
  }

  /** @throws NodeIdsExhaustedError */
  readonly allocate = (): NodeId => {
    const [block] = this.#blocks;
    if (!block) {
      throw new NodeIdsExhaustedError();
    }
    const id = block.next++;
    if (block.next === block.end) {
      this.#blocks.shift();
    }
    return id as NodeId;
  };
}

/**
 * A block of node ids that nobody else gets.
 *
 * @throws NodeIdsUsedUpError
 */
export async function takeNodeIds(knex: Knex, size: number): Promise<IdBlock> {
  const end = await takeFromBlock(knex, 'node', size);
  if (end - 1 > LARGEST_NODE_ID) {
    throw new NodeIdsUsedUpError();
  }
  return { next: end - size, end };
}

/** Moves a counter on and returns where it stands: the numbers below, down to `size` of them, are the caller's. */
export async function takeFromBlock(
  knex: Knex,
  name: 'node' | 'revision' | 'fencing',
  size: number,
): Promise<number> {
  const [row] = await selectRows<{ next: number | string }>(
    knex,
    `INSERT INTO id_blocks (name, next) VALUES (?, ?)
     ON CONFLICT (name) DO UPDATE SET next = id_blocks.next + ?
     RETURNING next`,
    [name, 1 + size, size],
  );
  return Number(row.next);
}
