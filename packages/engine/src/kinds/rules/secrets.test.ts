import { KubernetesObject } from '../kindDefinition';
import { conditions, told } from './__testUtils__/shippedCatalog';

const external = (spec: object, status?: object): KubernetesObject => ({
  apiVersion: 'external-secrets.io/v1',
  kind: 'ExternalSecret',
  spec,
  status,
});

it.each<[string, object, string[]]>([
  [
    'its store and its Secret',
    { secretStoreRef: { name: 'vault' }, target: { name: 'db' } },
    [
      'externalsecret-store > SecretStore.external-secrets.io shop/vault',
      'externalsecret-secret > Secret shop/db?',
    ],
  ],
  [
    'a Secret of its own name',
    { secretStoreRef: { name: 'aws', kind: 'ClusterSecretStore' } },
    [
      'externalsecret-store > ClusterSecretStore.external-secrets.io /aws',
      'externalsecret-secret > Secret shop/web?',
    ],
  ],
  [
    'a store per key',
    {
      target: { name: 'db' },
      data: [{ sourceRef: { storeRef: { name: 'one' } } }],
      dataFrom: [
        { sourceRef: { storeRef: { name: 'two' } } },
        { sourceRef: { generatorRef: { kind: 'Password', name: 'p' } } },
      ],
    },
    [
      'externalsecret-store > SecretStore.external-secrets.io shop/one',
      'externalsecret-store > SecretStore.external-secrets.io shop/two',
      'externalsecret-secret > Secret shop/db?',
    ],
  ],
])('an ExternalSecret names %s (R174)', async (_, spec, expected) => {
  expect((await told(external(spec))).references).toEqual(expected);
});

it.each<[string, string]>([
  ['Ready=True:SecretSynced', 'ok Ready'],
  ['Ready=False:SecretSyncedError', 'degraded SecretSyncedError'],
  ['Ready=False:SecretDeleted', 'idle SecretDeleted'],
])('an ExternalSecret with %s is %s (H155)', async (condition, expected) => {
  expect((await told(external({}, conditions(condition)))).status).toBe(
    expected,
  );
});

it('a store needs what it signs in with', async () => {
  const { references } = await told({
    apiVersion: 'external-secrets.io/v1',
    kind: 'SecretStore',
    spec: {
      provider: {
        vault: {
          server: 'https://vault',
          auth: {
            kubernetes: { role: 'r', serviceAccountRef: { name: 'eso' } },
            tokenSecretRef: { name: 'token', key: 'token' },
          },
        },
      },
    },
  });
  expect(references).toEqual([
    'secretstore-secret > Secret shop/token {"keys":["token"]}',
    'secretstore-serviceaccount > ServiceAccount shop/eso',
  ]);
});

it('a ClusterSecretStore says in which namespace its Secret is', async () => {
  const { references } = await told({
    apiVersion: 'external-secrets.io/v1',
    kind: 'ClusterSecretStore',
    metadata: { namespace: '' },
    spec: {
      provider: {
        aws: {
          auth: {
            secretRef: {
              accessKeyIDSecretRef: {
                name: 'aws',
                namespace: 'eso',
                key: 'id',
              },
              secretAccessKeySecretRef: {
                name: 'aws',
                namespace: 'eso',
                key: 'k',
              },
            },
          },
        },
      },
    },
  });
  expect(references).toEqual([
    'secretstore-secret > Secret eso/aws {"keys":["id","k"]}',
  ]);
});

it('a SealedSecret becomes the Secret of its name (R175)', async () => {
  const { references, status } = await told({
    apiVersion: 'bitnami.com/v1alpha1',
    kind: 'SealedSecret',
    spec: { encryptedData: { password: 'AgBy3i4OJSWK' } },
    status: conditions('Synced=False:ErrUnsealFailed'),
  });
  expect(references).toEqual(['sealedsecret-secret > Secret shop/web?']);
  expect(status).toBe('degraded ErrUnsealFailed');
});
