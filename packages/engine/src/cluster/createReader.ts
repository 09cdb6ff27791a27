import { KIND_DEFINITIONS } from '../kinds';
import { ClusterWatcher } from './clusterWatcher';
import { Reader, ReaderOptions } from './reader';
import { WorkerReader } from './workerReader';

/** A reader in a worker thread; in this thread when that cannot be, which is slower but the same. */
export async function createReader(options: ReaderOptions): Promise<Reader> {
  const { kinds, logger, source } = options;
  // A function cannot be handed to a worker, which knows the registered kinds only.
  if (kinds.every(kind => KIND_DEFINITIONS.includes(kind))) {
    try {
      return await WorkerReader.create(options);
    } catch (error) {
      logger.warn(
        `Cluster ${source.name} is read in the main thread, as its worker cannot start: ${error}`,
      );
    }
  }
  return new ClusterWatcher(options);
}
