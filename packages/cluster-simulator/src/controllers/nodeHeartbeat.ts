import { Condition, isTrue } from '../objects/conditions';
import { Change } from '../storage/table';
import { Controller, kindOf } from './controller';
import { ControlPlane } from './controlPlane';

/** A kubelet reports that nothing changed every five minutes. */
const HEARTBEAT_MILLISECONDS = 5 * 60 * 1000;

/** Keeps the heartbeats of nodes that are ready; one that is made unready stays as it was last seen. */
export class NodeHeartbeat implements Controller {
  readonly name = 'node-heartbeat';
  readonly #plane: ControlPlane;

  constructor(plane: ControlPlane) {
    this.#plane = plane;
  }

  keysFor(change: Change): Iterable<string> {
    return kindOf(change) === 'nodes' && !change.deleted
      ? [change.after.name]
      : [];
  }

  reconcile(name: string): number | void {
    const node = this.#plane.get('Node', '', name);
    const conditions: Condition[] = node?.status?.conditions ?? [];
    if (!node || !isTrue(conditions, 'Ready')) {
      return undefined;
    }
    const last = Math.max(
      ...conditions.map(condition =>
        Date.parse(condition.lastHeartbeatTime ?? '1970-01-01T00:00:00Z'),
      ),
    );
    const left = last + HEARTBEAT_MILLISECONDS - this.#plane.clock.now();
    if (left > 0) {
      return left;
    }
    this.#plane.changeStatus(
      node,
      ({ status }) => {
        for (const condition of status.conditions) {
          condition.lastHeartbeatTime = this.#plane.now();
        }
      },
      'kubelet',
    );
    return HEARTBEAT_MILLISECONDS;
  }
}
