import { Knex } from 'knex';
import { databases } from './__testUtils__/databases';
import { LeaseLostError } from './clusterLease';
import { Leases } from './leases';
import { TopologyStore } from './topologyStore';

jest.setTimeout(60_000);

const LEASE_FOR = 60_000;

describe.each(databases.eachSupportedId())('Leases, %s', database => {
  let knex: Knex;
  let store: TopologyStore;
  let leases: Leases;

  beforeEach(async () => {
    knex = await databases.init(database);
    store = await TopologyStore.create({ knex });
    leases = new Leases(knex, LEASE_FOR);
  });

  const announce = (id: string, clusters: string[]) =>
    leases.heartbeat({ id, clusters });

  async function leaseOf(cluster: string) {
    const table = await leases.read();
    return table.leases.find(each => each.cluster === cluster)!;
  }

  async function take(id: string, cluster: string) {
    return leases.take(id, await leaseOf(cluster));
  }

  /** As if so much time had passed since. */
  async function age(table: string, milliseconds: number) {
    await knex(table).update({
      expires_at: knex.raw('expires_at - ?', [milliseconds]),
    });
  }

  it('knows who lives, what they want and what is free', async () => {
    await announce('r', ['a', 'b']);
    expect(await announce('s', ['b'])).toEqual({
      replicas: [
        { id: 'r', clusters: ['a', 'b'] },
        { id: 's', clusters: ['b'] },
      ],
      leases: ['a', 'b'].map(cluster => ({
        cluster,
        fencing: expect.any(Number),
        holder: undefined,
        isExpired: true,
        unwantedFor: undefined,
      })),
    });
  });

  it('gives a lease to one of those who want it, by an ever greater number', async () => {
    await announce('r', ['a']);
    const free = await leaseOf('a');
    const taken = await Promise.all(
      ['r', 's', 't'].map(id => leases.take(id, free)),
    );
    const [first, ...others] = taken.filter(lease => lease !== undefined);
    expect(others).toEqual([]);
    expect(first!.fencing).toBeGreaterThan(free.fencing);
    await leases.release(first!);
    const second = await take('s', 'a');
    expect(second!.fencing).toBeGreaterThan(first!.fencing);
  });

  it('is kept while it is renewed, and taken when it is not', async () => {
    await announce('r', ['a']);
    const lease = await take('r', 'a');
    await age('cluster_leases', LEASE_FOR - 5_000);
    expect(await take('s', 'a')).toBeUndefined();
    await announce('r', ['a']);
    await age('cluster_leases', LEASE_FOR - 5_000);
    expect(await take('s', 'a')).toBeUndefined();
    await age('cluster_leases', 6_000);
    expect(await leaseOf('a')).toMatchObject({ holder: 'r', isExpired: true });
    expect((await take('s', 'a'))!.fencing).toBeGreaterThan(lease!.fencing);
  });

  it('counts a replica as dead when it is silent', async () => {
    await announce('r', ['a']);
    await announce('s', ['a']);
    await knex('replicas').where({ id: 'r' }).update({ expires_at: 1 });
    expect((await announce('s', ['a'])).replicas).toEqual([
      { id: 's', clusters: ['a'] },
    ]);
    // And it is forgotten for good, or the table would grow by each process.
    expect(await knex('replicas').select('id')).toEqual([{ id: 's' }]);
  });

  it('takes a time far ahead for one before the clock was set back', async () => {
    await announce('r', ['a']);
    await take('r', 'a');
    await age('cluster_leases', -365 * 86_400_000);
    await age('replicas', -365 * 86_400_000);
    expect((await leases.read()).replicas).toEqual([]);
    expect(await take('s', 'a')).toBeDefined();
  });

  it('hands over at once who leaves', async () => {
    await announce('r', ['a', 'b']);
    await take('r', 'a');
    await take('r', 'b');
    await leases.leave('r');
    expect((await leases.read()).replicas).toEqual([]);
    expect(await take('s', 'a')).toBeDefined();
    expect(await take('s', 'b')).toBeDefined();
  });

  it('remembers how long nobody has wanted a cluster', async () => {
    await announce('r', ['a', 'b']);
    await announce('r', ['b']);
    await new Promise(done => setTimeout(done, 30));
    const { leases: rows } = await announce('r', ['b']);
    expect(rows.map(({ cluster }) => cluster)).toEqual(['a', 'b']);
    expect(rows[0].unwantedFor).toBeGreaterThanOrEqual(30);
    expect(rows[0].unwantedFor).toBeLessThan(30_000);
    expect(rows[1].unwantedFor).toBeUndefined();
    await announce('s', ['a']);
    expect((await leaseOf('a')).unwantedFor).toBeUndefined();
  });

  it('lets nobody write a cluster whose lease was lost, and leaves nothing of the attempt', async () => {
    await announce('r', ['demo']);
    const lease = (await take('r', 'demo'))!;
    const state = { state: 'ready' as const, message: 'mine' };
    const revision = await store.setClusterState('demo', state, 1, lease);
    await age('cluster_leases', LEASE_FOR);
    // Expired, and still nobody else's.
    expect(await store.setClusterState('demo', state, 2, lease)).toBe(
      revision + 1,
    );
    await take('s', 'demo');
    const late = { state: 'failing' as const, message: 'not mine' };
    await expect(store.setClusterState('demo', late, 3, lease)).rejects.toThrow(
      LeaseLostError,
    );
    await expect(store.removeCluster('demo', 4, lease)).rejects.toThrow(
      LeaseLostError,
    );
    expect(await store.reads.clusters()).toMatchObject([
      { name: 'demo', message: 'mine' },
    ]);
    expect(await store.reads.revision()).toBe(revision + 1);
  });

  it('goes with its cluster, and is a new one when that comes back', async () => {
    await announce('r', ['demo']);
    const lease = (await take('r', 'demo'))!;
    await store.removeCluster('demo', 1, lease);
    expect(await leaseOf('demo')).toBeUndefined();
    const { leases: rows } = await announce('r', ['demo']);
    expect(rows[0].fencing).toBeGreaterThan(lease.fencing);
  });
});
