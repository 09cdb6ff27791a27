import { driverReference } from './csiDriver';
import {
  ContextNode,
  KindDefinition,
  KubernetesObject,
  Neighbours,
} from './kindDefinition';
import {
  CSI_NODE,
  NODE,
  PERSISTENT_VOLUME,
  VOLUME_ATTACHMENT,
} from './kindIds';
import { deletionVerdict, observation, parseTime } from './metadata';
import { Reference } from './observation';
import { Verdict } from './status';
import { fieldEvidence, verdict, worstVerdict } from './verdict';

export const volumeAttachmentKind: KindDefinition = {
  id: VOLUME_ATTACHMENT,
  type: 'volumeattachment',
  version: 'v1',
  plural: 'volumeattachments',
  namespaced: false,
  observe(attachment, context) {
    const { spec = {}, status = {} } = attachment;
    return observation(VOLUME_ATTACHMENT, false, attachment, context, {
      properties: {
        Attacher: spec.attacher ?? '',
        NodeName: spec.nodeName ?? '',
        VolumeName: spec.source?.persistentVolumeName,
        Attached: status.attached ?? false,
      },
      verdict: attachmentVerdict(attachment),
      facts: {
        attacher: spec.attacher ?? '',
        node: spec.nodeName ?? '',
        attached: status.attached === true,
        leaving: attachment.metadata.deletionTimestamp !== undefined,
      },
      references: references(attachment),
    });
  },
  contextRelations: ['volumeattachment-persistentvolume'],
  judgeInContext,
};

/** H110. The error's time is that of the last try: it is no time since when. */
function attachmentVerdict(attachment: KubernetesObject): Verdict {
  const { status = {}, metadata } = attachment;
  const { attached, attachError, detachError } = status;
  const createdAt = parseTime(metadata.creationTimestamp);
  const deleted = deletionVerdict(attachment);
  if (deleted) {
    return detachError
      ? worstVerdict([
          verdict('degraded', 'DetachError', {
            rule: 'H110',
            message: detachError.message,
            since: parseTime(metadata.deletionTimestamp),
            evidence: [
              fieldEvidence(
                'status.detachError.message',
                detachError.message,
                parseTime(metadata.deletionTimestamp),
              ),
            ],
          }),
          deleted,
        ])
      : deleted;
  }
  if (attached === true) {
    return verdict('ok', 'Attached', {
      evidence: [fieldEvidence('status.attached', true)],
    });
  }
  if (attachError) {
    return verdict('down', 'AttachError', {
      rule: 'H110',
      message: attachError.message,
      since: createdAt,
      evidence: [
        fieldEvidence(
          'status.attachError.message',
          attachError.message,
          createdAt,
        ),
        fieldEvidence('status.attached', false),
      ],
    });
  }
  return verdict('progressing', 'Attaching', {
    rule: 'H110',
    since: createdAt,
    evidence: [fieldEvidence('status.attached', attached ?? false)],
  });
}

function references({ spec = {} }: KubernetesObject): Reference[] {
  const to = (
    relation: string,
    kind: Reference['other']['kind'],
    name: string | undefined,
    required: boolean,
  ): Reference[] =>
    name
      ? [
          {
            relation,
            end: 'source',
            other: { kind, namespace: '', name },
            required,
          },
        ]
      : [];
  return [
    ...to(
      'volumeattachment-persistentvolume',
      PERSISTENT_VOLUME,
      spec.source?.persistentVolumeName,
      true,
    ),
    ...to('volumeattachment-node', NODE, spec.nodeName, true),
    ...to('volumeattachment-csinode', CSI_NODE, spec.nodeName, false),
    ...driverReference('volumeattachment-csidriver', spec.attacher),
    // A volume that stands in the pod itself has no PersistentVolume; its driver is the attacher's.
    ...driverReference(
      'volumeattachment-csidriver',
      spec.source?.inlineVolumeSpec?.csi?.driver,
    ).filter(({ other }) => other.name !== spec.attacher),
  ];
}

/** H111: its volume is attached elsewhere too, and may be on one node only. */
function judgeInContext(
  attachment: ContextNode,
  neighbours: Neighbours,
): Verdict | undefined {
  const [volume] = neighbours('volumeattachment-persistentvolume', 'out');
  const isTaken = volume?.level === 'down' && volume.own.level !== 'down';
  return attachment.own.level === 'progressing' && isTaken
    ? verdict('down', 'MultiAttach', {
        rule: 'H111',
        message: 'the volume is still attached to another node',
        since: attachment.own.since,
        evidence: [
          ...attachment.own.evidence,
          { source: 'structure', field: volume.key, value: 'MultiAttach' },
        ],
      })
    : undefined;
}
