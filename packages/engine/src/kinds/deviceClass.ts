import { KindDefinition } from './kindDefinition';
import { DEVICE_CLASS } from './kindIds';
import { existenceVerdict, observation } from './metadata';

/** What claims ask for by name (R122). */
export const deviceClassKind: KindDefinition = {
  id: DEVICE_CLASS,
  type: 'deviceclass',
  version: 'v1',
  readableVersions: ['v1beta2', 'v1beta1'],
  plural: 'deviceclasses',
  namespaced: false,
  observe(deviceClass, context) {
    return observation(DEVICE_CLASS, false, deviceClass, context, {
      properties: {
        ExtendedResourceName: deviceClass.spec?.extendedResourceName,
      },
      verdict: existenceVerdict(deviceClass),
    });
  },
};
