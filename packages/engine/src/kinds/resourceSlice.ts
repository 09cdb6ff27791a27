import { KindDefinition } from './kindDefinition';
import { NODE, RESOURCE_SLICE } from './kindIds';
import { existenceVerdict, observation } from './metadata';

/** The devices that a driver offers, mostly those of one node (R124). */
export const resourceSliceKind: KindDefinition = {
  id: RESOURCE_SLICE,
  type: 'resourceslice',
  version: 'v1',
  readableVersions: ['v1beta2', 'v1beta1'],
  plural: 'resourceslices',
  namespaced: false,
  observe(slice, context) {
    const { spec = {} } = slice;
    return observation(RESOURCE_SLICE, false, slice, context, {
      properties: {
        Driver: spec.driver,
        Pool: spec.pool?.name,
        DeviceCount: spec.devices?.length ?? 0,
        AllNodes: spec.allNodes,
      },
      verdict: existenceVerdict(slice),
      references: spec.nodeName
        ? [
            {
              relation: 'resourceslice-node',
              end: 'source',
              other: { kind: NODE, namespace: '', name: spec.nodeName },
              required: true,
            },
          ]
        : [],
      // Its owner is the node as well.
      ...(spec.nodeName ? { owners: [] } : {}),
    });
  },
};
