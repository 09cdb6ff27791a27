import { ClusterGraph } from '../../graph/clusterGraph';
import { GraphDelta, NodeId } from '../../graph/delta';
import { KIND_DEFINITIONS, RELATIONS } from '../../kinds';
import { readItems } from '../../kinds/__testUtils__/capturedStates';
import { KindId, kindText } from '../../kinds/identity';
import { KubernetesObject } from '../../kinds/kindDefinition';

/** What kinds and graph would write for a captured state that is looked at `now`; file as `stateFiles` names them. */
export function writtenState(file: string, now: number): GraphDelta[] {
  const objects = readItems(file);
  let nextId = 1;
  const graph = ClusterGraph.create({
    cluster: 'lab',
    kinds: KIND_DEFINITIONS,
    relations: RELATIONS,
    allocateId: () => nextId++ as NodeId,
  });
  return KIND_DEFINITIONS.flatMap(definition => {
    const { id: kind } = definition;
    const observed = objects
      .filter(object => kindText(kindOf(object)) === kindText(kind))
      .map(object => definition.observe(object, { cluster: 'lab', now }));
    if (observed.length === 0) {
      // It may not have been captured at all: nothing of it is proven missing.
      const message = 'The state holds none.';
      return [
        graph.apply({ type: 'unavailable', kind, why: 'absent', message }, now),
      ];
    }
    return [
      graph.apply({ type: 'listing', kind }, now),
      graph.apply({ type: 'page', kind, observed }, now),
      graph.apply({ type: 'listed', kind, resourceVersion: '1' }, now),
    ];
  });
}

function kindOf({ apiVersion, kind }: KubernetesObject): KindId {
  const slash = String(apiVersion).indexOf('/');
  return { group: String(apiVersion).slice(0, Math.max(slash, 0)), kind };
}
