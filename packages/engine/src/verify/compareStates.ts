import { KindState } from '../graph/delta';
import { kindText } from '../kinds/identity';
import { ClusterState } from '../topology';
import { Difference } from './verification';

/** Whether both read the same kinds, and how many objects of each. */
export function compareStates(
  stored: ClusterState | undefined,
  fresh: ClusterState,
): Difference[] {
  const differences: Difference[] = [];
  if (stored?.state !== fresh.state) {
    differences.push({
      what: 'cluster',
      subject: fresh.name,
      about: fresh.name,
      problem: stored ? 'different' : 'absent',
      fields: [{ field: 'state', stored: stored?.state, fresh: fresh.state }],
    });
  }
  const states = new Map(
    stored?.kinds.map(state => [kindText(state.kind), state]),
  );
  for (const state of fresh.kinds) {
    const subject = kindText(state.kind);
    const other = states.get(subject);
    if (!other || stateText(other) !== stateText(state)) {
      differences.push({
        what: 'kind',
        subject,
        about: subject,
        problem: other ? 'different' : 'absent',
        fields: [
          {
            field: 'state',
            stored: other && stateText(other),
            fresh: stateText(state),
          },
        ],
      });
    }
  }
  return differences;
}

/** Without the resource version: a quiet kind's is not written at each bookmark. */
function stateText(state: KindState): string {
  return state.state === 'listed'
    ? `${state.objects} listed`
    : `${state.state}`;
}
