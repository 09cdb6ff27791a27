import { Observation } from '../kinds/observation';
import { KindUpdate } from '../kinds/update';
import { observationsOf } from './observationsOf';

/** How many ids `apply` may ask for: a node for each object and part, one for each object they name, and the cluster's. */
export function newNodesAtMost(update: KindUpdate): number {
  return observationsOf(update).reduce(
    (sum, observation) => sum + nodesOf(observation),
    1,
  );
}

function nodesOf({ references, parts }: Observation): number {
  return parts.reduce(
    (sum, part) => sum + nodesOf(part),
    1 + references.length,
  );
}
