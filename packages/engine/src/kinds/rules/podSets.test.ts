import { conditions, told } from './__testUtils__/shippedCatalog';

const named = (apiVersion: string, kind: string, rest: {}) => ({
  apiVersion,
  kind,
  ...rest,
});

it('a request for a certificate names its pod, which waits for it (R033)', async () => {
  const { references } = await told(
    named('certificates.k8s.io/v1beta1', 'PodCertificateRequest', {
      spec: { podName: 'cart-1', serviceAccountName: 'cart' },
    }),
  );
  expect(references).toEqual([
    'podcertificaterequest-pod > Pod shop/cart-1?',
    'podcertificaterequest-serviceaccount > ServiceAccount shop/cart?',
  ]);
});

it.each([
  ['is down when its signer refuses it', 'Denied', 'down'],
  ['is down when its signer cannot make it', 'Failed', 'down'],
  ['is well once it is made', 'Issued', 'ok'],
])('a request for a certificate %s', async (_, type, level) => {
  const { observed } = await told(
    named('certificates.k8s.io/v1beta1', 'PodCertificateRequest', {
      status: conditions(`${type}=True`),
    }),
  );
  expect(observed.verdict.level).toBe(level);
});

it.each([
  [
    'kueue.x-k8s.io/v1beta1',
    'LocalQueue',
    { clusterQueue: 'all' },
    'localqueue-clusterqueue > ClusterQueue.kueue.x-k8s.io /all',
  ],
  [
    'scheduling.volcano.sh/v1beta1',
    'PodGroup',
    { queue: 'gpu' },
    'podgroup-queue > Queue.scheduling.volcano.sh /gpu',
  ],
])('waits for a queue (R125): %s %s', async (apiVersion, kind, spec, edge) => {
  const { references } = await told(named(apiVersion, kind, { spec }));
  expect(references).toEqual([edge]);
});
