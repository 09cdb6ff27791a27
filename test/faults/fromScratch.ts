import { ClusterSimulator } from '@kubernetes-topology/cluster-simulator';
import {
  ClusterGraph,
  EVENT,
  EventRow,
  GraphDelta,
  KIND_DEFINITIONS,
  kindText,
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

/**
 * What a database would hold that had never seen anything but the objects as they are now, read at this time.
 *
 * @param remembered events whose Event object has expired: they stay as long as they explain what is still so, and no
 * longer; so they are told and taken back
 */
export function fromScratch(
  simulator: ClusterSimulator,
  now: number,
  remembered: readonly EventRow[] = [],
): Picture {
  let last = 0;
  const graph = ClusterGraph.create({
    cluster: CLUSTER,
    kinds: KIND_DEFINITIONS,
    relations: RELATIONS,
    allocateId: () => ++last as NodeId,
  });
  for (const kind of KIND_DEFINITIONS.filter(({ plural }) => plural !== '')) {
    const { id, version } = kind;
    const apiVersion = id.group ? `${id.group}/${version}` : version;
    const items = simulator
      .list(kindText(id))
      .map(object => ({ ...object, kind: id.kind, apiVersion }));
    const observed = parseDump(
      Buffer.from(JSON.stringify({ kind: 'List', items })),
      KIND_DEFINITIONS,
    ).map(object => kind.observe(object, { cluster: CLUSTER, now }));
    graph.take({ type: 'listing', kind: id });
    graph.take({ type: 'page', kind: id, observed });
    graph.take({ type: 'listed', kind: id, resourceVersion: '' });
  }
  const expired = remembered.map((row, nth) => ({
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
