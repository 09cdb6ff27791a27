import {
  ContextNode,
  KindDefinition,
  KubernetesObject,
  Neighbours,
} from './kindDefinition';
import { LEASE, NODE, POD } from './kindIds';
import {
  deletionVerdict,
  existenceVerdict,
  observation,
  parseTime,
} from './metadata';
import { Reference } from './observation';
import { Verdict } from './status';
import { fieldEvidence, unlessSilent, until, verdict } from './verdict';

const SECOND = 1000;

/** Where the kubelets' heartbeats are. */
const HEARTBEATS = 'kube-node-lease';
/** A kubelet renews every 10 s; the node controller waits for 50 s before it says so of the Node (H127). */
const LATE = 40 * SECOND;
/** Leases of an operator that was removed stay for ever: after a day they are left over. */
const ABANDONED = 24 * 3600 * SECOND;
/** Leader leases without which nothing is reconciled or scheduled: never left over. */
const CONTROL_PLANE = new Set([
  'cloud-controller-manager',
  'kube-controller-manager',
  'kube-scheduler',
]);
/** A pod of a Deployment: `cart-7d9f8b6c5-x2x4z`. Others may be host names as well. */
const DEPLOYED_POD =
  /^[a-z0-9.-]+-[bcdfghjklmnpqrstvwxz2456789]{6,10}-[bcdfghjklmnpqrstvwxz2456789]{5}$/;
/** A pod of a StatefulSet or DaemonSet, or a host: `db-0`, `agent-x2x4z`, `ip-10-0-0-7`. */
const NUMBERED = /^(.+)-(?:[bcdfghjklmnpqrstvwxz2456789]{5}|\d{1,4})$/;

/**
 * Heartbeats of nodes and leaders (R126, R127). A renewal only puts the verdict's sequel off: no row, no version.
 */
export const leaseKind: KindDefinition = {
  id: LEASE,
  type: 'lease',
  version: 'v1',
  plural: 'leases',
  namespaced: true,
  observe(lease, context) {
    const { spec = {}, metadata } = lease;
    const isHeartbeat = metadata.namespace === HEARTBEATS;
    return observation(LEASE, true, lease, context, {
      properties: {
        Holder: spec.holderIdentity ?? '',
        LeaseDurationSeconds: spec.leaseDurationSeconds,
        // Of a leader; a kubelet that starts again takes its lease anew.
        AcquireTime: spec.acquireTime ?? undefined,
        Transitions: spec.leaseTransitions,
      },
      verdict: isHeartbeat ? heartbeatVerdict(lease) : leaderVerdict(lease),
      references: isHeartbeat ? nodeReference(lease) : holderReference(lease),
      // A heartbeat's owner is the node that its name says already.
      ...(isHeartbeat ? { owners: [] } : {}),
    });
  },
  contextRelations: ['node-lease'],
  judgeInContext,
};

function nodeReference({ metadata }: KubernetesObject): Reference[] {
  return [
    {
      relation: 'node-lease',
      end: 'target',
      other: { kind: NODE, namespace: '', name: metadata.name },
      required: false,
    },
  ];
}

/** Told from a name, so it is inferred: `<pod>` or `<pod>_<uuid>`; a holder that may be a host points at no pod. */
function holderReference({
  spec = {},
  metadata,
}: KubernetesObject): Reference[] {
  const [holder] = String(spec.holderIdentity ?? '').split('_');
  const set = NUMBERED.exec(holder)?.[1];
  const isPod =
    DEPLOYED_POD.test(holder) ||
    (set !== undefined &&
      (set.includes(metadata.name) || metadata.name.includes(set)));
  return isPod
    ? [
        {
          relation: 'lease-pod',
          end: 'source',
          other: { kind: POD, namespace: metadata.namespace, name: holder },
          required: false,
        },
      ]
    : [];
}

/** H127. */
function heartbeatVerdict(lease: KubernetesObject): Verdict {
  return (
    deletionVerdict(lease) ??
    renewedOr(lease, LATE, details =>
      verdict('degraded', 'HeartbeatLate', {
        ...details,
        rule: 'H127',
        message: 'the kubelet sends no heartbeat, and its Node is still Ready',
      }),
    )
  );
}

/** H128. A holder that ends well gives its lease up: nobody is missed then. */
function leaderVerdict(lease: KubernetesObject): Verdict {
  const { spec = {}, metadata } = lease;
  const duration: number = spec.leaseDurationSeconds ?? 0;
  if (!spec.holderIdentity || duration <= 0) {
    return existenceVerdict(lease);
  }
  const isControlPlane =
    metadata.namespace === 'kube-system' && CONTROL_PLANE.has(metadata.name);
  return (
    deletionVerdict(lease) ??
    renewedOr(lease, 2 * duration * SECOND, details => {
      const dead = verdict('degraded', 'ControllerDead', {
        ...details,
        evidence: [
          ...details.evidence,
          fieldEvidence('spec.holderIdentity', spec.holderIdentity),
        ],
        rule: 'H128',
        message:
          'its holder renews the lease no more: the controller does not run',
      });
      return isControlPlane
        ? dead
        : until(
            details.since + ABANDONED,
            dead,
            verdict('history', 'Abandoned', {
              ...dead,
              message: 'nobody has renewed the lease for a day',
            }),
          );
    })
  );
}

type Silence = (details: {
  since: number;
  evidence: Verdict['evidence'];
}) => Verdict;

function renewedOr(
  lease: KubernetesObject,
  budget: number,
  silence: Silence,
): Verdict {
  const { renewTime } = lease.spec ?? {};
  const renewedAt = parseTime(renewTime);
  if (renewedAt === undefined) {
    return existenceVerdict(lease);
  }
  const evidence = [fieldEvidence('spec.renewTime', renewTime, renewedAt)];
  return unlessSilent(
    renewedAt,
    budget,
    verdict('ok', 'Renewed'),
    silence({ since: renewedAt, evidence }),
  );
}

/** Where the node controller has noticed too, or the node is out of use, its Node says it. */
function judgeInContext(
  lease: ContextNode,
  neighbours: Neighbours,
): Verdict | undefined {
  if (lease.own.reason !== 'HeartbeatLate') {
    return undefined;
  }
  const [node] = neighbours('node-lease', 'in');
  return node?.facts.ready === 'True' && node.own.level !== 'maintenance'
    ? undefined
    : verdict('idle', 'NodeSilent', {
        rule: 'H127',
        since: lease.own.since,
        evidence: lease.own.evidence,
      });
}
