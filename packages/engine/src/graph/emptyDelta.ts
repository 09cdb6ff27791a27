import { GraphDelta } from './delta';

export function isEmptyDelta(delta: GraphDelta): boolean {
  return (
    delta.nodes.length === 0 &&
    (delta.verdicts?.length ?? 0) === 0 &&
    delta.removedNodes.length === 0 &&
    delta.edges.length === 0 &&
    delta.removedEdges.length === 0 &&
    delta.events.length === 0 &&
    delta.removedEvents.length === 0 &&
    delta.kindStates.length === 0 &&
    delta.clusterState === undefined
  );
}
