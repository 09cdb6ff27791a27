import { ClusterSimulator } from '@kubernetes-topology/cluster-simulator';
import {
  ClusterGraph,
  EVENT,
  EventRow,
  GraphDelta,
  KIND_DEFINITIONS,
  KindCatalog,
  KindDefinition,
  kindText,
  KubernetesObject,
  loadShippedRules,
  NodeId,
  NodeKey,
  parseDump,
} from '@kubernetes-topology/engine';
import { ApiClient } from '../../packages/engine/src/cluster/apiClient';
import { discoverKinds } from '../../packages/engine/src/cluster/discovery';
import { followedKinds } from '../../packages/engine/src/cluster/followedKinds';
import { CLUSTER } from './messages';
import {
  addEvent,
  edgeName,
  emptyPicture,
  Picture,
  sortedJson,
} from './picture';

/** What a cluster serves and holds at one resource version. */
export interface ClusterContent {
  catalog: KindCatalog;
  objects: ReadonlyMap<KindDefinition, readonly KubernetesObject[]>;
  /** Well-known kinds that it does not serve. */
  absent: readonly KindDefinition[];
}

export async function contentOf(
  simulator: ClusterSimulator,
): Promise<ClusterContent> {
  const catalog = KindCatalog.create({ rules: await loadShippedRules() });
  const client = new ApiClient({ url: simulator.url }, async () => ({}));
  const discovery = await discoverKinds(client, new AbortController().signal);
  client.close();
  const { read, absent } = followedKinds(discovery, catalog, KIND_DEFINITIONS);
  const objects = read.map(kind => {
    const { id, version } = kind;
    const apiVersion = id.group ? `${id.group}/${version}` : version;
    const items = simulator
      .list(kindText(id))
      .map(object => ({ ...object, kind: id.kind, apiVersion }));
    const dump = Buffer.from(JSON.stringify({ kind: 'List', items }));
    return [kind, parseDump(dump, [kind])] as const;
  });
  return { catalog, absent, objects: new Map(objects) };
}

/**
 * What a database would hold that had never seen anything but these objects, read at this time.
 *
 * @param stored events in the database: those whose Event object has expired stay as long as they explain what is
 * still so, and no longer. They are told and taken back
 */
export function fromScratch(
  { catalog, objects, absent }: ClusterContent,
  now: number,
  stored: Iterable<EventRow>,
): Picture {
  let last = 0;
  const graph = ClusterGraph.create({
    cluster: CLUSTER,
    kinds: KIND_DEFINITIONS.filter(({ plural }) => plural === ''),
    relations: catalog.relations,
    ownerRelation: (owner, owned) => catalog.ownerRelation(owner, owned),
    allocateId: () => ++last as NodeId,
  });
  for (const definition of [...objects.keys(), ...absent]) {
    graph.take({ type: 'discovered', kind: definition.id, definition });
  }
  for (const { id: kind } of absent) {
    graph.take({ type: 'unavailable', kind, why: 'absent', message: '' });
  }
  const told = new Set<string>();
  for (const [kind, items] of objects) {
    const observed = items.map(object =>
      kind.observe(object, { cluster: CLUSTER, now }),
    );
    for (const each of observed) {
      if (each.type === 'event') {
        told.add(`${each.about} ${each.reason} ${each.source}`);
      }
    }
    graph.take({ type: 'listing', kind: kind.id });
    graph.take({ type: 'page', kind: kind.id, observed });
    graph.take({ type: 'listed', kind: kind.id, resourceVersion: '' });
  }
  const expired = [...stored]
    .filter(
      ({ about, reason, source }) => !told.has(`${about} ${reason} ${source}`),
    )
    .map((row, nth) => ({
      ...row,
      type: 'event' as const,
      key: `${CLUSTER}/Event//expired-${nth}` as NodeKey,
    }));
  graph.take({
    type: 'changed',
    kind: EVENT,
    changes: [
      ...expired.map(observed => ({ type: 'upsert' as const, observed })),
      ...expired.map(({ key }) => ({ type: 'remove' as const, key })),
    ],
  });
  return pictureOf(graph.delta(now));
}

function pictureOf(delta: GraphDelta): Picture {
  const picture = emptyPicture();
  const keys = new Map<NodeId, NodeKey>();
  for (const { id, verdict, kind, hash: _, isNew: __, ...row } of delta.nodes) {
    keys.set(id, row.key);
    picture.nodes.set(row.key, sortedJson({ ...row, kind: kindText(kind) }));
    picture.verdicts.set(row.key, sortedJson(verdict));
  }
  for (const { source, relation, target, required, details } of delta.edges) {
    picture.edges.set(
      edgeName({
        source: keys.get(source)!,
        relation,
        target: keys.get(target)!,
      }),
      sortedJson({ required, details }),
    );
  }
  delta.events.forEach(row => addEvent(picture, row));
  for (const state of delta.kindStates) {
    const count = state.state === 'listed' ? state.objects : 0;
    picture.kinds.set(kindText(state.kind), `${state.state} ${count}`);
  }
  return picture;
}
