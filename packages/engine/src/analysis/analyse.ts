import { NodeKey } from '../kinds/identity';
import { CausalGraph, CausalReader } from './causalGraph';
import { Analysis, explainNodes } from './explain';
import { Explanation, RootCause } from './rootCause';

/** How often the analysis may ask for more; each round follows one more lead that no stored edge gives. */
const MAX_ROUNDS = 8;
/** How many victims are looked at in one graph. */
export const VICTIMS_AT_ONCE = 200;

export interface AnalysisOptions {
  /** Milliseconds since the epoch: what has come due until then holds. */
  now: number;
  /** What is within its grace is explained, too. */
  starting?: boolean;
}

/** Why one object is down; `undefined` when there is no such object, or none that the asker may see. */
export async function explain(
  reader: CausalReader,
  key: NodeKey,
  options: AnalysisOptions,
): Promise<Explanation | undefined> {
  const analysis = await analyse(reader, [key], options);
  return analysis.explanationOf(key);
}

/**
 * The causes behind all of these objects that are down: symptoms that share a root are one cause, counted once, with
 * its longest cascade as the path; the cause that explains most comes first.
 */
export async function causesOf(
  reader: CausalReader,
  keys: readonly NodeKey[],
  options: AnalysisOptions,
): Promise<{
  causes: (RootCause & { affected: NodeKey[] })[];
  unexplained: NodeKey[];
}> {
  const distinct = [...new Set(keys)];
  const analyses: Analysis[] = [];
  for (let at = 0; at < distinct.length; at += VICTIMS_AT_ONCE) {
    const some = distinct.slice(at, at + VICTIMS_AT_ONCE);
    analyses.push(await analyse(reader, some, options));
  }
  return Analysis.causesOf(analyses);
}

/** Loads, explains, loads what the explanation asked for, until it asks for nothing more. */
export async function analyse(
  reader: CausalReader,
  keys: readonly NodeKey[],
  { now, starting }: AnalysisOptions,
): Promise<Analysis> {
  const graph = CausalGraph.create(now, await reader.neighbourhood(keys));
  for (let round = 1; ; round++) {
    const analysis = explainNodes(graph, keys, { starting });
    const wanted = graph.wanted();
    const satisfied =
      wanted.keys.length === 0 && wanted.inventories.length === 0;
    if (satisfied || round === MAX_ROUNDS) {
      return analysis;
    }
    for (const inventory of wanted.inventories) {
      graph.supply(inventory, await reader.inventory(inventory));
    }
    if (wanted.keys.length > 0) {
      const more = await reader.neighbourhood(wanted.keys);
      graph.add({
        ...more,
        expanded: [...(more.expanded ?? []), ...wanted.keys],
      });
    }
  }
}
