import { PERSISTENT_VOLUME } from '../kinds/kindIds';
import { PROBLEM_LEVELS } from '../kinds/status';
import {
  CausalGraph,
  CausalGraphNode,
  Dependency,
  InventoryContent,
  isKind,
  isWell,
} from './causalGraph';
import { Explainer, Finding, Quote, called } from './finding';
import { isUnread } from './makers';
import { missingClass, operatedOwner } from './missingClass';
import { missingRoot } from './missingReference';
import { noVolumeFits } from './noVolumeFits';
import { notProvisioned } from './provisioning';
import { lostVolume, resizeFailed } from './volume';
import { claimRequest, volumeOffer } from './volumeFit';

export function isBound(claim: CausalGraphNode): boolean {
  return claim.properties.Status === 'Bound';
}

/**
 * A claim that is not bound (S062–S068). Static binding or provisioning is told apart by what there is: a class that
 * exists only on volumes is the documented way to bind by hand, so its absence as a StorageClass is no fault; then the
 * claim and the volumes are compared, and each volume's misfit is named. A class that no object and no volume has is
 * the root itself.
 */
export const unboundClaim: Explainer = (claim, graph) => {
  const volume = graph
    .dependencies(claim.key)
    .find(({ node }) => isKind(node, 'PersistentVolume'));
  if (isBound(claim)) {
    return volume && isAbsent(volume.node)
      ? [lostVolume(claim, volume)]
      : resizeFailed(claim, graph);
  }
  if (claim.verdict.level === 'unknown') {
    return undefined;
  }
  const isLost = claim.properties.Status === 'Lost';
  if (isLost || (volume && !isWell(volume.node))) {
    return [lostVolume(claim, volume)];
  }
  const source = missingSource(claim, graph);
  if (source) {
    return [source];
  }
  if (/WaitForFirstConsumer/.test(claim.verdict.reason)) {
    return [
      {
        type: 'silent',
        because: `Claim ${claim.name} waits for its first pod to be placed: by design of its storage class.`,
      },
    ];
  }
  const request = claimRequest(claim);
  const binder = binderWords(claim, graph);
  if (volume) {
    const asked = { nodes: [volume.node], complete: true };
    return [noVolumeFits(claim, request, asked, binder, graph)];
  }
  const volumes = graph.inventory({
    cluster: claim.cluster,
    kind: PERSISTENT_VOLUME,
    where: { property: 'StorageClassName', value: request.storageClass },
    last: { property: 'Status', value: 'Bound' },
  });
  if (!volumes) {
    return [];
  }
  const ofClass = {
    ...volumes,
    nodes: volumes.nodes.filter(
      node =>
        node.verdict.level !== 'missing' &&
        volumeOffer(node).storageClass === request.storageClass,
    ),
  };
  const storageClass = graph
    .dependencies(claim.key)
    .find(({ node }) => isKind(node, 'StorageClass'));
  if (storageClass && isUnread(storageClass.node)) {
    return [unreadClass(claim, storageClass, ofClass, binder, graph)];
  }
  if (storageClass && isAbsent(storageClass.node)) {
    // The class is the root only if it is known that no volume has it either.
    return ofClass.nodes.length === 0 &&
      (ofClass.complete || operatedOwner(claim, graph))
      ? [missingClass(claim, storageClass, binder, graph)]
      : [noVolumeFits(claim, request, ofClass, binder, graph)];
  }
  if (storageClass && provisions(storageClass.node)) {
    return [notProvisioned(claim, storageClass, binder, graph)];
  }
  return [noVolumeFits(claim, request, ofClass, binder, graph)];
};

/** What the claim is to be filled from does not exist: a snapshot, another claim (R047). */
function missingSource(
  claim: CausalGraphNode,
  graph: CausalGraph,
): Finding | undefined {
  const source = graph
    .dependencies(claim.key)
    .find(
      ({ edge }) =>
        edge.required &&
        edge.relation.name === 'persistentvolumeclaim-datasource',
    );
  if (!source) {
    return undefined;
  }
  const { node, edge } = source;
  const quote = binderWords(claim, graph);
  const found = {
    says: `Claim ${claim.name} is to be filled from ${called(node)}.`,
    evidence: claim.verdict.evidence,
    quote,
  };
  if (PROBLEM_LEVELS.has(node.verdict.level)) {
    return {
      type: 'dependency',
      on: node.key,
      edge,
      confidence: isAbsent(node) ? 'proven' : 'likely',
      ...found,
    };
  }
  // Not read here: the provisioner's word that it is not there is proof enough.
  return isUnread(node) && quote?.text.includes(`"${node.name}" not found`)
    ? {
        type: 'root',
        confidence: 'proven',
        ...found,
        rootEdge: edge,
        root: missingRoot(node, graph, [
          { source: 'event', field: 'ProvisioningFailed', value: quote.text },
        ]),
      }
    : undefined;
}

/** Whether the class exists, or makes volumes, is known from the binder's words alone. */
function unreadClass(
  claim: CausalGraphNode,
  storageClass: Dependency,
  ofClass: InventoryContent,
  binder: Quote | undefined,
  graph: CausalGraph,
): Finding {
  const { name } = storageClass.node;
  if (binder?.text.includes(`"${name}" not found`)) {
    return ofClass.nodes.length === 0
      ? missingClass(claim, storageClass, binder, graph)
      : noVolumeFits(claim, claimRequest(claim), ofClass, binder, graph);
  }
  if (binder && /provision/i.test(binder.text)) {
    return notProvisioned(claim, storageClass, binder, graph);
  }
  return {
    type: 'silent',
    because: `Claim ${claim.name} is not bound; whether its storage class ${name} makes volumes cannot be seen from here.`,
  };
}

function isAbsent(storageClass: CausalGraphNode): boolean {
  return storageClass.verdict.level === 'missing';
}

/** `no-provisioner` marks classes of volumes made by hand. */
function provisions(storageClass: CausalGraphNode): boolean {
  const { Provisioner } = storageClass.properties;
  return (
    typeof Provisioner === 'string' && !Provisioner.endsWith('no-provisioner')
  );
}

const BINDER_REASONS: ReadonlySet<string> = new Set([
  'FailedBinding',
  'ProvisioningFailed',
  'ExternalProvisioning',
  'VolumeMismatch',
]);

/** What the binder says of the claim: an event counts while the claim is not bound. */
function binderWords(
  claim: CausalGraphNode,
  graph: CausalGraph,
): Quote | undefined {
  const event = graph
    .events(claim.key)
    .find(({ reason }) => BINDER_REASONS.has(reason));
  return event && { who: 'the binder', text: event.message };
}
