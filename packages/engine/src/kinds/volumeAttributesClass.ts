import { driverReference } from './csiDriver';
import { KindDefinition } from './kindDefinition';
import { VOLUME_ATTRIBUTES_CLASS } from './kindIds';
import { existenceVerdict, observation } from './metadata';

export const volumeAttributesClassKind: KindDefinition = {
  id: VOLUME_ATTRIBUTES_CLASS,
  type: 'volumeattributesclass',
  version: 'v1',
  readableVersions: ['v1beta1', 'v1alpha1'],
  plural: 'volumeattributesclasses',
  namespaced: false,
  observe(attributes, context) {
    return observation(VOLUME_ATTRIBUTES_CLASS, false, attributes, context, {
      properties: { DriverName: attributes.driverName ?? '' },
      verdict: existenceVerdict(attributes),
      references: driverReference(
        'volumeattributesclass-csidriver',
        attributes.driverName,
      ),
    });
  },
};
