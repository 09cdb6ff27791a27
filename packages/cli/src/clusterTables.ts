import { ClusterStatus } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { textTable } from './textTable';

type KindStatus = ClusterStatus['kinds'][number];

/**
 * What is wrong with how a kind is read: not at all, or not all of it. That a server does not serve a kind, or a dump
 * does not hold it, is none.
 */
export function kindTrouble({
  state,
  message,
}: KindStatus): 'unreadable' | 'partly' | undefined {
  if (state === 'forbidden' || state === 'failing') {
    return 'unreadable';
  }
  return state === 'listed' && message !== '' ? 'partly' : undefined;
}

/** How the clusters are, and below them the kinds with trouble. */
export function clusterTables(clusters: readonly ClusterStatus[]): string {
  const head = textTable(
    ['CLUSTER', 'STATE', 'KINDS', 'OBJECTS', 'MESSAGE'],
    clusters.map(({ name, state, kinds, progress, message }) => {
      const isCounted = kinds.every(({ countHidden }) => !countHidden);
      const objects = kinds.reduce((sum, kind) => sum + kind.objects, 0);
      const listed = kinds.filter(kind => kind.state === 'listed');
      return [
        name,
        state,
        progress
          ? `${progress.kindsDone}/${progress.kinds}`
          : String(listed.length),
        `${objects}${isCounted ? '' : '+'}`,
        progress ? `${progress.percent} % listed. ${message}` : message,
      ];
    }),
  );
  const troubled = clusters.flatMap(({ name, kinds }) =>
    kinds
      .filter(kind => kindTrouble(kind) !== undefined)
      .map(({ kind, state, message }) => [name, kind, state, message]),
  );
  return troubled.length > 0
    ? `${head}\n\n${textTable(
        ['CLUSTER', 'KIND', 'STATE', 'MESSAGE'],
        troubled,
      )}`
    : head;
}
