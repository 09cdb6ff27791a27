import { ClusterSimulator } from '@kubernetes-topology/cluster-simulator';
import { TopologyEngine } from '../../engine';
import { kindText } from '../../kinds/identity';
import { KindCatalog, KindCatalogData } from '../../kinds/kindCatalog';
import { loadShippedRules } from '../../kinds/rules/loadRules';
import { openSqlite } from '../../store/openSqlite';
import { ApiClient } from '../apiClient';
import { discoverKinds } from '../discovery';
import { parseDump } from '../dump';
import { eventually } from './eventually';
import { silentLogger } from './quickTuning';
import { StoredState, storedState } from './storedState';

/** What a database would hold that had never seen anything but the objects as they are now. */
export async function builtFromScratch(
  simulator: ClusterSimulator,
): Promise<StoredState> {
  const data: KindCatalogData = { rules: await loadShippedRules() };
  const catalog = KindCatalog.create(data);
  const client = new ApiClient({ url: simulator.url }, async () => ({}));
  const { signal } = new AbortController();
  const { served } = await discoverKinds(client, signal);
  client.close();
  const kinds = served.flatMap(kind => catalog.definitionFor(kind) ?? []);
  const items = kinds.flatMap(({ id, version }) => {
    const apiVersion = id.group ? `${id.group}/${version}` : version;
    return simulator
      .list(kindText(id))
      .map(object => ({ ...object, kind: id.kind, apiVersion }));
  });
  const objects = parseDump(
    Buffer.from(JSON.stringify({ kind: 'List', items })),
    kinds,
  );
  const holds = kinds.map(({ id }) => kindText(id));
  const knex = openSqlite(':memory:');
  const engine = await TopologyEngine.create({
    knex,
    catalog: data,
    clusters: [{ name: 'demo', objects, holds }],
    logger: silentLogger,
  });
  engine.start();
  await eventually(async () =>
    expect(await engine.clusters()).toMatchObject([{ state: 'ready' }]),
  );
  await engine.stop();
  const state = await storedState(knex, 'demo');
  await knex.destroy();
  return state;
}
