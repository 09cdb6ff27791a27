import { driverReference } from './csiDriver';
import {
  ContextNode,
  KindDefinition,
  KubernetesObject,
  Neighbours,
} from './kindDefinition';
import {
  PERSISTENT_VOLUME,
  PERSISTENT_VOLUME_CLAIM,
  SECRET,
  STORAGE_CLASS,
  VOLUME_ATTRIBUTES_CLASS,
} from './kindIds';
import { deletionVerdict, observation, parseTime } from './metadata';
import { Reference } from './observation';
import { Verdict } from './status';
import { nodeEdges } from './topologyTerms';
import { fieldEvidence, verdict } from './verdict';

const ONE_NODE_ONLY = new Set(['ReadWriteOnce', 'ReadWriteOncePod']);
const SECRET_REFERENCES = [
  'controllerExpandSecretRef',
  'controllerPublishSecretRef',
  'nodeExpandSecretRef',
  'nodePublishSecretRef',
  'nodeStageSecretRef',
] as const;

export const persistentVolumeKind: KindDefinition = {
  id: PERSISTENT_VOLUME,
  type: 'persistentvolume',
  version: 'v1',
  plural: 'persistentvolumes',
  namespaced: false,
  observe(volume, context) {
    const { spec = {}, status = {} } = volume;
    const claim = spec.claimRef;
    const nodes = nodeEdges(
      'persistentvolume-node',
      spec.nodeAffinity?.required,
    );
    return observation(PERSISTENT_VOLUME, false, volume, context, {
      properties: {
        Capacity: spec.capacity ?? {},
        VolumeMode: spec.volumeMode,
        StorageClassName: spec.storageClassName ?? '',
        Status: status.phase ?? '',
        AccessModes: spec.accessModes ?? [],
        ClaimRef: claim?.name,
        ClaimNamespace: claim?.namespace,
        ClaimUID: claim?.uid,
        ReclaimPolicy: spec.persistentVolumeReclaimPolicy,
        Driver: spec.csi?.driver,
        NodeAffinity: spec.nodeAffinity?.required,
      },
      verdict: deletionOf(volume) ?? volumeVerdict(volume),
      facts: {
        phase: status.phase ?? '',
        oneNodeOnly: (spec.accessModes ?? []).every((mode: string) =>
          ONE_NODE_ONLY.has(mode),
        ),
      },
      references: [...references(volume), ...nodes.references],
      selectors: nodes.selectors,
    });
  },
  contextRelations: [
    'persistentvolume-node',
    'volumeattachment-persistentvolume',
  ],
  judgeInContext,
};

/** Kept by `kubernetes.io/pv-protection` while a claim has it: that is what it is for (`health.md` section 4). */
function deletionOf(volume: KubernetesObject): Verdict | undefined {
  const found = deletionVerdict(volume);
  const { metadata, status = {} } = volume;
  const inUse =
    status.phase === 'Bound' &&
    metadata.finalizers?.includes('kubernetes.io/pv-protection');
  if (!found || !inUse) {
    return found;
  }
  const { sequel: _, ...current } = found;
  return { ...current, reason: 'InUseDeleting' };
}

/** H106–H108. */
function volumeVerdict(volume: KubernetesObject): Verdict {
  const { status = {} } = volume;
  const phase: string = status.phase ?? '';
  const details = {
    message: status.message || status.reason || undefined,
    since: parseTime(status.lastPhaseTransitionTime),
    evidence: [fieldEvidence('status.phase', phase)],
  };
  switch (phase) {
    case 'Failed':
      return verdict('down', 'VolumeFailed', { ...details, rule: 'H106' });
    case 'Released':
      return verdict('idle', 'Released', { ...details, rule: 'H107' });
    case 'Pending':
      return verdict('progressing', 'Pending', { ...details, rule: 'H108' });
    default:
      return verdict('ok', phase || 'Exists', details);
  }
}

