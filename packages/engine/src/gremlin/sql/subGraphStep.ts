import { Condition } from '../query';
import { Compilation } from './compilation';
import { idColumns, Selection } from './selection';
import { State } from './state';
import { addSubGraph } from './subGraph';

/** `SubGraph`: what the steps behind it see. */
export function subGraphStep(
  edges: readonly Condition[],
  selection: Selection,
  compilation: Compilation,
): State {
  const inside = (induced: Selection) =>
    compilation.close(compilation.narrowing.narrow(induced, edges));
  // How often an element occurs means nothing in a graph.
  const stage = compilation.close(
    withoutWays({ ...selection, times: undefined }),
  );
  compilation.scope = addSubGraph(
    stage,
    compilation.scope,
    compilation.statement,
    compilation.dialect,
    inside,
  );
  return { stream: 'graph' };
}

/** Each element once, whatever the ways to it. */
function withoutWays(selection: Selection): Selection {
  const ids = idColumns(selection.element).length;
  const kept = selection.extras.flatMap((extra, i) =>
    extra === 'trail' ? [] : [i],
  );
  return kept.length === selection.extras.length
    ? selection
    : {
        ...selection,
        extras: kept.map(i => selection.extras[i]),
        keys: [
          ...selection.keys.slice(0, ids),
          ...kept.map(i => selection.keys[ids + i]),
        ],
        repeats: true,
      };
}
