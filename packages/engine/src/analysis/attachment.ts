import {
  CSI_DRIVER,
  CSI_NODE,
  DAEMON_SET,
  PERSISTENT_VOLUME_CLAIM,
  POD,
  VOLUME_ATTACHMENT,
} from '../kinds/kindIds';
import { nodeKey } from '../kinds/identity';
import {
  CausalGraph,
  CausalGraphNode,
  Dependency,
  isKind,
  isWell,
} from './causalGraph';
import { Explainer, Finding, Quote, Root, called } from './finding';
import { isThere, objectNamed } from './namedObject';
import { controllersOf, stoppedController } from './provisioning';
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

/** S072: the driver's pod on that node is broken, or there is none; else all that is known is that it is not there. */
function driverAbsent(
  pod: CausalGraphNode,
  driver: string,
  told: { says: string; evidence: Symptom['evidence']; quote: Quote },
  graph: CausalGraph,
): Finding | undefined {
  const { cluster } = pod;
  const place = String(pod.properties.Node ?? '');
  const says = `${told.says} Driver ${driver} is not registered on ${place}.`;
  const sets = driverSets(cluster, driver, graph);
  const own = sets
    .flatMap(set =>
      (
        graph.inventory({ cluster, kind: POD, namespace: set.namespace })
          ?.nodes ?? []
      ).filter(({ name }) => name.startsWith(`${set.name}-`)),
    )
    .filter(({ properties }) => properties.Node === place);
  const broken = own.find(one => !isWell(one));
  if (broken) {
    return {
      type: 'dependency',
      on: (graph.reach(broken.key) ?? broken).key,
      confidence: 'proven',
      ...told,
      says: `${says} ${called(
        broken,
      )}, which has to register it, does not run.`,
    };
  }
  const [set] = sets;
  const node = objectNamed(
    graph,
    { cluster, kind: CSI_NODE, namespace: '', name: place },
    'unknown',
    { field: 'event FailedMount', value: told.quote.text },
  );
  const registered = node.properties.Drivers;
  if (
    isThere(node) &&
    Array.isArray(registered) &&
    registered.includes(driver)
  ) {
    return {
      type: 'silent',
      because: `${told.says} "${told.quote.text}", but the driver is registered on ${place} by now; the kubelet tries again.`,
    };
  }
  const root: Root =
    set && own.length === 0
      ? {
          node: set,
          fault: 'DriverNotOnNode',
          predicate: `has no pod on ${place}, so driver ${driver} is not there`,
          nextStep: `See why it has none there (tolerations, node selector): kubectl describe daemonset ${set.name} -n ${set.namespace}`,
          evidence: [
            {
              source: 'structure',
              field: `pods of DaemonSet ${set.name} on ${place}`,
              value: 'none',
            },
          ],
        }
      : {
          node,
          fault: 'DriverNotRegistered',
          predicate: `does not have driver ${driver}`,
          nextStep: `See the driver's pod on that node: kubectl get pods -A --field-selector spec.nodeName=${place}; kubectl get csinode ${place} -o yaml`,
          evidence: [
            {
              source: 'field',
              field: 'spec.drivers[].name',
              value: Array.isArray(registered)
                ? registered.join(', ') || 'none'
                : told.quote.text,
            },
          ],
        };
  return { type: 'root', confidence: 'likely', ...told, says, root };
}

/** The DaemonSets that run the driver: told from the folder of its socket, else from its name. */
function driverSets(
  cluster: string,
  driver: string,
  graph: CausalGraph,
): CausalGraphNode[] {
  const key = nodeKey({
    cluster,
    kind: CSI_DRIVER,
    namespace: '',
    name: driver,
  });
  graph.reach(key);
  const linked = graph
    .dependencies(key)
    .map(({ node }) => node)
    .filter(node => isKind(node, DAEMON_SET.kind));
  return linked.length > 0
    ? linked
    : controllersOf(cluster, driver, [DAEMON_SET], graph);
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
