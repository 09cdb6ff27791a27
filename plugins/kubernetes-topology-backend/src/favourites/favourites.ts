import {
  DatabaseService,
  isDatabaseConflictError,
  resolvePackagePath,
} from '@backstage/backend-plugin-api';
import {
  ConflictError,
  NotAllowedError,
  NotFoundError,
} from '@backstage/errors';
import {
  Favourite,
  FavouriteRequest,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { Knex } from 'knex';
import { randomUUID } from 'node:crypto';
import { SKYDIVE_FAVOURITES } from './skydiveFavourites';

/** Of one owner. Shared ones of all owners are listed up to ten times as many. */
const MOST_OWN = 200;
const MOST_SHARED = 2000;

interface FavouriteRow {
  id: string;
  owner: string;
  name: string;
  query: string;
  use: Favourite['use'];
  shared: boolean | number;
  updated_at: number | string;
}

export interface FavouritesOptions {
  database: DatabaseService;
  now?: () => number;
  newId?: () => string;
}

/** Saved queries in the plugin's database, and those that come with the plugin. */
export class Favourites {
  readonly #knex: Knex;
  readonly #now: () => number;
  readonly #newId: () => string;

  private constructor(knex: Knex, options: FavouritesOptions) {
    this.#knex = knex;
    this.#now = options.now ?? Date.now;
    this.#newId = options.newId ?? randomUUID;
  }

  static async create(options: FavouritesOptions): Promise<Favourites> {
    const knex = await options.database.getClient();
    if (!options.database.migrations?.skip) {
      await knex.migrate.latest({
        directory: resolvePackagePath(
          '@kubernetes-topology/plugin-kubernetes-topology-backend',
          'migrations',
        ),
      });
    }
    return new Favourites(knex, options);
  }

  /** The built-in ones, then by name what is the user's own or shared. */
  async list(user: string): Promise<Favourite[]> {
    const [own, shared] = await Promise.all([
      this.#rows().where({ owner: user }),
      this.#rows()
        .where({ shared: true })
        .whereNot({ owner: user })
        .orderBy(['name', 'owner'])
        .limit(MOST_SHARED),
    ]);
    return [
      ...SKYDIVE_FAVOURITES,
      ...[...own, ...shared].map(row => favourite(row, user)).sort(byName),
    ];
  }

  /** @throws ConflictError when the user has one of that name, or too many */
  async add(request: FavouriteRequest, user: string): Promise<Favourite> {
    const [{ count }] = await this.#knex('favourites')
      .where({ owner: user })
      .count({ count: '*' });
    if (Number(count) >= MOST_OWN) {
      throw new ConflictError(
        `You have ${MOST_OWN} favourites, more are not kept: delete one first`,
      );
    }
    const row = this.#row(this.#newId(), request, user);
    await this.#unlessNamed(request, () =>
      this.#knex('favourites').insert(row),
    );
    return favourite(row, user);
  }

  /** @throws NotFoundError, NotAllowedError when it is another's, ConflictError when the name is taken */
  async change(
    id: string,
    request: FavouriteRequest,
    user: string,
  ): Promise<Favourite> {
    await this.#own(id, user);
    const row = this.#row(id, request, user);
    await this.#unlessNamed(request, () =>
      this.#rows().where({ id, owner: user }).update(row),
    );
    return favourite(row, user);
  }

  /** @throws NotFoundError, NotAllowedError when it is another's */
  async remove(id: string, user: string): Promise<void> {
    await this.#own(id, user);
    await this.#rows().where({ id, owner: user }).delete();
  }

  async #own(id: string, user: string): Promise<void> {
    const row = await this.#rows().where({ id }).first();
    const isShown = row && (row.owner === user || Boolean(Number(row.shared)));
    if (!isShown && !SKYDIVE_FAVOURITES.some(each => each.id === id)) {
      throw new NotFoundError(`There is no favourite ${id} that you may see`);
    }
    if (row?.owner !== user) {
      throw new NotAllowedError(
        row
          ? `The favourite belongs to ${row.owner}: save it under your own name to change it`
          : 'The favourite comes with the plugin: save it under your own name to change it',
      );
    }
  }

  #rows() {
    return this.#knex<FavouriteRow>('favourites');
  }

  #row(id: string, request: FavouriteRequest, owner: string): FavouriteRow {
    const { name, query, use = 'filter', shared = false } = request;
    return {
      id,
      owner,
      name: name.trim(),
      query,
      use,
      shared,
      updated_at: this.#now(),
    };
  }

  async #unlessNamed(
    { name, use = 'filter' }: FavouriteRequest,
    write: () => PromiseLike<unknown>,
  ): Promise<void> {
    try {
      await write();
    } catch (error) {
      if (isDatabaseConflictError(error)) {
        throw new ConflictError(
          `You have a ${use} of the name ${JSON.stringify(
            name.trim(),
          )} already`,
        );
      }
      throw error;
    }
  }
}

function favourite(row: FavouriteRow, user: string): Favourite {
  const { id, name, query, use, owner } = row;
  return {
    id,
    name,
    query,
    use,
    shared: Boolean(Number(row.shared)),
    builtIn: false,
    mine: owner === user,
    owner,
    updatedAt: Number(row.updated_at),
  };
}

function byName(one: Favourite, other: Favourite): number {
  return (
    one.name.localeCompare(other.name, 'en') || (one.id < other.id ? -1 : 1)
  );
}
