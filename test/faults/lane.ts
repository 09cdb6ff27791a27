import { Knex } from 'knex';
import { Arena, sleep } from './arena';
import { makeChange } from './change';
import { ClusterContent, contentOf, fromScratch } from './fromScratch';
import { differences, emptyPicture, Picture } from './picture';
import { Random, seedOf } from './random';
import { planStorm, Storm } from './storm';
import { brokenHistory, storedPicture } from './stored';
import { throwFault } from './throwFault';

/** How long an engine may take to be in step with a landscape that is at rest, in milliseconds. */
const EQUAL_WITHIN = 60_000;
/** Storms between backups: the API server comes back with a state that is so much older, at most. */
const BACKUP_EVERY = 3;

/** It reads the whole cluster anew, in a worker of its own. */
const VERIFY_EVERY = 15;

export interface StormResult {
  lane: string;
  nth: number;
  storm: Storm;
  /** Milliseconds from the end of all faults until the database was right. */
  took: number;
  /** Empty when it was. */
  differences: string[];
  objects: number;
  /** Nodes whose verdict only time decides. */
  undecided: number;
  logs: readonly string[];
}

type Comparison = Pick<
  StormResult,
  'took' | 'differences' | 'objects' | 'undecided'
>;

async function revision(knex: Knex): Promise<string> {
  const rows = await knex('revisions')
    .max({ last: 'id' })
    .catch(() => []);
  return String(rows[0]?.last);
}

/** A database that cannot be read is not right yet. */
async function readStored(
  knex: Knex,
): Promise<{ stored: Picture; broken: string[] }> {
  try {
    return await storedPicture(knex);
  } catch (error) {
    return {
      stored: emptyPicture(),
      broken: [`the database cannot be read: ${error}`],
    };
  }
}

/** Storm after storm in one arena. */
export class Lane {
  readonly name: string;
  readonly #kind: 'sqlite' | 'postgres';
  readonly #seed: number;
  readonly #arena: Arena;

  static async start(
    name: string,
    kind: 'sqlite' | 'postgres',
    seed: number,
  ): Promise<Lane> {
    const random = new Random(seedOf(seed, name));
    const arena = await Arena.start(kind, () => random.next());
    return new Lane(name, kind, seed, arena);
  }

  private constructor(
    name: string,
    kind: 'sqlite' | 'postgres',
    seed: number,
    arena: Arena,
  ) {
    this.name = name;
    this.#kind = kind;
    this.#seed = seed;
    this.#arena = arena;
  }

  /** Plays the storm, lets the landscape settle, and compares. */
  async blow(nth: number): Promise<StormResult> {
    const storm = planStorm(this.#seed, this.name, nth, this.#kind);
    if (nth % BACKUP_EVERY === 0) {
      this.#arena.backUp();
    }
    const begun = Date.now();
    for (const step of storm.steps) {
      await sleep(begun + step.at - Date.now());
      if ('change' in step) {
        makeChange(this.#arena.simulator, step);
      } else {
        throwFault(this.#arena, step);
      }
    }
    await this.#arena.repair();
    await sleep(storm.settling);
    this.#arena.simulator.freeze();
    const comparison = await this.#untilEqual();
    if (comparison.differences.length === 0) {
      comparison.differences.push(...(await this.#lookDeeper(nth, begun)));
    }
    this.#arena.simulator.thaw();
    const { logs } = this.#arena;
    return { lane: this.name, nth, storm, logs, ...comparison };
  }

  async stop(): Promise<void> {
    await this.#arena.stop();
  }

  /** What the graph of now does not tell: the past, and now and then what operators would be told. */
  async #lookDeeper(nth: number, begun: number): Promise<string[]> {
    const { knex } = this.#arena;
    const broken = await brokenHistory(knex, begun);
    const verified =
      nth % VERIFY_EVERY === VERIFY_EVERY - 1 ? await this.#arena.verify() : [];
    return [...broken, ...verified];
  }

  async #untilEqual(): Promise<Comparison> {
    const { simulator, knex } = this.#arena;
    const begun = Date.now();
    const content = await contentOf(simulator);
    let seen = '';
    for (;;) {
      // Killed within a batch, of which the first may have come after the storm.
      await this.#arena.revive();
      const took = Date.now() - begun;
      const isLate = took > EQUAL_WITHIN;
      // Looking is work, and the engine has to get its turn: only when something was written, and now and then.
      const state = `${await revision(knex)} ${Math.floor(took / 2000)}`;
      if (state !== seen || isLate) {
        seen = state;
        const found = await this.#compare(content);
        if (found.differences.length === 0 || isLate) {
          return { took, ...found };
        }
      }
      await sleep(20);
    }
  }

  async #compare(content: ClusterContent): Promise<Omit<Comparison, 'took'>> {
    const { knex, skew } = this.#arena;
    const { stored, broken } = await readStored(knex);
    const now = Date.now();
    const at = (time: number) =>
      fromScratch(content, time, stored.eventRows.values());
    const earliest = at(now + skew.least);
    const latest = skew.least === skew.most ? earliest : at(now + skew.most);
    return {
      differences: [...broken, ...differences(stored, { earliest, latest })],
      objects: earliest.nodes.size,
      undecided: [...earliest.verdicts].filter(
        ([key, verdict]) => latest.verdicts.get(key) !== verdict,
      ).length,
    };
  }
}
