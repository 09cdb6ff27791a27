import { NODE, POD, VOLUME_ATTACHMENT } from '../kinds/kindIds';
import { NodeKey, nodeKey } from '../kinds/identity';
import { Evidence } from '../kinds/status';
import { CausalGraph, CausalGraphNode, isWell } from './causalGraph';
import { Finding, Quote, called, namespaceFlag } from './finding';
import { isUnread } from './makers';
import { specOwner } from './specOwner';

/** A volume that may be on one node only and is wanted on another one. */
export interface HeldVolume {
  cluster: string;
  /** Name of the PersistentVolume. */
  volume: string;
  claim?: { key: NodeKey; name: string };
  /** The pod that waits for it, where the question is of a pod. */
  waiting?: CausalGraphNode;
  /** Pods that the message says have it. */
  usedBy?: readonly string[];
}

/** What the answer is told with. */
interface Told {
  says: string;
  evidence: Evidence[];
  quote?: Quote;
}

/**
 * Who holds a volume that another node waits for (S069, S075): a node that is lost and cannot let go; or pods that run,
 * and then it is the waiting pods' template that asks for what cannot be shared. One that is on its way out is not
 * blamed: letting go may take minutes.
 */
export function heldVolume(
  held: HeldVolume,
  told: Told,
  graph: CausalGraph,
): Finding | undefined {
  const { cluster, volume, claim, usedBy = [] } = held;
  const attachments = graph.inventory({
    cluster,
    kind: VOLUME_ATTACHMENT,
    where: { property: 'VolumeName', value: volume },
  });
  const users = claim
    ? graph.inventory({
        cluster,
        kind: POD,
        linkedTo: { relation: 'pod-persistentvolumeclaim', key: claim.key },
      })
    : undefined;
  const attachedTo = new Set(
    (attachments?.nodes ?? [])
      .filter(({ properties }) => properties.Attached === true)
      .map(({ properties }) => String(properties.NodeName)),
  );
  const pods = (users?.nodes ?? []).filter(isLive);
  const waiting = held.waiting ?? pods.find(pod => isWaiting(pod, attachedTo));
  const place = waiting && nodeOf(waiting);
  const holding = pods.filter(
    pod =>
      pod.key !== waiting?.key &&
      nodeOf(pod) !== place &&
      (attachedTo.has(nodeOf(pod)) ||
        usedBy.includes(pod.name) ||
        (attachedTo.size === 0 && !isStuck(pod))),
  );
  const nodes = new Set(
    [...attachedTo, ...holding.map(nodeOf)].filter(
      name => name !== '' && name !== place,
    ),
  );
  for (const name of nodes) {
    const node = graph.reach(
      nodeKey({ cluster, kind: NODE, namespace: '', name }),
    );
    if (node && !isWell(node) && !isUnread(node)) {
      return {
        type: 'dependency',
        on: node.key,
        confidence: 'proven',
        says: `${told.says} Volume ${volume} is still attached to ${name}, which is not well and cannot let go of it: once it is known to be off, taint it node.kubernetes.io/out-of-service, or delete it.`,
        evidence: told.evidence,
        quote: told.quote,
      };
    }
  }
  // Its node is lost, or it does not come to its end: why, is its own matter.
  const stuck = holding.find(
    ({ verdict }) =>
      verdict.level === 'unknown' || verdict.reason === 'StuckTerminating',
  );
  if (stuck) {
    return {
      type: 'dependency',
      on: (graph.reach(stuck.key) ?? stuck).key,
      confidence: 'proven',
      says: `${told.says} Pod ${stuck.name} on ${nodeOf(stuck)} still has it.`,
      evidence: told.evidence,
      quote: told.quote,
    };
  }
  const [holder] = holding;
  const leaves = holder?.verdict.level === 'terminating';
  return waiting && holder && !leaves
    ? shared(held, waiting, holder, told, graph)
    : undefined;
}

function shared(
  { volume, claim }: HeldVolume,
  waiting: CausalGraphNode,
  holder: CausalGraphNode,
  { says, evidence, quote }: Told,
  graph: CausalGraph,
): Finding {
  const pod = graph.reach(waiting.key) ?? waiting;
  const other = graph.reach(holder.key) ?? holder;
  const owner = specOwner(pod, graph);
  const has = specOwner(other, graph).node;
  const isSame = has.key === owner.node.key;
  const what = claim ? `claim ${claim.name}` : `volume ${volume}`;
  const kind = owner.node.kind.kind.toLowerCase();
  return {
    type: 'root',
    confidence: 'proven',
    says,
    evidence,
    quote,
    rootEdge: owner.edge,
    above: owner.above,
    root: {
      node: owner.node,
      fault: 'VolumeShared',
      predicate: isSame
        ? `has pods on several nodes that use ${what}, which may be on one node only: Pod ${
            holder.name
          } on ${nodeOf(holder)} has it`
        : `uses ${what}, which may be on one node only and is in use by ${called(
            has,
          )} (Pod ${holder.name} on ${nodeOf(holder)})`,
      nextStep: isSame
        ? `Run one replica with strategy Recreate, or use a claim that allows ReadWriteMany, or a StatefulSet with a claim per pod: kubectl edit ${kind} ${
            owner.node.name
          }${namespaceFlag(owner.node)}`
        : `Give ${called(
            owner.node,
          )} a claim of its own, one that allows ReadWriteMany, or the same node: kubectl edit ${kind} ${
            owner.node.name
          }${namespaceFlag(owner.node)}`,
      evidence: [
        {
          source: 'structure',
          field: `${what} is used by`,
          value: `Pod ${holder.name} on ${nodeOf(holder)}, Pod ${
            waiting.name
          } on ${nodeOf(waiting)}`,
        },
      ],
      since: waiting.createdAt,
    },
  };
}

function nodeOf({ properties }: CausalGraphNode): string {
  return String(properties.Node ?? '');
}

function isLive({ verdict, properties }: CausalGraphNode): boolean {
  return (
    verdict.level !== 'missing' &&
    verdict.level !== 'history' &&
    properties.Phase !== 'Succeeded' &&
    properties.Phase !== 'Failed'
  );
}

function isStuck({ verdict, properties }: CausalGraphNode): boolean {
  return properties.Phase === 'Pending' || verdict.reason === 'AttachFailed';
}

function isWaiting(
  pod: CausalGraphNode,
  attachedTo: ReadonlySet<string>,
): boolean {
  return isStuck(pod) && nodeOf(pod) !== '' && !attachedTo.has(nodeOf(pod));
}
