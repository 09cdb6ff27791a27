import { ClusterSimulator } from '@kubernetes-topology/cluster-simulator';
import {
  ClusterGraph,
  EVENT,
  EventRow,
  GraphDelta,
  KIND_DEFINITIONS,
  kindText,
  KubernetesObject,
  NodeId,
  NodeKey,
  parseDump,
  RELATIONS,
} from '@kubernetes-topology/engine';
import { CLUSTER } from './messages';
import {
  addEvent,
  edgeName,
  emptyPicture,
  Picture,
  sortedJson,
} from './picture';

/** The objects of a cluster as they are at one resource version, in kinds. */
export type Objects = ReadonlyMap<
  (typeof KIND_DEFINITIONS)[number],
  readonly KubernetesObject[]
>;

export function objectsOf(simulator: ClusterSimulator): Objects {
  return new Map(
    KIND_DEFINITIONS.filter(({ plural }) => plural !== '').map(kind => {
      const { id, version } = kind;
      const apiVersion = id.group ? `${id.group}/${version}` : version;
      const items = simulator
        .list(kindText(id))
        .map(object => ({ ...object, kind: id.kind, apiVersion }));
      const dump = Buffer.from(JSON.stringify({ kind: 'List', items }));
      return [kind, parseDump(dump, KIND_DEFINITIONS)];
    }),
  );
}

/**
 * What a database would hold that had never seen anything but these objects, read at this time.
 *
 * @param stored events in the database: those whose Event object has expired stay as long as they explain what is
 * still so, and no longer. They are told and taken back
 */
export function fromScratch(
  objects: Objects,
  now: number,
  stored: Iterable<EventRow>,
): Picture {
  let last = 0;
  const graph = ClusterGraph.create({
    cluster: CLUSTER,
    kinds: KIND_DEFINITIONS,
    relations: RELATIONS,
    allocateId: () => ++last as NodeId,
  });
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
    if (state.state === 'listed') {
      picture.kinds.set(kindText(state.kind), `listed ${state.objects}`);
    }
  }
  return picture;
}
