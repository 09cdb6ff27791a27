import { KindDefinition } from './kindDefinition';
import { CSI_STORAGE_CAPACITY, STORAGE_CLASS } from './kindIds';
import { existenceVerdict, observation } from './metadata';
import { topologyEdges } from './topologyTerms';

export const csiStorageCapacityKind: KindDefinition = {
  id: CSI_STORAGE_CAPACITY,
  type: 'csistoragecapacity',
  version: 'v1',
  readableVersions: ['v1beta1'],
  plural: 'csistoragecapacities',
  namespaced: true,
  observe(capacity, context) {
    return observation(CSI_STORAGE_CAPACITY, true, capacity, context, {
      properties: {
        Capacity: capacity.capacity,
        MaximumVolumeSize: capacity.maximumVolumeSize,
        StorageClassName: capacity.storageClassName ?? '',
        Topology: capacity.nodeTopology?.matchLabels,
      },
      verdict: existenceVerdict(capacity),
      references: capacity.storageClassName
        ? [
            {
              relation: 'csistoragecapacity-storageclass',
              end: 'source',
              other: {
                kind: STORAGE_CLASS,
                namespace: '',
                name: capacity.storageClassName,
              },
              required: false,
            },
          ]
        : [],
      selectors: topologyEdges(
        'csistoragecapacity-node',
        capacity.nodeTopology,
      ),
    });
  },
};
