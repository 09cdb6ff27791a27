import { KindDefinition } from './kindDefinition';
import { STORAGE_CLASS } from './kindIds';
import { existenceVerdict, observation } from './metadata';

const DEFAULT_CLASS = 'storageclass.kubernetes.io/is-default-class';

export const storageClassKind: KindDefinition = {
  id: STORAGE_CLASS,
  type: 'storageclass',
  version: 'v1',
  plural: 'storageclasses',
  namespaced: false,
  observe(storageClass, context) {
    const bindingMode: string = storageClass.volumeBindingMode ?? 'Immediate';
    return observation(STORAGE_CLASS, false, storageClass, context, {
      properties: {
        Provisioner: storageClass.provisioner ?? '',
        VolumeBindingMode: bindingMode,
        ReclaimPolicy: storageClass.reclaimPolicy,
        AllowVolumeExpansion: storageClass.allowVolumeExpansion,
        IsDefault:
          storageClass.metadata?.annotations?.[DEFAULT_CLASS] === 'true',
      },
      verdict: existenceVerdict(storageClass),
      facts: { bindingMode },
    });
  },
};
