import { PERSISTENT_VOLUME } from '../kinds/kindIds';
import { Evidence } from '../kinds/status';
import {
  CausalGraph,
  CausalGraphNode,
  Dependency,
  InventoryContent,
  isKind,
} from './causalGraph';
import { Explainer, Finding, Quote, called, namespaceFlag } from './finding';
import { parseSchedulerMessage } from './schedulerMessage';
import { symptomsOf, textsOf } from './symptom';
import { ClaimRequest, claimRequest, misfits, volumeOffer } from './volumeFit';

/** How many volumes are told of one by one. */
const VOLUMES_TOLD = 5;

/** The scheduler waits for claims in these words (S038, S062, S063, S067, S074). */
const CLAIM_WORDS =
  /unbound immediate PersistentVolumeClaims|persistentvolumeclaim "|persistentvolume "|available persistent volumes to bind|PVC is not bound/;

/** A pod that waits for a claim: the scheduler or the kubelet says so, and the claim is not bound or not there. */
export const waitingForClaim: Explainer = (pod, graph) => {
  const symptom = symptomsOf(pod, graph).find(one =>
    textsOf(one).some(text => CLAIM_WORDS.test(text)),
  );
  if (!symptom) {
    return undefined;
  }
  const message = textsOf(symptom).find(text => CLAIM_WORDS.test(text))!;
  const named = /persistentvolumeclaim "([^"]+)"/.exec(message)?.[1];
  const claims = graph
    .dependencies(pod.key)
    .filter(({ node }) => isKind(node, 'PersistentVolumeClaim'))
    .filter(({ node }) =>
      named === undefined ? !isBound(node) : node.name === named,
    );
  const who = message.includes('nodes are available')
    ? 'the scheduler'
    : 'Kubernetes';
  const quote = { who, text: message };
  if (claims.length === 0) {
    return [
      {
        type: 'silent',
        because: `${called(
          pod,
        )} waits for a claim that is bound by now or not visible here: "${message}"`,
      },
    ];
  }
  const onlyClaims = parseSchedulerMessage(message).reasons.every(({ text }) =>
    CLAIM_WORDS.test(text),
  );
  return claims.map(({ node, edge }) => ({
    type: 'dependency',
    on: node.key,
    edge,
    confidence: onlyClaims ? 'proven' : 'likely',
    says: `${called(pod)} cannot be placed before claim ${node.name} is bound.`,
    evidence: symptom.evidence,
    quote,
  }));
};

function isBound(claim: CausalGraphNode): boolean {
  return claim.properties.Status === 'Bound';
}

/**
 * A claim that is not bound (S062–S068). Static binding or provisioning is told apart by what there is: a class that
 * exists only on volumes is the documented way to bind by hand, so its absence as a StorageClass is no fault; then the
 * claim and the volumes are compared, and each volume's misfit is named. A class that no object and no volume has is
 * the root itself.
 */
export const unboundClaim: Explainer = (claim, graph) => {
  if (isBound(claim)) {
    return undefined;
  }
  const volume = graph
    .dependencies(claim.key)
    .find(({ node }) => isKind(node, 'PersistentVolume'));
  if (claim.properties.Status === 'Lost' || volume) {
    return [lost(claim, volume)];
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
  if (storageClass && isAbsent(storageClass.node)) {
    // The class is the root only if it is known that no volume has it either.
    return ofClass.nodes.length === 0 && ofClass.complete
      ? [missingClass(claim, storageClass, binder)]
      : [noVolumeFits(claim, request, ofClass, binder)];
  }
  if (storageClass && provisions(storageClass.node)) {
    return [notProvisioned(claim, storageClass, binder)];
  }
  return [noVolumeFits(claim, request, ofClass, binder)];
};

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

function noVolumeFits(
  claim: CausalGraphNode,
  request: ClaimRequest,
  volumes: InventoryContent,
  binder: Quote | undefined,
): Finding {
  const compared = volumes.nodes
    .filter(({ name }) => !request.volumeName || name === request.volumeName)
    .map(node => ({ node, why: misfits(request, volumeOffer(node)) }))
    .sort((a, b) => a.why.length - b.why.length || byName(a.node, b.node));
  const fitting = compared.find(({ why }) => why.length === 0);
  if (fitting) {
    return {
      type: 'silent',
      because: `Claim ${claim.name} is not bound, although volume ${fitting.node.name} satisfies it: the binder has not bound it yet, or holds it for another claim.`,
    };
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

function missingClass(
  claim: CausalGraphNode,
  { node, edge }: Dependency,
  binder: Quote | undefined,
): Finding {
  const named = binder?.text.includes(`"${node.name}" not found`);
  return {
    type: 'dependency',
    on: node.key,
    edge,
    confidence: named ? 'proven' : 'likely',
    says: `Claim ${claim.name} asks for storage class ${node.name}, which neither a StorageClass nor any volume has.`,
    evidence: claim.verdict.evidence,
    quote: binder,
  };
}

/** The class would provision a volume and has not: only the provisioner knows why (S064, S065). */
function notProvisioned(
  claim: CausalGraphNode,
  { node }: Dependency,
  binder: Quote | undefined,
): Finding {
  return {
    type: 'silent',
    because: `Claim ${claim.name} waits for provisioner ${String(
      node.properties.Provisioner,
    )} of storage class ${node.name}${
      binder ? `: "${binder.text}"` : ', which has not answered'
    }. Why is not in Kubernetes' state: see the provisioner's logs.`,
  };
}

function lost(claim: CausalGraphNode, volume: Dependency | undefined): Finding {
  const says = `Claim ${claim.name} has lost its volume.`;
  const { evidence } = claim.verdict;
  if (volume) {
    return {
      type: 'dependency',
      on: volume.node.key,
      edge: volume.edge,
      confidence: 'proven',
      says: isAbsent(volume.node)
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
export const volumeItself: Explainer = volume => {
  const { level, reason, message, evidence, since } = volume.verdict;
  if (level !== 'down' && level !== 'degraded') {
    return undefined;
  }
  return [
    {
      type: 'root',
      confidence: 'proven',
      says: `Volume ${volume.name}: ${message ?? reason}.`,
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