function references(volume: KubernetesObject): Reference[] {
  const { spec = {} } = volume;
  const secrets = SECRET_REFERENCES.map(field => spec.csi?.[field]).filter(
    reference => reference?.name && reference.namespace,
  );
  const distinct = new Map(
    secrets.map(one => [`${one.namespace}/${one.name}`, one]),
  );
  return [
    ...(spec.storageClassName
      ? [
          {
            relation: 'storageclass-persistentvolume',
            end: 'target' as const,
            other: {
              kind: STORAGE_CLASS,
              namespace: '',
              name: spec.storageClassName,
            },
            required: false,
          },
        ]
      : []),
    ...[...distinct.values()].map(({ namespace, name }) => ({
      relation: 'persistentvolume-secret',
      end: 'source' as const,
      other: { kind: SECRET, namespace, name },
      required: true,
    })),
    ...driverReference('persistentvolume-csidriver', spec.csi?.driver),
    ...(spec.volumeAttributesClassName
      ? [
          {
            relation: 'persistentvolume-volumeattributesclass',
            end: 'source' as const,
            other: {
              kind: VOLUME_ATTRIBUTES_CLASS,
              namespace: '',
              name: spec.volumeAttributesClassName,
            },
            required: false,
          },
        ]
      : []),
    ...reservation(volume),
  ];
}

/**
 * The claim that a volume is kept for before they are bound (R044). Once they are, the claim says it; and the claim of
 * a released volume is gone, or another one of its name.
 */
function reservation({
  spec = {},
  status = {},
}: KubernetesObject): Reference[] {
  const claim = spec.claimRef;
  return claim?.name && !['Bound', 'Released'].includes(status.phase)
    ? [
        {
          relation: 'persistentvolumeclaim-persistentvolume',
          end: 'target',
          other: {
            kind: PERSISTENT_VOLUME_CLAIM,
            namespace: claim.namespace ?? '',
            name: claim.name,
          },
          required: false,
        },
      ]
    : [];
}

function judgeInContext(
  volume: ContextNode,
  neighbours: Neighbours,
): Verdict | undefined {
  return multiAttach(volume, neighbours) ?? nodeGone(volume, neighbours);
}

/** H111: attached to several nodes at once, and may be on one only. */
function multiAttach(
  volume: ContextNode,
  neighbours: Neighbours,
): Verdict | undefined {
  if (!volume.facts.oneNodeOnly || volume.own.level !== 'ok') {
    return undefined;
  }
  const attachments = neighbours(
    'volumeattachment-persistentvolume',
    'in',
  ).filter(({ level, facts }) => level !== 'missing' && !facts.leaving);
  const nodes = [...new Set(attachments.map(({ facts }) => facts.node))];
  return nodes.length < 2
    ? undefined
    : verdict('down', 'MultiAttach', {
        rule: 'H111',
        message: `it may be on one node only and is to be attached to ${nodes.join(
          ', ',
        )}`,
        since: Math.max(...attachments.map(({ createdAt }) => createdAt ?? 0)),
        evidence: attachments.slice(0, 5).map(({ key, facts }) => ({
          source: 'structure',
          field: key,
          value: `${facts.node}, ${
            facts.attached ? 'attached' : 'not attached'
          }`,
        })),
      });
}

/** H109: every node that the volume can be reached from is down. */
function nodeGone(
  volume: ContextNode,
  neighbours: Neighbours,
): Verdict | undefined {
  const nodes = neighbours('persistentvolume-node', 'out');
  const gone =
    volume.facts.phase === 'Bound' &&
    nodes.length > 0 &&
    nodes.every(({ level }) => level === 'down' || level === 'missing');
  return gone
    ? verdict('degraded', 'NodeGone', {
        rule: 'H109',
        message: 'the only node that has this volume is down',
        since: nodes[0].own.since,
        evidence: nodes.slice(0, 5).map(node => ({
          source: 'structure',
          field: 'spec.nodeAffinity.required',
          value: `${node.key}: ${node.own.message ?? node.own.reason}`,
        })),
      })
    : undefined;
}
