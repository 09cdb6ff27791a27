import { usageFailure } from '../failure';
import { ReadingOptions, Source } from '../source';
import { ReachSource, reachOfFiles } from './reachSource';

/** @throws Failure when the source cannot be read, or does not tell */
export async function openReach(
  source: Source,
  _reading: ReadingOptions,
  signal: AbortSignal,
): Promise<ReachSource> {
  switch (source.from) {
    case 'files':
      return reachOfFiles(source, signal);
    default:
      throw usageFailure(
        'network policies are read from files for now: give --from DUMP|FOLDER',
      );
  }
}
