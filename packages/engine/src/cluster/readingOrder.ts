import { KindDefinition } from '../kinds/kindDefinition';

/** What makes the picture useful soonest: places first, then what runs, then what it needs, the rest, Events last. */
const FIRST = [
  'Namespace',
  'Node',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'Pod',
  'Service',
  'PersistentVolumeClaim',
  'PersistentVolume',
  'Secret',
  'ConfigMap',
];

export function inReadingOrder(
  kinds: readonly KindDefinition[],
): KindDefinition[] {
  return [...kinds].sort((a, b) => rank(a) - rank(b));
}

function rank({ id }: KindDefinition): number {
  if (id.kind === 'Event') {
    return FIRST.length + 1;
  }
  const place = FIRST.indexOf(id.kind);
  return place < 0 ? FIRST.length : place;
}
