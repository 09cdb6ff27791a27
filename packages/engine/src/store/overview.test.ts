import { databases } from './__testUtils__/databases';
import { shop } from './__testUtils__/shop';
import { TopologyReads } from './topologyReads';
import { TopologyStore } from './topologyStore';

jest.setTimeout(60_000);

describe.each(databases.eachSupportedId())('overview on %s', id => {
  let reads: TopologyReads;
  beforeAll(async () => {
    const store = await TopologyStore.create({
      knex: await databases.init(id),
    });
    await store.write(shop().made.delta());
    reads = store.reads;
  });

  const SHOP = {
    cluster: 'demo',
    namespace: 'shop',
    // Containers and old ReplicaSets do not count.
    levels: { down: 1, degraded: 1, missing: 2, ok: 8 },
    pods: 3,
  };
  const NONE = {
    cluster: 'demo',
    namespace: '',
    levels: { ok: 3 },
    pods: 0,
  };

  it('counts every place, the one with the most that is wrong first', async () => {
    expect(await reads.overview()).toEqual({ places: [SHOP, NONE], more: 0 });
  });

  it('cuts at the limit and says so', async () => {
    expect(await reads.overview({ limit: 1 })).toEqual({
      places: [SHOP],
      more: 1,
    });
  });

  it('counts only what the asker may see, and only in the clusters asked for', async () => {
    expect(
      await reads.overview({ filter: { key: 'kind', values: ['Pod'] } }),
    ).toEqual({
      places: [{ ...SHOP, levels: { down: 1, ok: 2 } }],
      more: 0,
    });
    expect(await reads.overview({ clusters: ['other'] })).toEqual({
      places: [],
      more: 0,
    });
  });
});
