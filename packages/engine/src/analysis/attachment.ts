import { PERSISTENT_VOLUME_CLAIM, VOLUME_ATTACHMENT } from '../kinds/kindIds';
import { nodeKey } from '../kinds/identity';
import {
  CausalGraph,
  CausalGraphNode,
  Dependency,
  isKind,
  isWell,
} from './causalGraph';
import { Explainer, Finding, called } from './finding';
import { driverAbsent } from './driverOnNode';
import { stoppedController } from './provisioning';
import { heldVolume } from './sharedVolume';
import { Symptom, symptomsOf, textsOf } from './symptom';

const MULTI_ATTACH =
  /Multi-Attach error for volume "([^"]+)"(?:.*?already used by pod\(s\) ([^"]+))?/s;
const NOT_REGISTERED =
  /driver name (\S+) not found in the list of registered CSI drivers/;
const ATTACHER_SILENT = /external-attacher of (\S+) CSI driver/;

/**
 * A pod whose volume cannot be brought to its node (S069–S072, S075): held by another node, refused by the driver, or
 * the driver is not on the node. The kubelet's or the attacher's words must say so.
 */
export const volumeNotAttached: Explainer = (pod, graph) => {
  for (const symptom of symptomsOf(pod, graph)) {
    if (/AttachFailed|MountFailed/.test(symptom.reason)) {
      for (const text of textsOf(symptom)) {
        const finding = findingFor(pod, symptom, text, graph);
        if (finding) {
          return [finding];
        }
      }
    }
  }
  return undefined;
};

function findingFor(
  pod: CausalGraphNode,
  symptom: Symptom,
  text: string,
  graph: CausalGraph,
): Finding | undefined {
  const told = {
    says: `${called(pod)} waits for a volume.`,
    evidence: symptom.evidence,
    quote: {
      who: text.includes('MountVolume') ? 'the kubelet' : 'the attacher',
      text,
    },
  };
  const held = MULTI_ATTACH.exec(text);
  if (held) {
    const [, volume, usedBy] = held;
    const claim = claimOf(pod, volume, graph);
    return (
      heldVolume(
        {
          cluster: pod.cluster,
          volume,
          claim: claim && { key: claim.key, name: claim.name },
          waiting: pod,
          usedBy: usedBy?.split(/,\s*/),
        },
        told,
        graph,
      ) ?? { type: 'silent', because: `${told.says} "${text}"` }
    );
  }
  const driver = NOT_REGISTERED.exec(text)?.[1];
  if (driver) {
    return driverAbsent(pod, driver, told, graph);
  }
  const attacher = ATTACHER_SILENT.exec(text)?.[1];
  const stopped = attacher && stoppedController(pod.cluster, attacher, graph);
  if (stopped) {
    return {
      type: 'dependency',
      on: stopped.key,
      confidence: 'likely',
      ...told,
      says: `${told.says} ${called(
        stopped,
      )}, which by its name has to attach it, does not run.`,
    };
  }
  const broken = attachmentsOf(pod, graph);
  return broken
    ? {
        type: 'dependency',
        on: broken.node.key,
        confidence: 'proven',
        ...told,
      }
    : undefined;
}

/** The pod's claim that is bound to the volume; the only one, where volumes are not told. */
function claimOf(
  pod: CausalGraphNode,
  volume: string,
  graph: CausalGraph,
): CausalGraphNode | undefined {
  const claims = graph
    .dependencies(pod.key)
    .map(({ node }) => node)
    .filter(node => isKind(node, PERSISTENT_VOLUME_CLAIM.kind));
  return (
    claims.find(({ properties }) => properties.VolumeName === volume) ??
    (claims.length === 1 ? claims[0] : undefined)
  );
}

/** An attachment to the pod's node of one of its volumes that is not well. */
function attachmentsOf(
  pod: CausalGraphNode,
  graph: CausalGraph,
): Dependency | undefined {
  return graph
    .dependencies(pod.key)
    .filter(({ node }) => isKind(node, PERSISTENT_VOLUME_CLAIM.kind))
    .flatMap(({ node }) => graph.dependencies(node.key))
    .filter(({ node }) => isKind(node, 'PersistentVolume'))
    .flatMap(({ node }) => graph.dependencies(node.key))
    .find(
      ({ node }) =>
        isKind(node, VOLUME_ATTACHMENT.kind) &&
        node.properties.NodeName === pod.properties.Node &&
        (node.verdict.level === 'down' || node.verdict.level === 'degraded'),
    );
}

/**
 * An attachment that failed or is stuck (S071): its node is lost, another node has the volume, or the driver says why.
 */
export const attachmentItself: Explainer = (attachment, graph) => {
  const { level, reason, message, evidence, since } = attachment.verdict;
  if (level !== 'down' && level !== 'degraded') {
    return undefined;
  }
  const { VolumeName, NodeName, Attacher } = attachment.properties;
  const says = `${called(attachment)}: ${message ?? reason}.`;
  if (reason === 'MultiAttach') {
    return multiAttach(attachment, String(VolumeName), says, graph);
  }
  const lost = graph
    .dependencies(attachment.key)
    .find(({ node }) => isKind(node, 'Node') && !isWell(node));
  if (lost) {
    return [
      {
        type: 'dependency',
        on: lost.node.key,
        edge: lost.edge,
        confidence: 'likely',
        says,
        evidence,
      },
    ];
  }
  return [
    {
      type: 'root',
      confidence: 'proven',
      says,
      evidence,
      root: {
        node: attachment,
        fault: reason,
        predicate: `does not bring volume ${String(VolumeName)} to ${String(
          NodeName,
        )}: driver ${String(Attacher)} reports an error`,
        nextStep: `Correct what the driver complains of (permissions, limits and zones at the storage's provider), then it is tried again: kubectl describe volumeattachment ${attachment.name}`,
        evidence,
        quote: message
          ? { who: `driver ${String(Attacher)}`, text: message }
          : undefined,
        since,
      },
    },
  ];
};

/** A volume, or its attachment, that two nodes ask for. */
export function multiAttach(
  victim: CausalGraphNode,
  volume: string,
  says: string,
  graph: CausalGraph,
): Finding[] | undefined {
  const { cluster } = victim;
  const { evidence } = victim.verdict;
  const pv = isKind(victim, 'PersistentVolume')
    ? victim
    : graph.reach(
        nodeKey({
          cluster,
          kind: { group: '', kind: 'PersistentVolume' },
          namespace: '',
          name: volume,
        }),
      );
  const { ClaimRef, ClaimNamespace } = pv?.properties ?? {};
  const finding = heldVolume(
    {
      cluster,
      volume,
      ...(ClaimRef && {
        claim: {
          name: String(ClaimRef),
          key: nodeKey({
            cluster,
            kind: PERSISTENT_VOLUME_CLAIM,
            namespace: String(ClaimNamespace),
            name: String(ClaimRef),
          }),
        },
      }),
    },
    { says, evidence },
    graph,
  );
  return [finding ?? { type: 'silent', because: says }];
}
