import { STORAGE_CLASS } from '../kinds/kindIds';
import { Evidence } from '../kinds/status';
import {
  CausalGraph,
  CausalGraphNode,
  InventoryContent,
  isKind,
  isWell,
} from './causalGraph';
import { Finding, Quote, namespaceFlag } from './finding';
import { ClaimRequest, misfits, volumeOffer } from './volumeFit';

/** How many volumes are told of one by one. */
const VOLUMES_TOLD = 5;

/** The claim, with each volume's misfit; or what keeps the volume that would do from it. */
export function noVolumeFits(
  claim: CausalGraphNode,
  request: ClaimRequest,
  volumes: InventoryContent,
  binder: Quote | undefined,
  graph: CausalGraph,
): Finding {
  const compared = volumes.nodes
    .filter(({ name }) => !request.volumeName || name === request.volumeName)
    .map(node => ({ node, why: misfits(request, volumeOffer(node)) }))
    .sort((a, b) => a.why.length - b.why.length || byName(a.node, b.node));
  const fitting = compared.find(({ why }) => why.length === 0);
  if (fitting) {
    const lost = onLostNode(claim, fitting.node, graph);
    if (lost) {
      return lost;
    }
    return {
      type: 'silent',
      because: `Claim ${claim.name} is not bound, although volume ${fitting.node.name} satisfies it: the binder has not bound it yet, or holds it for another claim.`,
    };
  }
  const released = compared.find(({ node, why }) =>
    isReleasedBy(node, claim, why),
  );
  if (released) {
    return staleReference(claim, released.node, binder);
  }
  const told = compared.slice(0, VOLUMES_TOLD);
  const others = compared.length - told.length;
  const details = told
    .map(({ node, why }) => `${node.name} ${why.join(' and ')}`)
    .join('; ');
  const seen = volumes.complete ? '' : ' that can be seen here';
  return {
    type: 'root',
    confidence: volumes.complete ? 'proven' : 'likely',
    says: `No volume satisfies claim ${claim.name}.`,
    evidence: claim.verdict.evidence,
    root: {
      node: claim,
      fault: 'NoMatchingVolume',
      predicate: `is down because no volume${seen} satisfies it: ${
        details ||
        `no volume${seen} has ${
          request.storageClass === ''
            ? 'no storage class, and the claim names none'
            : `storage class ${request.storageClass}`
        }`
      }${
        request.storageClass === '' && hasNoDefaultClass(claim, graph)
          ? '; the claim names no class, and the cluster has no default one'
          : ''
      }${others > 0 ? `; and ${others} more do not fit` : ''}`,
      nextStep: nextStep(claim, request),
      evidence: [
        { source: 'field', field: 'spec', value: asked(request) },
        ...told.map(
          ({ node, why }): Evidence => ({
            source: 'structure',
            field: `PersistentVolume ${node.name}: capacity, class, modes`,
            value: why.join('; '),
          }),
        ),
      ],
      quote: binder,
      since: claim.verdict.since ?? claim.createdAt,
    },
  };
}

/** The volume that a claim of this very name had before: it is not free again by itself, and nothing else is in the way (S068). */
function isReleasedBy(
  { properties }: CausalGraphNode,
  claim: CausalGraphNode,
  why: readonly string[],
): boolean {
  return (
    properties.Status === 'Released' &&
    properties.ClaimRef === claim.name &&
    properties.ClaimNamespace === claim.namespace &&
    why.length === 1
  );
}

function staleReference(
  claim: CausalGraphNode,
  volume: CausalGraphNode,
  binder: Quote | undefined,
): Finding {
  const uid = volume.properties.ClaimUID;
  return {
    type: 'root',
    confidence: 'proven',
    says: `Claim ${claim.name} gets no volume: ${volume.name} is kept for a former claim of its name.`,
    evidence: claim.verdict.evidence,
    quote: binder,
    root: {
      node: volume,
      fault: 'VolumeReleased',
      predicate: `is released by a former claim ${claim.name} and not free again`,
      nextStep: `If its data may be used again, clear the reference: kubectl patch pv ${volume.name} --type merge -p '{"spec":{"claimRef":null}}'`,
      evidence: [
        { source: 'field', field: 'status.phase', value: 'Released' },
        {
          source: 'field',
          field: 'spec.claimRef',
          value: `${claim.namespace}/${claim.name}, uid ${
            uid === undefined ? 'not known' : String(uid)
          }${claim.uid ? `; the claim's is ${claim.uid}` : ''}`,
        },
      ],
      since: volume.verdict.since,
    },
  };
}

/** A volume would do, and the nodes that have it are lost: a volume that is local to them. */
function onLostNode(
  claim: CausalGraphNode,
  volume: CausalGraphNode,
  graph: CausalGraph,
): Finding | undefined {
  const nodes = graph
    .dependencies(graph.reach(volume.key)?.key ?? volume.key)
    .filter(({ node }) => isKind(node, 'Node'));
  const lost = nodes.filter(({ node }) => !isWell(node));
  // Those that are well are not even loaded.
  return lost.length > 0 && lost.length === nodes.length
    ? {
        type: 'dependency',
        on: lost[0].node.key,
        confidence: 'likely',
        says: `Claim ${claim.name} could have volume ${volume.name}, which is only on ${lost[0].node.name}.`,
        evidence: claim.verdict.evidence,
      }
    : undefined;
}

function hasNoDefaultClass(
  { cluster }: CausalGraphNode,
  graph: CausalGraph,
): boolean {
  const classes = graph.inventory({ cluster, kind: STORAGE_CLASS });
  return (
    classes !== undefined &&
    classes.complete &&
    !classes.nodes.some(({ properties }) => properties.IsDefault === true)
  );
}

function byName(a: CausalGraphNode, b: CausalGraphNode): number {
  return a.name.localeCompare(b.name);
}

function asked({ storage, accessModes, storageClass }: ClaimRequest): string {
  return `asks for ${storage ?? 'an unknown size'}, ${
    accessModes.join(', ') || 'no access mode'
  }, ${
    storageClass === '' ? 'no storage class' : `storage class ${storageClass}`
  }`;
}

function nextStep(claim: CausalGraphNode, request: ClaimRequest): string {
  return `Create a PersistentVolume of at least ${
    request.storage ?? 'the asked size'
  } with ${
    request.storageClass === ''
      ? 'no storageClassName'
      : `storageClassName ${request.storageClass}`
  } and access mode ${
    request.accessModes.join(', ') || 'as asked'
  }, or make the claim ask for what a volume offers. Compare: kubectl get pv; kubectl describe pvc ${
    claim.name
  }${namespaceFlag(claim)}`;
}
