/**
 * Lists whose items have an identity: by which fields. For `fieldsV1` all of them count, for strategic merge patches
 * the first. Lists that are not named here are replaced whole.
 */
const LIST_KEYS: Record<string, readonly string[]> = {
  conditions: ['type'],
  containers: ['name'],
  env: ['name'],
  ephemeralContainers: ['name'],
  hostAliases: ['ip'],
  imagePullSecrets: ['name'],
  initContainers: ['name'],
  ownerReferences: ['uid'],
  podIPs: ['ip'],
  topologySpreadConstraints: ['topologyKey', 'whenUnsatisfiable'],
  volumeDevices: ['devicePath'],
  volumeMounts: ['mountPath'],
  volumes: ['name'],
};

/** The identity of items of a list field, or undefined when the list is one value. */
export function listKeysOf(
  field: string,
  items: readonly unknown[],
): readonly string[] | undefined {
  if (field === 'ports') {
    // The same name for three things: container ports, Service ports, and those of endpoints, which are one value.
    const first = items[0] as Record<string, unknown> | undefined;
    if (first && 'containerPort' in first) {
      return ['containerPort', 'protocol'];
    }
    return first && ('targetPort' in first || 'nodePort' in first)
      ? ['port', 'protocol']
      : undefined;
  }
  if (field === 'addresses') {
    const first = items[0] as Record<string, unknown> | undefined;
    return first && typeof first === 'object' && 'type' in first
      ? ['type']
      : undefined;
  }
  return LIST_KEYS[field];
}

/** Lists that are sets of plain values. */
export const SET_FIELDS: ReadonlySet<string> = new Set([
  'finalizers',
  'podCIDRs',
]);
