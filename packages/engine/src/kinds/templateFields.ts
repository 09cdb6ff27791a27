import { KubernetesObject } from './kindDefinition';
import { isTokenVolume } from './podSpecMemo';

/** A template of hundreds of variables is compared by its first ones. */
const MOST_FIELDS = 200;
const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt';

/** Names, numbers and labels: nothing that could be a secret. */
const PLAIN = [
  'nodeName',
  'schedulerName',
  'serviceAccountName',
  'priorityClassName',
  'runtimeClassName',
  'nodeSelector',
  'hostNetwork',
  'dnsPolicy',
] as const;
const MARKED = [
  'affinity',
  'tolerations',
  'topologySpreadConstraints',
  'securityContext',
  'dnsConfig',
  'hostAliases',
  'schedulingGates',
  'resourceClaims',
] as const;
const PLAIN_OF_CONTAINER = ['image', 'imagePullPolicy'] as const;
const MARKED_OF_CONTAINER = [
  'command',
  'args',
  'envFrom',
  'lifecycle',
  'livenessProbe',
  'readinessProbe',
  'startupProbe',
  'ports',
  'securityContext',
  'volumeMounts',
  'workingDir',
] as const;

/**
 * What two revisions of a pod template are compared by: field → text. Passwords stand in environments, commands and
 * arguments: of them only a mark is kept, which is too short to confirm a guess and long enough to show a change.
 *
 *     { "app.image": "shop/cart:v9", "app.env.DB_HOST": "#3f0a", "app.limits.memory": "256Mi" }
 */
export function templateFields(template: KubernetesObject | undefined): {
  [field: string]: string;
} {
  const fields: { [field: string]: string } = {};
  const { spec, metadata } = template ?? {};
  if (!spec) {
    return fields;
  }
  let left = MOST_FIELDS;
  const put = (field: string, text: string | undefined) => {
    if (text !== undefined && left > 0) {
      left--;
      fields[field] = text;
    }
  };
  for (const container of listOf(spec.initContainers)) {
    addContainer(put, container, 'init ');
  }
  for (const container of listOf(spec.containers)) {
    addContainer(put, container, '');
  }
  for (const field of PLAIN) {
    put(field, shown(spec[field]));
  }
  for (const field of MARKED) {
    put(field, marked(spec[field]));
  }
  for (const volume of listOf(spec.volumes)) {
    if (!isTokenVolume(volume.name)) {
      put(`volumes.${volume.name}`, marked(volume));
    }
  }
  put(
    'imagePullSecrets',
    spec.imagePullSecrets?.length > 0
      ? listOf(spec.imagePullSecrets)
          .map(({ name }) => name)
          .join(', ')
      : undefined,
  );
  put('restartedAt', shown(metadata?.annotations?.[RESTARTED_AT]));
  return fields;
}

function addContainer(
  put: (field: string, text: string | undefined) => void,
  container: any,
  role: string,
): void {
  const at = `${role}${container.name}.`;
  for (const field of PLAIN_OF_CONTAINER) {
    put(at + field, shown(container[field]));
  }
  for (const side of ['requests', 'limits'] as const) {
    const amounts = container.resources?.[side] ?? {};
    for (const resource of Object.keys(amounts)) {
      put(`${at}${side}.${resource}`, String(amounts[resource]));
    }
  }
  for (const field of MARKED_OF_CONTAINER) {
    put(at + field, marked(container[field]));
  }
  for (const variable of listOf(container.env)) {
    put(`${at}env.${variable.name}`, marked(variable));
  }
}

function listOf(value: unknown): any[] {
  return Array.isArray(value) ? value.filter(Boolean) : [];
}

function shown(value: unknown): string | undefined {
  if (value === undefined || value === null) {
    return undefined;
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** FNV-1a, folded to 16 bits. */
function marked(value: unknown): string | undefined {
  if (value === undefined || value === null) {
    return undefined;
  }
  const text = JSON.stringify(value);
  let hash = 0x811c9dc5;
  for (let nth = 0; nth < text.length; nth++) {
    hash = Math.imul(hash ^ text.charCodeAt(nth), 0x01000193);
  }
  const folded = ((hash >>> 16) ^ hash) & 0xffff;
  return `#${folded.toString(16).padStart(4, '0')}`;
}
