import { ClusterStatus } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { taskPvTopology } from '../fixtures/taskPv';
import { pluralOfKind, unreadKinds } from './unreadKinds';

const cluster = (kinds: ClusterStatus['kinds']): ClusterStatus => ({
  name: 'demo',
  state: 'ready',
  message: '',
  at: 0,
  kinds,
});
const forbidden = (kind: string) =>
  ({ kind, state: 'forbidden', objects: 0, message: '' } as const);

describe('unreadKinds', () => {
  it('names what is drawn or needed by applications, and counts the rest', () => {
    expect(
      unreadKinds(
        cluster([
          forbidden('Secret'),
          forbidden('StorageClass.storage.k8s.io'),
          forbidden('Lease.coordination.k8s.io'),
          { kind: 'Pod', state: 'listed', objects: 3, message: '' },
        ]),
        'forbidden',
        taskPvTopology().nodes,
      ),
    ).toEqual({
      kinds: ['Secret', 'StorageClass.storage.k8s.io'],
      others: 1,
    });
  });

  it('does not take another cluster’s objects for this one’s', () => {
    const elsewhere = taskPvTopology().nodes.map(node => ({
      ...node,
      cluster: 'elsewhere',
    }));
    expect(
      unreadKinds(
        cluster([forbidden('StorageClass.storage.k8s.io')]),
        'forbidden',
        elsewhere,
      ),
    ).toEqual({ kinds: [], others: 1 });
  });
});

it.each([
  ['Secret', 'Secrets'],
  ['NetworkPolicy.networking.k8s.io', 'NetworkPolicies'],
  ['Ingress.networking.k8s.io', 'Ingresses'],
  ['Endpoints', 'Endpoints'],
  ['Gateway.gateway.networking.k8s.io', 'Gateways'],
])('several %s are %s', (kind, plural) => {
  expect(pluralOfKind(kind)).toBe(plural);
});
