import { EngineRun } from '../engineRun';
import { Failure, usageFailure } from '../failure';
import { failingText } from '../firstLists';
import { ClusterSource, ReadingOptions, Source } from '../source';
import { ReachSource, reachOfFiles } from './reachSource';

/** @throws Failure when the source cannot be read, or does not tell */
export async function openReach(
  source: Source,
  reading: ReadingOptions,
  signal: AbortSignal,
): Promise<ReachSource> {
  switch (source.from) {
    case 'files':
      return reachOfFiles(source, signal);
    case 'portal':
      throw usageFailure(
        'this command does not ask portals: give --from DUMP|FOLDER, --kubeconfig or --context; a portal answers POST /api/kubernetes-topology/reach',
      );
    case 'graph':
      throw usageFailure(
        'a saved graph does not tell what policies let through; give --from DUMP|FOLDER, --kubeconfig or --context',
      );
    default:
      return reachOfCluster(source, reading, signal);
  }
}

/** Of a cluster that is listed once. */
async function reachOfCluster(
  source: ClusterSource,
  reading: ReadingOptions,
  signal: AbortSignal,
): Promise<ReachSource> {
  const run = await EngineRun.create(source, reading, signal);
  try {
    const state = await run.firstLists();
    if (state.state === 'failing') {
      throw new Failure(`${state.name} cannot be read: ${failingText(state)}`);
    }
    const found = await run.engine.reachability(run.cluster);
    if (!found) {
      throw new Failure(`${run.cluster} was not read`);
    }
    return { ...found, notes: found.partial };
  } finally {
    await run.stop();
  }
}
