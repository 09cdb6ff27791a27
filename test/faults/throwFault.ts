import { Arena } from './arena';
import { Fault } from './storm';

/** Lets a fault have its way. What it breaks for longer, `Arena.repair` waits for and mends. */
export function throwFault(arena: Arena, fault: Fault): void {
  const { faults } = arena.simulator;
  switch (fault.fault) {
    case 'watches dropped':
      faults.dropWatches(fault.resource);
      break;
    case 'watches ended':
      faults.endWatches(fault.resource);
      break;
    case '410 in watches':
      if (fault.forget) {
        faults.forgetHistory();
      }
      faults.expireWatches(fault.resource);
      break;
    case '410 for lists': {
      // Everything is listed again, and pages that are on their way are too old for the next one.
      const compacting = setInterval(() => faults.compact(), 5);
      arena.later(fault.lasting, () => clearInterval(compacting));
      faults.forgetHistory();
      faults.expireWatches();
      break;
    }
    case '429':
    case '500':
    case '403 or 404':
      faults.add(
        {
          kind: 'status',
          code: fault.code,
          retryAfterSeconds:
            fault.fault === '429' ? fault.retryAfter : undefined,
        },
        { resource: fault.resource },
        fault.times,
      );
      faults.dropWatches(fault.resource);
      break;
    case 'truncated list':
      faults.add(
        { kind: 'truncate', bytes: fault.bytes, end: fault.end },
        { verb: 'list', resource: fault.resource },
        fault.times,
      );
      faults.expireWatches(fault.resource);
      break;
    case 'torn watch':
      faults.tearWatches(fault.end, fault.resource);
      break;
    case 'hung request':
      faults.add({ kind: 'hang' }, { resource: fault.resource }, fault.times);
      faults.dropWatches(fault.resource);
      break;
    case 'silent watch':
      faults.silenceWatches(fault.resource);
      break;
    case 'connection reset':
      faults.add({ kind: 'reset' }, { resource: fault.resource }, fault.times);
      faults.dropWatches(fault.resource);
      break;
    case 'slow answers':
      faults.add(
        { kind: 'delay', milliseconds: fault.milliseconds },
        { resource: fault.resource },
        fault.times,
      );
      faults.endWatches(fault.resource);
      break;
    case 'delivered again':
      faults.add(
        { kind: 'replay', changes: fault.changes, order: fault.order },
        { verb: 'watch', resource: fault.resource },
        fault.resource === undefined ? 20 : 2,
      );
      faults.dropWatches(fault.resource);
      break;
    case 'API server away':
      arena.takeServerAway(fault.lasting, fault.watches);
      break;
    case 'API server restart, empty cache':
      arena.restartServer(fault.lasting, 'same');
      break;
    case 'API server restart, older version':
      arena.restartServer(fault.lasting, 'older');
      break;
    case 'clock jump':
      arena.setClock(fault.skew);
      break;
    case 'database locked or cut off':
      arena.disturbDatabase(fault.lasting);
      break;
    case 'database restart':
      arena.restartDatabase(fault.lasting);
      break;
    case 'engine killed':
      arena.killEngine(fault.replica, fault.statements);
      break;
    case 'engine frozen':
      arena.freezeEngine(fault.replica, fault.lasting);
      break;
    case 'lease stolen':
      arena.stealLease(fault.lasting);
      break;
    default:
      fault satisfies never;
  }
}
