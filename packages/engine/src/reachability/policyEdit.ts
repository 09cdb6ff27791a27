import { KubernetesObject } from '../kinds/kindDefinition';
import { Direction } from './networkPolicy';

/** One edit after which the policies of a side let a connection through. */
export interface PolicyEdit {
  direction: Direction;
  action: 'replace' | 'add' | 'create';
  policy: { namespace: string; name: string };
  /** Which value is replaced, or to which list one is added. */
  field?: string;
  /** What is there now, where it is replaced. */
  instead?: string;
  /** The new value, or the policy to create. */
  value: KubernetesObject | string;
  /** In words. */
  text: string;
}

/** The policies after an edit. */
export function withEdit(
  policies: readonly KubernetesObject[],
  { action, policy, field, value }: PolicyEdit,
): KubernetesObject[] {
  if (action === 'create') {
    return [...policies, value as KubernetesObject];
  }
  return policies.map(object => {
    const { metadata } = object;
    if (
      (metadata?.namespace || 'default') !== policy.namespace ||
      metadata?.name !== policy.name
    ) {
      return object;
    }
    const copy = structuredClone(object) as KubernetesObject;
    edit(copy, pathOf(field ?? ''), action, value);
    return copy;
  });
}

/** `spec.ingress[0].from` → its steps; a label's key, which may have dots, is the last one. */
function pathOf(field: string): string[] {
  const [path, label] = field.split('.matchLabels.');
  const steps = path.split(/[.[\]]+/).filter(step => step !== '');
  return label === undefined ? steps : [...steps, 'matchLabels', label];
}

function edit(
  object: KubernetesObject,
  path: readonly string[],
  action: 'add' | 'replace',
  value: unknown,
): void {
  const last = path[path.length - 1];
  const holder = path
    .slice(0, -1)
    .reduce((at: any, step) => (at ?? {})[step], object);
  if (!holder || typeof holder !== 'object') {
    return;
  }
  holder[last] =
    action === 'add' && Array.isArray(holder[last])
      ? [...holder[last], value]
      : value;
}
