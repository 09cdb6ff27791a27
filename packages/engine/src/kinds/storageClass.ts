import { driverReference } from './csiDriver';
import { ContextNode, KindDefinition, Neighbours } from './kindDefinition';
import { STORAGE_CLASS } from './kindIds';
import { existenceVerdict, observation } from './metadata';
import { parameterSecrets } from './parameterSecrets';
import { Verdict } from './status';
import { verdict } from './verdict';

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
      references: [
        ...driverReference('storageclass-csidriver', storageClass.provisioner),
        ...parameterSecrets('storageclass-secret', storageClass.parameters),
      ],
    });
  },
  contextRelations: [
    'storageclass-csidriver',
    'storageclass-persistentvolumeclaim',
  ],
  judgeInContext,
};

/**
 * H112: no driver has the provisioner's name, and a claim is not served. Alone that is no fault: a provisioner need not
 * be a CSI driver.
 */
function judgeInContext(
  storageClass: ContextNode,
  neighbours: Neighbours,
): Verdict | undefined {
  const [driver] = neighbours('storageclass-csidriver', 'out');
  if (driver?.level !== 'missing' || storageClass.own.level !== 'ok') {
    return undefined;
  }
  const waiting = neighbours(
    'storageclass-persistentvolumeclaim',
    'out',
  ).filter(
    ({ facts, level }) =>
      facts.phase === 'Pending' && (level === 'degraded' || level === 'down'),
  );
  return waiting.length === 0
    ? undefined
    : verdict('degraded', 'DriverMissing', {
        rule: 'H112',
        message: `no CSI driver has the name of its provisioner, and ${waiting.length} of its claims get no volume`,
        evidence: [
          { source: 'absence', field: 'provisioner', value: driver.key },
          {
            source: 'structure',
            field: waiting[0].key,
            value: waiting[0].own.message ?? waiting[0].own.reason,
          },
        ],
      });
}
