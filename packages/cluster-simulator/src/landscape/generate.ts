import { KubernetesObject } from '../objects/kubernetesObject';
import { RandomNames, seededRandom } from '../writes/randomNames';
import { generatedApplication } from './generatedApplication';
import { generatedNode } from './generatedNode';
import { Stamp } from './stamp';

export interface LandscapeSize {
  pods: number;
  /** The same seed gives the same landscape, byte for byte. */
  seed?: number;
  /** Share of pods that are down, in [0, 1]; default 0.01. */
  down?: number;
}

const PODS_A_NODE = 30;
const PODS_A_NAMESPACE = 100;
/** Everything in a generated landscape is this old. */
const CREATED = Date.parse('2026-01-15T08:00:00Z');

/**
 * A believable landscape of so many pods, one object after the other: nodes, namespaces, Deployments with ReplicaSets
 * and pods of about 8 KB (two fifths of it managedFields), Services with slices, ConfigMaps, Secrets, claims with
 * volumes, Ingresses and network policies. Owner references, uids and counts agree.
 */
export function* generateLandscape({
  pods,
  seed = 1,
  down = 0.01,
}: LandscapeSize): Generator<KubernetesObject> {
  const random = seededRandom(seed);
  const names = new RandomNames(random);
  const stamp = new Stamp(names, CREATED);
  const nodes = Math.max(3, Math.ceil(pods / PODS_A_NODE));
  for (let index = 0; index < nodes; index++) {
    yield generatedNode(stamp, index);
  }
  yield storageClass(stamp);
  yield stamp.object(
    'networking.k8s.io/v1',
    'IngressClass',
    { name: 'nginx' },
    {
      spec: { controller: 'k8s.io/ingress-nginx' },
    },
  );
  let left = pods;
  let namespace = 0;
  const isDown = () => random() < down;
  while (left > 0) {
    const name = `team-${String(++namespace).padStart(4, '0')}`;
    yield* namespaceObjects(stamp, name);
    let here = Math.min(left, PODS_A_NAMESPACE);
    left -= here;
    for (let application = 1; here > 0; application++) {
      const replicas = Math.min(here, 1 + names.below(9));
      const made = pods - left - here;
      here -= replicas;
      yield* generatedApplication(stamp, {
        namespace: name,
        name: `app-${String(application).padStart(2, '0')}`,
        replicas,
        firstReplica: made,
        nodes,
        isDown,
        withClaim: application % 8 === 0,
        withIngress: application % 5 === 0,
      });
    }
  }
}

function* namespaceObjects(
  stamp: Stamp,
  name: string,
): Generator<KubernetesObject> {
  yield stamp.object(
    'v1',
    'Namespace',
    { name, labels: { 'kubernetes.io/metadata.name': name } },
    { spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } },
  );
  yield stamp.object('v1', 'ServiceAccount', {
    name: 'default',
    namespace: name,
  });
  yield stamp.object(
    'v1',
    'ConfigMap',
    { name: 'kube-root-ca.crt', namespace: name },
    { data: { 'ca.crt': 'a simulated certificate\n' } },
  );
  yield stamp.object(
    'networking.k8s.io/v1',
    'NetworkPolicy',
    { name: 'same-namespace', namespace: name },
    {
      spec: {
        podSelector: {},
        ingress: [{ from: [{ podSelector: {} }] }],
        policyTypes: ['Ingress'],
      },
    },
  );
}

function storageClass(stamp: Stamp): KubernetesObject {
  return stamp.object(
    'storage.k8s.io/v1',
    'StorageClass',
    {
      name: 'standard',
      annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' },
    },
    {
      provisioner: 'hostpath.csi.simulator.example',
      reclaimPolicy: 'Delete',
      volumeBindingMode: 'Immediate',
    },
  );
}
