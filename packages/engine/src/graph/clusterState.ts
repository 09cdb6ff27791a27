import { kindText } from '../kinds/identity';
import { GraphDelta } from './delta';
import { GraphKind } from './graphKind';

/** `syncing` until every kind was listed once or cannot be; `failing` when none can be read. */
export function clusterState(
  watched: readonly GraphKind[],
  settled: boolean,
): NonNullable<GraphDelta['clusterState']> {
  const readable = watched.some(kind => kind.knowledge.state === 'complete');
  if (settled && !readable && watched.length > 0) {
    const first =
      watched.find(kind => kind.knowledge.state !== 'absent') ?? watched[0];
    const { state } = first.knowledge;
    return {
      state: 'failing',
      message: `No kind can be read (${kindText(first.id)}: ${state})`,
    };
  }
  return { state: settled ? 'ready' : 'syncing', message: '' };
}
