import { KindDefinition, KubernetesObject } from './kindDefinition';
import {
  PERSISTENT_VOLUME_CLAIM,
  VOLUME_SNAPSHOT,
  VOLUME_SNAPSHOT_CLASS,
  VOLUME_SNAPSHOT_CONTENT,
} from './kindIds';
import { observation, ownVerdict, parseTime } from './metadata';
import { Reference } from './observation';
import { Verdict } from './status';
import { fieldEvidence, verdict } from './verdict';

export const volumeSnapshotKind: KindDefinition = {
  id: VOLUME_SNAPSHOT,
  type: 'volumesnapshot',
  version: 'v1',
  readableVersions: ['v1beta1'],
  plural: 'volumesnapshots',
  namespaced: true,
  observe(snapshot, context) {
    const { spec = {}, status = {} } = snapshot;
    return observation(VOLUME_SNAPSHOT, true, snapshot, context, {
      properties: {
        VolumeSnapshotClassName: spec.volumeSnapshotClassName,
        Source: spec.source?.persistentVolumeClaimName,
        ReadyToUse: status.readyToUse ?? false,
        RestoreSize: status.restoreSize,
      },
      verdict: ownVerdict(snapshot, snapshotVerdict(snapshot)),
      references: references(snapshot),
    });
  },
};

/** H114, of a snapshot and of its content. The error's time is that of the last try. */
export function snapshotVerdict({
  metadata,
  status = {},
}: KubernetesObject): Verdict {
  const { error, readyToUse } = status;
  if (error) {
    return verdict(readyToUse === true ? 'degraded' : 'down', 'SnapshotError', {
      rule: 'H114',
      message: error.message,
      since: parseTime(metadata.creationTimestamp),
      evidence: [
        fieldEvidence('status.error.message', error.message),
        fieldEvidence('status.readyToUse', readyToUse),
      ],
    });
  }
  return readyToUse === true
    ? verdict('ok', 'ReadyToUse', {
        evidence: [fieldEvidence('status.readyToUse', true)],
      })
    : verdict('progressing', 'Snapshotting', {
        rule: 'H114',
        since: parseTime(metadata.creationTimestamp),
        evidence: [fieldEvidence('status.readyToUse', readyToUse)],
      });
}

/** R061. A snapshot that is taken needs neither its source nor its class any more. */
function references({ metadata, spec = {}, status = {} }: KubernetesObject) {
  const taken = status.readyToUse === true;
  const to = (
    child: string,
    kind: Reference['other']['kind'],
    name: string | undefined,
    required: boolean,
    namespace = '',
  ): Reference[] =>
    name
      ? [
          {
            relation: `volumesnapshot-${child}`,
            end: 'source',
            other: { kind, namespace, name },
            required,
          },
        ]
      : [];
  return [
    ...to(
      'persistentvolumeclaim',
      PERSISTENT_VOLUME_CLAIM,
      spec.source?.persistentVolumeClaimName,
      !taken,
      metadata.namespace,
    ),
    ...to(
      'volumesnapshotcontent',
      VOLUME_SNAPSHOT_CONTENT,
      status.boundVolumeSnapshotContentName ??
        spec.source?.volumeSnapshotContentName,
      true,
    ),
    ...to(
      'volumesnapshotclass',
      VOLUME_SNAPSHOT_CLASS,
      spec.volumeSnapshotClassName,
      !taken,
    ),
  ];
}
