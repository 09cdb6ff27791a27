import { KubernetesObject } from './kindDefinition';
import { KindId } from './identity';
import { CONFIG_MAP, PERSISTENT_VOLUME_CLAIM, SECRET } from './kindIds';
import { Json, Reference } from './observation';
import { isTokenVolume, SpecMemo } from './podSpecMemo';

/** How a reference is used; `subPath` and `env`, `envFrom` are read at start only, `volume` follows changes. */
type Via =
  | 'env'
  | 'envFrom'
  | 'volume'
  | 'subPath'
  | 'projected'
  | 'imagePullSecrets';

interface Use {
  target: 'configmap' | 'secret' | 'imagepullsecret' | 'persistentvolumeclaim';
  name: string;
  via: Via;
  required: boolean;
  keys?: string[];
  container?: string;
  volume?: string;
  /** The containers that mount the volume. */
  mountedBy?: string[];
}

const TARGET_KINDS: { readonly [target in Use['target']]: KindId } = {
  configmap: CONFIG_MAP,
  secret: SECRET,
  imagepullsecret: SECRET,
  persistentvolumeclaim: PERSISTENT_VOLUME_CLAIM,
};

/** Every pod has this ConfigMap; drawing it hides what matters. */
const ROOT_CA = 'kube-root-ca.crt';

const NEEDS = new SpecMemo<readonly Reference[]>();

/**
 * What a pod spec needs (R019–R028, R035, R036, R042, R043), one reference per object that is needed:
 * `details` tells the keys, how they are read, by which containers and through which volumes.
 *
 * @param owner type of the object that carries the spec: `pod`, or the template's owner (R038)
 * @param podName only for a pod itself: names its generic ephemeral claims
 */
export function podSpecReferences(
  owner: string,
  namespace: string,
  spec: KubernetesObject | undefined,
  podName?: string,
): readonly Reference[] {
  if (!spec) {
    return [];
  }
  return NEEDS.of(owner, namespace, spec, () =>
    readReferences(owner, namespace, spec, podName),
  );
}

function readReferences(
  owner: string,
  namespace: string,
  spec: KubernetesObject,
  podName: string | undefined,
): Reference[] {
  const uses = [
    ...containerUses(spec),
    ...volumeUses(spec, podName),
    ...asArray(spec.imagePullSecrets).map(
      (secret): Use => ({
        target: 'imagepullsecret',
        name: secret.name,
        via: 'imagePullSecrets',
        required: true,
      }),
    ),
  ].filter(use => use.name && !(use.name === ROOT_CA && isConfigMap(use)));
  return [...groupByTarget(uses).values()].map(group =>
    mergeUses(owner, namespace, group),
  );
}

function isConfigMap(use: Use): boolean {
  return use.target === 'configmap';
}

function asArray(value: unknown): any[] {
  return Array.isArray(value) ? value : [];
}

function containerUses(spec: KubernetesObject): Use[] {
  return [
    ...asArray(spec.initContainers).flatMap(one => environmentUses(one, true)),
    ...asArray(spec.containers).flatMap(one => environmentUses(one, true)),
    // A debug container never decides over its pod (R027).
    ...asArray(spec.ephemeralContainers).flatMap(one =>
      environmentUses(one, false),
    ),
  ];
}

function environmentUses(container: any, counts: boolean): Use[] {
  const use = (
    target: Use['target'],
    via: Via,
    reference: any,
    keys?: string[],
  ): Use[] =>
    reference
      ? [
          {
            target,
            name: reference.name,
            via,
            required: counts && reference.optional !== true,
            keys,
            container: container.name,
          },
        ]
      : [];
  return [
    ...asArray(container.env).flatMap(({ valueFrom }) => [
      ...use('configmap', 'env', valueFrom?.configMapKeyRef, [
        valueFrom?.configMapKeyRef?.key,
      ]),
      ...use('secret', 'env', valueFrom?.secretKeyRef, [
        valueFrom?.secretKeyRef?.key,
      ]),
    ]),
    ...asArray(container.envFrom).flatMap(source => [
      ...use('configmap', 'envFrom', source.configMapRef),
      ...use('secret', 'envFrom', source.secretRef),
    ]),
  ];
}

