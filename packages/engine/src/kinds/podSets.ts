import { KindId } from './identity';
import { KubernetesObject } from './kindDefinition';
import { Reference } from './observation';

/** Sets of Jobs or StatefulSets, and the label that names them on their members. */
const POD_SETS: {
  readonly [relation: string]: { kind: KindId; label: string };
} = {
  'jobset-job': {
    kind: { group: 'jobset.x-k8s.io', kind: 'JobSet' },
    label: 'jobset.sigs.k8s.io/jobset-name',
  },
  'leaderworkerset-statefulset': {
    kind: {
      group: 'leaderworkerset.x-k8s.io',
      kind: 'LeaderWorkerSet',
    },
    label: 'leaderworkerset.sigs.k8s.io/name',
  },
};

/** The set that an object belongs to by its label (R018): members of members have no owner reference to it. */
export function podSetReference(
  relation: 'jobset-job' | 'leaderworkerset-statefulset',
  { metadata }: KubernetesObject,
): Reference[] {
  const { kind, label } = POD_SETS[relation];
  const name = metadata.labels?.[label];
  return name
    ? [
        {
          relation,
          end: 'target',
          other: { kind, namespace: metadata.namespace, name: String(name) },
          required: false,
        },
      ]
    : [];
}
