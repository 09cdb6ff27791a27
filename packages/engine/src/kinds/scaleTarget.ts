import { KindId } from './identity';
import {
  DAEMON_SET,
  DEPLOYMENT,
  REPLICA_SET,
  REPLICATION_CONTROLLER,
  STATEFUL_SET,
} from './kindIds';

/** Built-in kinds that autoscalers act on, with a relation each; any other kind is an `object`. */
export const SCALED_KINDS: readonly KindId[] = [
  DEPLOYMENT,
  STATEFUL_SET,
  DAEMON_SET,
  REPLICA_SET,
  REPLICATION_CONTROLLER,
];
