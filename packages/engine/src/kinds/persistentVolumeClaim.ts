import { conditionEvidence, conditionSummary, conditions } from './conditions';
import {
  ContextNode,
  KindDefinition,
  KubernetesObject,
  Neighbours,
} from './kindDefinition';
import {
  PERSISTENT_VOLUME,
  PERSISTENT_VOLUME_CLAIM,
  STORAGE_CLASS,
  VOLUME_ATTRIBUTES_CLASS,
} from './kindIds';
import { deletionVerdict, observation, owners, parseTime } from './metadata';
import { Reference } from './observation';
import { Verdict } from './status';
import { fieldEvidence, until, verdict, worstVerdict } from './verdict';

const UNBOUND = ['Pending', 'NotBound'];
const SELECTED_NODE = 'volume.kubernetes.io/selected-node';
/** Who uses a claim; the templates of workloads too, or a restart of their pods would make it unused. */
const USERS = [
  'pod-persistentvolumeclaim',
  'statefulset-persistentvolumeclaim',
  'deployment-persistentvolumeclaim',
  'daemonset-persistentvolumeclaim',
  'job-persistentvolumeclaim',
  'cronjob-persistentvolumeclaim',
];
/** Owners whose edge to the claim the owner's own references draw already (R005, R043). */
const REFERRING_OWNERS = new Set(['StatefulSet', 'Pod']);

export const persistentVolumeClaimKind: KindDefinition = {
  id: PERSISTENT_VOLUME_CLAIM,
  type: 'persistentvolumeclaim',
  version: 'v1',
  plural: 'persistentvolumeclaims',
  namespaced: true,
  observe(claim, context) {
    const { spec = {}, status = {}, metadata } = claim;
    return observation(PERSISTENT_VOLUME_CLAIM, true, claim, context, {
      properties: {
        AccessModes: spec.accessModes ?? [],
        VolumeName: spec.volumeName ?? '',
        StorageClassName: spec.storageClassName ?? null,
        VolumeMode: spec.volumeMode,
        Status: status.phase ?? '',
        StorageRequest: spec.resources?.requests?.storage,
        Capacity: status.capacity,
        Selector: spec.selector,
        VolumeAttributesClassName:
          status.currentVolumeAttributesClassName ??
          spec.volumeAttributesClassName,
        ModifyVolumeStatus: status.modifyVolumeStatus?.status,
        Conditions: conditionSummary(claim),
      },
      verdict: claimVerdict(claim),
      facts: {
        phase: status.phase ?? '',
        storageClass: spec.storageClassName ?? null,
        nodeSelected: metadata.annotations?.[SELECTED_NODE] !== undefined,
      },
      references: references(claim),
      owners: owners(claim).filter(
        owner => !REFERRING_OWNERS.has(owner.kind.kind),
      ),
    });
  },
  eventRules: [
    {
      rule: 'H097',
      eventReasons: ['ProvisioningFailed'],
      when: { levels: ['progressing', 'degraded'], reasons: UNBOUND },
      level: 'down',
      reason: 'ProvisioningFailed',
    },
    {
      rule: 'H100',
      eventReasons: ['FailedBinding'],
      when: { levels: ['progressing', 'degraded'], reasons: UNBOUND },
      level: 'down',
      reason: 'NoMatchingVolume',
    },
    {
      rule: 'H095',
      eventReasons: ['WaitForFirstConsumer'],
      when: { levels: ['progressing', 'degraded'], reasons: UNBOUND },
      level: 'ok',
      reason: 'WaitForFirstConsumer',
    },
    {
      rule: 'H099',
      eventReasons: ['ExternalProvisioning'],
      when: { levels: ['degraded'], reasons: UNBOUND },
      level: 'degraded',
      reason: 'ProvisionerNotResponding',
    },
  ],
  contextRelations: ['storageclass-persistentvolumeclaim', ...USERS],
  judgeInContext,
};

/** H098, H101–H104 by the claim's own fields. */
function claimVerdict(claim: KubernetesObject): Verdict {
  const { status = {}, metadata } = claim;
  const phase: string = status.phase ?? '';
  const evidence = [fieldEvidence('status.phase', phase)];
  if (metadata.deletionTimestamp !== undefined) {
    return deletionOf(claim);
  }
  if (phase === 'Lost') {
    return verdict('down', 'VolumeLost', {
      rule: 'H101',
      message: `its volume ${claim.spec?.volumeName ?? ''} is gone`,
      evidence,
    });
  }
  if (phase === 'Bound') {
    return worstVerdict([
      verdict('ok', 'Bound', { evidence }),
      ...resizeVerdicts(claim),
    ]);
  }
  const createdAt = parseTime(metadata.creationTimestamp);
  const details = { rule: 'H098', since: createdAt, evidence };
  return until(
    (createdAt ?? 0) + 2 * 60_000,
    verdict('progressing', 'Pending', details),
    verdict('degraded', 'NotBound', {
      ...details,
      message: 'no volume is bound to it',
    }),
  );
}

/** Kept by `kubernetes.io/pvc-protection` while a pod uses it: that is what it is for (H104). */
function deletionOf(claim: KubernetesObject): Verdict {
  const protectedByUse = (claim.metadata.finalizers ?? []).includes(
    'kubernetes.io/pvc-protection',
  );
  const found = deletionVerdict(claim, { terminating: 'H104' })!;
  if (!protectedByUse) {
    return found;
  }
  const { sequel: _, ...current } = found;
  return { ...current, reason: 'InUseDeleting' };
}

