import { KubernetesObject } from '../kindDefinition';
import { conditions, told } from './__testUtils__/shippedCatalog';

const kustomization = (rest: KubernetesObject = {}): KubernetesObject => ({
  apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
  kind: 'Kustomization',
  ...rest,
});
const release = (rest: KubernetesObject = {}): KubernetesObject => ({
  apiVersion: 'helm.toolkit.fluxcd.io/v2',
  kind: 'HelmRelease',
  ...rest,
});

it('a Kustomization names its source and what it waits for (R178)', async () => {
  const { references } = await told(
    kustomization({
      spec: {
        sourceRef: {
          kind: 'GitRepository',
          name: 'fleet',
          namespace: 'flux-system',
        },
        dependsOn: [{ name: 'infra' }],
        decryption: { provider: 'sops', secretRef: { name: 'age' } },
        postBuild: {
          substituteFrom: [
            { kind: 'ConfigMap', name: 'settings' },
            { kind: 'Secret', name: 'extra', optional: true },
          ],
        },
      },
    }),
  );
  expect(references).toEqual([
    'flux-source > GitRepository.source.toolkit.fluxcd.io flux-system/fleet',
    'flux-dependency > Kustomization.kustomize.toolkit.fluxcd.io shop/infra',
    'flux-secret > Secret shop/age',
    'flux-values > ConfigMap shop/settings',
    'flux-values > Secret shop/extra?',
  ]);
});

const entries = [
  { id: 'shop_web_apps_Deployment', v: 'v1' },
  { id: '_shop__Namespace', v: 'v1' },
  { id: '_cart__read_rbac.authorization.k8s.io_ClusterRole', v: 'v1' },
  { id: 'nonsense', v: 'v1' },
];

it('a Kustomization manages what its inventory lists (R177)', async () => {
  const { references } = await told(
    kustomization({ spec: {}, status: { inventory: { entries } } }),
  );
  expect(references).toEqual([
    'flux-object > Deployment.apps shop/web?',
    'flux-object > Namespace /shop?',
    'flux-object > ClusterRole.rbac.authorization.k8s.io /cart:read?',
  ]);
});

it('claims nothing here that is in another cluster', async () => {
  const { references } = await told(
    kustomization({
      spec: { kubeConfig: { secretRef: { name: 'prod', key: 'value' } } },
      status: { inventory: { entries } },
    }),
  );
  expect(references).toEqual([
    'flux-secret > Secret shop/prod {"keys":["value"]}',
  ]);
});

it.each<[string, KubernetesObject, string]>([
  [
    'ready',
    { status: conditions('Ready=True:ReconciliationSucceeded') },
    'ok Ready',
  ],
  [
    'failing',
    { status: conditions('Ready=False:BuildFailed') },
    'degraded BuildFailed',
  ],
  [
    'stalled',
    {
      status: conditions('Ready=False:InvalidPath', 'Stalled=True:InvalidPath'),
    },
    'degraded InvalidPath',
  ],
  [
    'reconciling',
    {
      status: conditions(
        'Ready=Unknown:Progressing',
        'Reconciling=True:Progressing',
      ),
    },
    'progressing Progressing',
  ],
  [
    'suspended',
    { spec: { suspend: true }, status: conditions('Ready=False:BuildFailed') },
    'suspended Suspended',
  ],
  [
    'failing on a spec that its status does not count yet',
    {
      metadata: { generation: 5 },
      status: {
        observedGeneration: 4,
        ...conditions('Ready=False:BuildFailed'),
      },
    },
    'degraded BuildFailed',
  ],
])('a Kustomization that is %s (H158)', async (_, rest, expected) => {
  expect((await told(kustomization(rest))).status).toBe(expected);
});

it('a HelmRelease names its chart, its values by key, and finds its objects by label', async () => {
  const { references, selectors, observed } = await told(
    release({
      spec: {
        chart: {
          spec: {
            chart: 'podinfo',
            sourceRef: { kind: 'HelmRepository', name: 'podinfo' },
          },
        },
        valuesFrom: [
          { kind: 'Secret', name: 'values', valuesKey: 'prod.yaml' },
          { kind: 'ConfigMap', name: 'common', optional: true },
        ],
      },
      status: {
        helmChart: 'flux-system/shop-podinfo',
        history: [{ name: 'podinfo', chartVersion: '6.5.0' }],
      },
    }),
  );
  expect(references).toEqual([
    'flux-source > HelmRepository.source.toolkit.fluxcd.io shop/podinfo',
    'flux-source > HelmChart.source.toolkit.fluxcd.io flux-system/shop-podinfo',
    'flux-values > Secret shop/values {"keys":["prod.yaml"]}',
    'flux-values > ConfigMap shop/common?',
  ]);
  expect(selectors).toContain(
    'flux-object > Deployment.apps [all] helm.toolkit.fluxcd.io/name=web,helm.toolkit.fluxcd.io/namespace=shop',
  );
  expect(observed.properties).toMatchObject({ ChartVersion: '6.5.0' });
});

it('an OCI HelmRepository has no status and is well', async () => {
  const { status } = await told({
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'HelmRepository',
    spec: { type: 'oci', url: 'oci://ghcr.io/stefanprodan/charts' },
  });
  expect(status).toBe('ok Exists');
});

it('a GitRepository that cannot be fetched says why', async () => {
  const { references, status, observed } = await told({
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'GitRepository',
    spec: { url: 'https://git/fleet', secretRef: { name: 'deploy-key' } },
    status: conditions('Ready=False:GitOperationFailed'),
  });
  expect(references).toEqual(['flux-secret > Secret shop/deploy-key']);
  expect(status).toBe('degraded GitOperationFailed');
  expect(observed.verdict.message).toBe('Ready is False');
});