/** Volume types that name a Secret in a field of their own (R035, R036). */
const SECRET_FIELDS: readonly {
  volume: string;
  name: (source: any) => string | undefined;
}[] = [
  { volume: 'azureFile', name: source => source.secretName },
  { volume: 'csi', name: source => source.nodePublishSecretRef?.name },
  ...[
    'cephfs',
    'cinder',
    'flexVolume',
    'iscsi',
    'rbd',
    'scaleIO',
    'storageos',
  ].map(volume => ({ volume, name: (source: any) => source.secretRef?.name })),
];

function volumeUses(spec: KubernetesObject, podName?: string): Use[] {
  return asArray(spec.volumes)
    .filter(volume => !isTokenVolume(volume.name))
    .flatMap(volume => {
      const mounts = mountsOf(spec, volume.name);
      const use = (
        target: Use['target'],
        name: string | undefined,
        via: Via,
        source: any,
      ): Use[] =>
        name
          ? [
              {
                target,
                name,
                via: via === 'volume' && mounts.bySubPath ? 'subPath' : via,
                required: source.optional !== true,
                keys: source.items
                  ? asArray(source.items).map(item => item.key)
                  : undefined,
                volume: volume.name,
                mountedBy: mounts.containers,
              },
            ]
          : [];
      const { configMap, secret, persistentVolumeClaim, ephemeral } = volume;
      return [
        ...(configMap
          ? use('configmap', configMap.name, 'volume', configMap)
          : []),
        ...(secret ? use('secret', secret.secretName, 'volume', secret) : []),
        ...asArray(volume.projected?.sources).flatMap(source => [
          ...(source.configMap
            ? use(
                'configmap',
                source.configMap.name,
                'projected',
                source.configMap,
              )
            : []),
          ...(source.secret
            ? use('secret', source.secret.name, 'projected', source.secret)
            : []),
        ]),
        ...SECRET_FIELDS.flatMap(field =>
          volume[field.volume]
            ? use('secret', field.name(volume[field.volume]), 'volume', {})
            : [],
        ),
        ...(persistentVolumeClaim
          ? use(
              'persistentvolumeclaim',
              persistentVolumeClaim.claimName,
              'volume',
              {},
            )
          : []),
        ...(ephemeral && podName
          ? use(
              'persistentvolumeclaim',
              `${podName}-${volume.name}`,
              'volume',
              {},
            )
          : []),
      ];
    });
}

function mountsOf(
  spec: KubernetesObject,
  volume: string,
): { containers: string[]; bySubPath: boolean } {
  const containers = [
    ...asArray(spec.initContainers),
    ...asArray(spec.containers),
    ...asArray(spec.ephemeralContainers),
  ];
  const mounts = containers.flatMap(container =>
    asArray(container.volumeMounts)
      .filter(mount => mount.name === volume)
      .map(mount => ({ container: String(container.name), mount })),
  );
  return {
    containers: [...new Set(mounts.map(({ container }) => container))],
    bySubPath: mounts.some(({ mount }) => mount.subPath || mount.subPathExpr),
  };
}

function groupByTarget(uses: readonly Use[]): Map<string, Use[]> {
  const groups = new Map<string, Use[]>();
  for (const use of uses) {
    const key = `${use.target}/${use.name}`;
    const group = groups.get(key);
    if (group) {
      group.push(use);
    } else {
      groups.set(key, [use]);
    }
  }
  return groups;
}

function mergeUses(
  owner: string,
  namespace: string,
  uses: readonly Use[],
): Reference {
  const [{ target, name }] = uses;
  const details: { [key: string]: Json } = {};
  const put = (key: string, values: (string | undefined)[]) => {
    const distinct = [...new Set(values.filter(value => value !== undefined))];
    if (distinct.length > 0) {
      details[key] = distinct.sort();
    }
  };
  put(
    'keys',
    uses.flatMap(use => use.keys ?? []),
  );
  put(
    'requiredKeys',
    uses.filter(use => use.required).flatMap(use => use.keys ?? []),
  );
  put(
    'via',
    uses.map(use => use.via),
  );
  put(
    'containers',
    uses.flatMap(use => [use.container, ...(use.mountedBy ?? [])]),
  );
  put(
    'volumes',
    uses.map(use => use.volume),
  );
  return {
    relation: `${owner}-${target}`,
    end: 'source',
    other: { kind: TARGET_KINDS[target], namespace, name },
    required: uses.some(use => use.required),
    details,
  };
}
