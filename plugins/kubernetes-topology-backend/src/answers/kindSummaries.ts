import {
  ClusterState,
  kindText,
  kindType,
  NodeFilter,
} from '@kubernetes-topology/engine';
import { KindSummary } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { filterSight } from '../permissions/filterSight';

/**
 * The kinds that the clusters serve, each once, by name. Kinds of which the caller may see nothing are left out, and
 * objects are only counted where they may see all of them.
 */
export function kindSummaries(
  states: readonly ClusterState[],
  filter: NodeFilter | undefined,
): KindSummary[] {
  const found = new Map<string, KindSummary>();
  for (const { name, kinds } of states) {
    for (const state of kinds) {
      const sight = filterSight(filter, { cluster: name, kind: state.kind });
      if (sight !== 'none' && state.state !== 'absent') {
        const text = kindText(state.kind);
        const summary = found.get(text) ?? {
          ...state.kind,
          type: kindType(state.kind),
          clusters: [],
          objects: 0,
        };
        summary.clusters.push(name);
        if (sight === 'some') {
          summary.countHidden = true;
        } else if ('objects' in state) {
          summary.objects += state.objects ?? 0;
        }
        found.set(text, summary);
      }
    }
  }
  return [...found]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, summary]) => summary);
}
