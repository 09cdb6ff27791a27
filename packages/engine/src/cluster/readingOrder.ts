import { kindText } from '../kinds/identity';
import { KindDefinition } from '../kinds/kindDefinition';

/** What makes the picture useful soonest: places first, then what runs, then what it needs, the rest, Events last. */
const FIRST = [
  'Namespace',
  'Node',
  'Deployment.apps',
  'StatefulSet.apps',
  'DaemonSet.apps',
  'ReplicaSet.apps',
  'Pod',
  'Service',
  'PersistentVolumeClaim',
  'PersistentVolume',
  'Secret',
  'ConfigMap',
];

const PLACES: ReadonlyMap<string, number> = new Map(
  FIRST.map((text, place) => [text, place]),
);

export function inReadingOrder(
  kinds: readonly KindDefinition[],
): KindDefinition[] {
  return [...kinds].sort((a, b) => rank(a) - rank(b));
}

/** Kinds of Kubernetes itself before those of others. */
function rank({ id }: KindDefinition): number {
  if (id.kind === 'Event' && id.group === '') {
    return FIRST.length + 2;
  }
  return (
    PLACES.get(kindText(id)) ??
    FIRST.length + (id.group === '' || isOfKubernetes(id.group) ? 0 : 1)
  );
}

/** Groups without a dot, and `k8s.io`: they are reserved. */
function isOfKubernetes(group: string): boolean {
  return !group.includes('.') || group.endsWith('.k8s.io');
}
