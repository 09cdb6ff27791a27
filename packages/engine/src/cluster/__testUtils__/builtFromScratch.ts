import { ClusterSimulator } from '@kubernetes-topology/cluster-simulator';
import { TopologyEngine } from '../../engine';
import { KIND_DEFINITIONS } from '../../kinds';
import { kindText } from '../../kinds/identity';
import { openSqlite } from '../../store/openSqlite';
import { parseDump } from '../dump';
import { eventually } from './eventually';
import { silentLogger } from './quickTuning';
import { StoredState, storedState } from './storedState';

/** What a database would hold that had never seen anything but the objects as they are now. */
export async function builtFromScratch(
  simulator: ClusterSimulator,
): Promise<StoredState> {
  const knex = openSqlite(':memory:');
  const items = KIND_DEFINITIONS.flatMap(({ id, version }) => {
    const apiVersion = id.group ? `${id.group}/${version}` : version;
    return simulator
      .list(kindText(id))
      .map(object => ({ ...object, kind: id.kind, apiVersion }));
  });
  const objects = parseDump(
    Buffer.from(JSON.stringify({ kind: 'List', items })),
    KIND_DEFINITIONS,
  );
  const engine = await TopologyEngine.create({
    knex,
    clusters: [{ name: 'demo', objects, isComplete: true }],
    logger: silentLogger,
  });
  engine.start();
  await eventually(async () => {
    const [cluster] = await engine.clusters();
    expect(cluster).toMatchObject({ state: 'ready' });
    expect(cluster.kinds).toHaveLength(KIND_DEFINITIONS.length);
  });
  await engine.stop();
  const state = await storedState(knex, 'demo');
  await knex.destroy();
  return state;
}
