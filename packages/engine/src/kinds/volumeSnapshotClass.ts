import { driverReference } from './csiDriver';
import { KindDefinition } from './kindDefinition';
import { VOLUME_SNAPSHOT_CLASS, VOLUME_SNAPSHOT_CONTENT } from './kindIds';
import { existenceVerdict, observation, ownVerdict } from './metadata';
import { parameterSecrets } from './parameterSecrets';
import { snapshotVerdict } from './volumeSnapshot';

export const volumeSnapshotClassKind: KindDefinition = {
  id: VOLUME_SNAPSHOT_CLASS,
  type: 'volumesnapshotclass',
  version: 'v1',
  readableVersions: ['v1beta1'],
  plural: 'volumesnapshotclasses',
  namespaced: false,
  observe(item, context) {
    return observation(VOLUME_SNAPSHOT_CLASS, false, item, context, {
      properties: {
        Driver: item.driver ?? '',
        DeletionPolicy: item.deletionPolicy,
      },
      verdict: existenceVerdict(item),
      references: [
        ...driverReference('volumesnapshotclass-csidriver', item.driver),
        ...parameterSecrets('volumesnapshotclass-secret', item.parameters),
      ],
    });
  },
};

export const volumeSnapshotContentKind: KindDefinition = {
  id: VOLUME_SNAPSHOT_CONTENT,
  type: 'volumesnapshotcontent',
  version: 'v1',
  readableVersions: ['v1beta1'],
  plural: 'volumesnapshotcontents',
  namespaced: false,
  observe(content, context) {
    const { spec = {}, status = {} } = content;
    return observation(VOLUME_SNAPSHOT_CONTENT, false, content, context, {
      properties: {
        Driver: spec.driver ?? '',
        DeletionPolicy: spec.deletionPolicy,
        SnapshotNamespace: spec.volumeSnapshotRef?.namespace,
        SnapshotName: spec.volumeSnapshotRef?.name,
        ReadyToUse: status.readyToUse ?? false,
      },
      verdict: ownVerdict(content, snapshotVerdict(content)),
      references: [
        ...driverReference('volumesnapshotcontent-csidriver', spec.driver),
        ...(spec.volumeSnapshotClassName
          ? [
              {
                relation: 'volumesnapshotcontent-volumesnapshotclass',
                end: 'source' as const,
                other: {
                  kind: VOLUME_SNAPSHOT_CLASS,
                  namespace: '',
                  name: spec.volumeSnapshotClassName,
                },
                required: false,
              },
            ]
          : []),
      ],
    });
  },
};