function resizeVerdicts(claim: KubernetesObject): Verdict[] {
  return conditions(claim)
    .filter(({ status }) => status === 'True')
    .flatMap(entry => {
      const details = {
        message: entry.message,
        since: entry.since,
        evidence: [conditionEvidence(entry)],
      };
      switch (entry.type) {
        case 'ControllerResizeError':
        case 'NodeResizeError':
        case 'ModifyVolumeError':
          return [
            verdict('degraded', 'ResizeError', { ...details, rule: 'H103' }),
          ];
        case 'Resizing':
        case 'FileSystemResizePending':
          return [
            verdict('progressing', 'Resizing', { ...details, rule: 'H102' }),
          ];
        default:
          return [];
      }
    });
}

/**
 * A claim that is bound needs its class no more. One that is not may still be bound by hand to a volume of a class
 * that exists in name only (`manual` in the task-pv example): whether the class is really missed, only the volumes
 * can tell, and they are not in view here.
 */
function references(claim: KubernetesObject): Reference[] {
  const { spec = {}, status = {} } = claim;
  return [
    ...(spec.volumeName
      ? [
          {
            relation: 'persistentvolumeclaim-persistentvolume',
            end: 'source' as const,
            other: {
              kind: PERSISTENT_VOLUME,
              namespace: '',
              name: spec.volumeName,
            },
            required: true,
          },
        ]
      : []),
    ...(spec.storageClassName
      ? [
          {
            relation: 'storageclass-persistentvolumeclaim',
            end: 'target' as const,
            other: {
              kind: STORAGE_CLASS,
              namespace: '',
              name: spec.storageClassName,
            },
            required: status.phase !== 'Bound' && !spec.volumeName,
          },
        ]
      : []),
    ...attributesClasses(claim),
    ...dataSource(claim),
  ];
}

/** The class that is asked for and the one that is in force while they change (R046). */
function attributesClasses({
  spec = {},
  status = {},
}: KubernetesObject): Reference[] {
  const names = [
    spec.volumeAttributesClassName,
    status.currentVolumeAttributesClassName,
  ].filter(name => name);
  return [...new Set<string>(names)].map(name => ({
    relation: 'persistentvolumeclaim-volumeattributesclass',
    end: 'source',
    other: { kind: VOLUME_ATTRIBUTES_CLASS, namespace: '', name },
    required: name === spec.volumeAttributesClassName,
  }));
}

/** What the volume is made from (R047): a snapshot, another claim, or what a populator reads. A bound claim needs it no more. */
function dataSource({
  metadata,
  spec = {},
  status = {},
}: KubernetesObject): Reference[] {
  const source = spec.dataSourceRef ?? spec.dataSource;
  return source?.name && source.kind
    ? [
        {
          relation: 'persistentvolumeclaim-datasource',
          end: 'source',
          other: {
            kind: { group: source.apiGroup ?? '', kind: source.kind },
            namespace: source.namespace ?? metadata.namespace,
            name: source.name,
          },
          required: status.phase !== 'Bound',
        },
      ]
    : [];
}

/** A claim of a class that waits for its first consumer is well without one (H095), and waits with it (H096). */
function judgeInContext(
  claim: ContextNode,
  neighbours: Neighbours,
): Verdict | undefined {
  const waits = neighbours('storageclass-persistentvolumeclaim', 'in').some(
    ({ facts }) => facts.bindingMode === 'WaitForFirstConsumer',
  );
  const unbound =
    claim.facts.phase === 'Pending' &&
    (claim.own.level === 'progressing' ||
      claim.own.reason === 'NotBound' ||
      claim.own.reason === 'WaitForFirstConsumer');
  if (!waits || !unbound || claim.facts.nodeSelected) {
    return unused(claim, neighbours);
  }
  const consumers = neighbours('pod-persistentvolumeclaim', 'in').filter(
    pod => pod.level !== 'missing' && pod.facts.terminal !== true,
  );
  const mode = {
    source: 'structure' as const,
    field: 'volumeBindingMode',
    value: 'WaitForFirstConsumer',
  };
  return consumers.length === 0
    ? verdict('ok', 'WaitForFirstConsumer', { rule: 'H095', evidence: [mode] })
    : verdict('progressing', 'WaitingForPodScheduled', {
        rule: 'H096',
        message: 'waits until the scheduler has picked a node for its pod',
        evidence: [
          mode,
          {
            source: 'structure',
            field: consumers[0].key,
            value: consumers[0].own.message ?? consumers[0].own.reason,
          },
        ],
      });
}

/** H105: nobody uses it. Not a fault: claims outlive what used them, on purpose. */
function unused(
  claim: ContextNode,
  neighbours: Neighbours,
): Verdict | undefined {
  return claim.own.level === 'ok' &&
    claim.facts.phase === 'Bound' &&
    USERS.every(relation => neighbours(relation, 'in').length === 0)
    ? verdict('idle', 'Unused', {
        rule: 'H105',
        message: 'no pod and no workload uses it',
        evidence: claim.own.evidence,
      })
    : undefined;
}
