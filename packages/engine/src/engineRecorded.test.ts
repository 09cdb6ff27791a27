import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { dumpUpdates, parseDump } from './cluster/dump';
import { systemClock } from './cluster/clock';
import { eventually } from './cluster/__testUtils__/eventually';
import { silentLogger } from './cluster/__testUtils__/quickTuning';
import { StoredState, storedState } from './cluster/__testUtils__/storedState';
import { ClusterEngine } from './engineCluster';
import { defaultWriteTuning } from './engineWriter';
import { KIND_DEFINITIONS } from './kinds';
import { KindDefinition, KubernetesObject } from './kinds/kindDefinition';
import { nodeKey } from './kinds/identity';
import { KindUpdate } from './kinds/update';
import { openSqlite } from './store/openSqlite';
import { Leases } from './store/leases';
import { TopologyStore } from './store/topologyStore';

const folder = resolve(__dirname, '../../../test/fixtures/clusters');
const recordings = readdirSync(folder).filter(file =>
  file.endsWith('.watch.ndjson'),
);
const cluster = 'lab';

interface Recorded {
  kind: KindDefinition;
  type: 'LIST' | 'ADDED' | 'MODIFIED' | 'DELETED';
  objects: KubernetesObject[];
}

/** What the API server sent of the registered kinds, in order, with the values of Secrets taken out. */
function read(file: string): Recorded[] {
  const lines = readFileSync(resolve(folder, file), 'utf8').trim().split('\n');
  const kindOfResource = new Map<string, string>();
  return lines.flatMap((line): Recorded[] => {
    const { gv, r, kind: name, type, items, ev } = JSON.parse(line);
    if (name) {
      kindOfResource.set(`${gv}/${r}`, name);
    }
    const kindName = kindOfResource.get(`${gv}/${r}`);
    const group = gv.includes('/') ? gv.split('/')[0] : '';
    const kind = KIND_DEFINITIONS.find(
      ({ id }) => id.kind === kindName && id.group === group,
    );
    if (!kind || ev?.type === 'BOOKMARK') {
      return [];
    }
    const objects = parseDump(
      Buffer.from(
        JSON.stringify({
          items: (items ?? [ev.object]).map((item: KubernetesObject) => ({
            ...item,
            apiVersion: gv,
            kind: kindName,
          })),
        }),
      ),
      KIND_DEFINITIONS,
    );
    return [{ kind, type: type ?? ev.type, objects }];
  });
}

function latestTime(recorded: readonly Recorded[]): number {
  const times =
    JSON.stringify(recorded.map(({ objects }) => objects)).match(
      /\d{4}-\d\d-\d\dT[\d:.]+Z/g,
    ) ?? [];
  return Math.max(...times.map(time => Date.parse(time)));
}

/** As the reflectors would tell it. */
function updatesOf(recorded: readonly Recorded[], now: number): KindUpdate[] {
  const observe = (kind: KindDefinition, object: KubernetesObject) =>
    kind.observe(object, { cluster, now });
  return recorded.flatMap(({ kind, type, objects }): KindUpdate[] => {
    if (type === 'LIST') {
      return [
        { type: 'listing', kind: kind.id },
        {
          type: 'page',
          kind: kind.id,
          observed: objects.map(object => observe(kind, object)),
        },
        { type: 'listed', kind: kind.id, resourceVersion: '1' },
      ];
    }
    const [object] = objects;
    const { namespace = '', name, uid } = object.metadata;
    return [
      {
        type: 'changed',
        kind: kind.id,
        changes: [
          type === 'DELETED'
            ? {
                type: 'remove',
                key: nodeKey({ cluster, kind: kind.id, namespace, name }),
                uid,
              }
            : { type: 'upsert', observed: observe(kind, object) },
        ],
      },
    ];
  });
}

/** Kinds that were not recorded have no objects: until every kind was listed nothing is judged by its neighbours. */
function emptyLists(recorded: readonly Recorded[]): KindUpdate[] {
  const held = new Set(recorded.map(({ kind }) => kind));
  return KIND_DEFINITIONS.filter(kind => !held.has(kind)).flatMap(
    ({ id }): KindUpdate[] => [
      { type: 'listing', kind: id },
      { type: 'listed', kind: id, resourceVersion: '1' },
    ],
  );
}

/** The objects that are there at the end. */
function lastObjects(recorded: readonly Recorded[]): KubernetesObject[] {
  const last = new Map<string, KubernetesObject>();
  for (const { type, objects } of recorded) {
    for (const object of objects) {
      const { kind, apiVersion, metadata } = object;
      const id = [apiVersion, kind, metadata.namespace, metadata.name].join();
      if (type === 'DELETED') {
        last.delete(id);
      } else {
        last.set(id, object);
      }
    }
  }
  return [...last.values()];
}

/** What is stored after these updates. */
async function written(
  updates: readonly KindUpdate[],
  now: number,
): Promise<StoredState> {
  const knex = openSqlite(':memory:');
  const store = await TopologyStore.create({ knex });
  const leases = new Leases(knex, 60_000);
  const table = await leases.heartbeat({ id: 'r', clusters: [cluster] });
  const lease = (await leases.take('r', table.leases[0]))!;
  const taken = { all: false };
  const engine = new ClusterEngine({
    cluster,
    lease,
    onLeaseLost: () => {},
    kinds: KIND_DEFINITIONS,
    store,
    createReader: async ({ sink }) => ({
      async run(signal) {
        for (const update of updates) {
          await sink(update);
        }
        taken.all = true;
        await systemClock.sleep(60_000, signal);
      },
    }),
    onRevision: () => {},
    logger: silentLogger,
    clock: { ...systemClock, now: () => now },
    tuning: defaultWriteTuning,
  });
  engine.start();
  await eventually(() => expect(taken.all).toBe(true), 30_000);
  await engine.stop();
  const state = await storedState(knex, cluster);
  await knex.destroy();
  return state;
}

describe.each(recordings)('%s', file => {
  it('leaves what the objects at its end imply, event by event as at once', async () => {
    const recorded = read(file);
    const now = latestTime(recorded);
    const followed = await written(
      [...emptyLists(recorded), ...updatesOf(recorded, now)],
      now,
    );
    const atOnce = await written(
      dumpUpdates(lastObjects(recorded), KIND_DEFINITIONS, {
        cluster,
        now,
        isComplete: true,
      }),
      now,
    );
    expect(
      recorded.filter(({ type }) => type !== 'LIST').length,
    ).toBeGreaterThan(50);
    expect(followed.nodes).toEqual(atOnce.nodes);
    expect(followed.edges).toEqual(atOnce.edges);
  }, 60_000);
});
