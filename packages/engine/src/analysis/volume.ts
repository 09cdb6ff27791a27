import { multiAttach } from './attachment';
import {
  CausalGraph,
  CausalGraphNode,
  Dependency,
  isKind,
  isWell,
} from './causalGraph';
import { Explainer, Finding, namespaceFlag } from './finding';

/** A claim whose volume is gone (S067). */
export function lostVolume(
  claim: CausalGraphNode,
  volume: Dependency | undefined,
): Finding {
  const says = `Claim ${claim.name} has lost its volume.`;
  const { evidence } = claim.verdict;
  if (volume) {
    return {
      type: 'dependency',
      on: volume.node.key,
      edge: volume.edge,
      confidence: 'proven',
      says:
        volume.node.verdict.level === 'missing'
          ? says
          : `Claim ${claim.name} is held for volume ${volume.node.name}.`,
      evidence,
    };
  }
  return {
    type: 'root',
    confidence: 'proven',
    says,
    evidence,
    root: {
      node: claim,
      fault: 'VolumeLost',
      predicate: `has lost its volume ${String(
        claim.properties.VolumeName ?? '',
      )}: the data may be gone`,
      nextStep: `Restore the volume from a snapshot or backup: kubectl describe pvc ${
        claim.name
      }${namespaceFlag(claim)}`,
      evidence,
      since: claim.verdict.since,
    },
  };
}

/** A volume that failed, or is held for a claim that is gone (S068). */
export const volumeItself: Explainer = (volume, graph) => {
  const { level, reason, message, evidence, since } = volume.verdict;
  if (level !== 'down' && level !== 'degraded') {
    return undefined;
  }
  const says = `Volume ${volume.name}: ${message ?? reason}.`;
  if (reason === 'MultiAttach') {
    return multiAttach(volume, volume.name, says, graph);
  }
  if (reason === 'NodeGone') {
    const gone = graph
      .dependencies(volume.key)
      .filter(({ node }) => isKind(node, 'Node') && !isWell(node));
    return gone.map(({ node, edge }) => ({
      type: 'dependency',
      on: node.key,
      edge,
      confidence: 'proven',
      says,
      evidence,
    }));
  }
  return [
    {
      type: 'root',
      confidence: 'proven',
      says,
      evidence,
      root: {
        node: volume,
        fault: reason,
        predicate: `is ${level} (${reason})`,
        nextStep: `See what the volume reports: kubectl describe pv ${volume.name}`,
        evidence,
        quote: message ? { who: 'Kubernetes', text: message } : undefined,
        since,
      },
    },
  ];
};

/** A claim that could not be made larger (S073): what uses it goes on, with the size that it has. */
export function resizeFailed(
  claim: CausalGraphNode,
  graph: CausalGraph,
): Finding[] | undefined {
  const { level, reason, message, evidence, since } = claim.verdict;
  if (level !== 'degraded' || reason !== 'ResizeError') {
    return undefined;
  }
  const storageClass = graph
    .dependencies(claim.key)
    .find(({ node }) => isKind(node, 'StorageClass'))?.node;
  const forbids = storageClass?.properties.AllowVolumeExpansion !== true;
  return [
    {
      type: 'root',
      confidence: 'proven',
      says: `Claim ${claim.name} keeps its size.`,
      evidence,
      root: {
        node: claim,
        fault: 'ResizeFailed',
        predicate: `could not be made larger; what uses it goes on until the volume is full${
          storageClass && forbids
            ? `. Its class ${storageClass.name} does not allow expansion`
            : ''
        }`,
        nextStep: `Ask for a size that the driver can give, or correct what it complains of: kubectl describe pvc ${
          claim.name
        }${namespaceFlag(claim)}`,
        evidence: [
          ...evidence,
          {
            source: 'field',
            field: 'spec.resources.requests.storage',
            value: String(claim.properties.StorageRequest ?? 'unknown'),
          },
        ],
        quote: message ? { who: 'the driver', text: message } : undefined,
        since,
      },
    },
  ];
}
