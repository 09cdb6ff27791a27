import {
  ContextNode,
  KindDefinition,
  KubernetesObject,
  Neighbours,
} from './kindDefinition';
import { NODE, PERSISTENT_VOLUME, SECRET, STORAGE_CLASS } from './kindIds';
import { observation, ownVerdict, parseTime } from './metadata';
import { Reference, SelectorReference } from './observation';
import { Verdict } from './status';
import { fieldEvidence, verdict } from './verdict';

const HOSTNAME = 'kubernetes.io/hostname';
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
      },
      verdict: ownVerdict(volume, volumeVerdict(volume)),
      facts: { phase: status.phase ?? '' },
      references: references(volume),
      selectors: nodeSelectors(volume),
    });
  },
  contextRelations: ['persistentvolume-node'],
  judgeInContext,
};

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
  ];
}

/** A volume on one node's disk goes with that node (R051); wider affinities (a zone) name no single node to blame. */
function nodeSelectors(volume: KubernetesObject): SelectorReference[] {
  const terms: any[] =
    volume.spec?.nodeAffinity?.required?.nodeSelectorTerms ?? [];
  const hosts = terms
    .flatMap(term => term.matchExpressions ?? [])
    .filter(
      (one: any) => one.key === HOSTNAME && one.operator === 'In',
    ) as any[];
  if (terms.length !== 1 || hosts.length !== 1) {
    return [];
  }
  return [
    {
      relation: 'persistentvolume-node',
      end: 'source',
      kind: NODE,
      namespaces: 'all',
      selector: [
        { key: HOSTNAME, operator: 'In', values: hosts[0].values.map(String) },
      ],
    },
  ];
}

/** H109: every node that the volume can be reached from is down. */
function judgeInContext(
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
