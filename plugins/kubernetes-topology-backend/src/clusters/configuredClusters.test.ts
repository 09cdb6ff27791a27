import { mockServices } from '@backstage/backend-test-utils';
import { configuredClusters } from './configuredClusters';

const files: Record<string, string> = {
  '/etc/ca.pem': 'PEM from file',
  '/var/run/secrets/kubernetes.io/serviceaccount/token': 'mounted\n',
  '/var/run/secrets/kubernetes.io/serviceaccount/ca.crt': 'mounted CA',
};

async function read(kubernetes: object) {
  const { sources, unwatched } = await configuredClusters(
    mockServices.rootConfig({ data: { kubernetes } as any }),
    async path => {
      if (!(path in files)) {
        throw new Error(`no such file ${path}`);
      }
      return files[path];
    },
  );
  return {
    sources: await Promise.all(
      sources.map(async s => ({
        name: s.name,
        ...s.connection,
        headers: await s.headers(),
      })),
    ),
    unwatched,
  };
}

const clusters = (...entries: object[]) => ({
  clusterLocatorMethods: [{ type: 'config', clusters: entries }],
});
const base = {
  name: 'a',
  url: 'https://a:6443',
  authProvider: 'serviceAccount',
};

describe('configuredClusters', () => {
  it.each([
    [
      'a token',
      { ...base, serviceAccountToken: 't' },
      { url: 'https://a:6443', headers: { Authorization: 'Bearer t' } },
    ],
    [
      'a token in the auth metadata',
      {
        name: 'a',
        url: 'https://a:6443/',
        authMetadata: {
          'kubernetes.io/auth-provider': 'serviceAccount',
          serviceAccountToken: 't',
        },
      },
      { url: 'https://a:6443', headers: { Authorization: 'Bearer t' } },
    ],
    [
      'the mounted service account',
      base,
      {
        url: 'https://a:6443',
        certificateAuthority: 'mounted CA',
        headers: { Authorization: 'Bearer mounted' },
      },
    ],
    [
      'caData',
      {
        ...base,
        serviceAccountToken: 't',
        caData: Buffer.from('PEM').toString('base64'),
      },
      {
        url: 'https://a:6443',
        certificateAuthority: 'PEM',
        headers: { Authorization: 'Bearer t' },
      },
    ],
    [
      'caFile',
      { ...base, serviceAccountToken: 't', caFile: '/etc/ca.pem' },
      {
        url: 'https://a:6443',
        certificateAuthority: 'PEM from file',
        headers: { Authorization: 'Bearer t' },
      },
    ],
    [
      'skipTLSVerify',
      { ...base, serviceAccountToken: 't', skipTLSVerify: true },
      {
        url: 'https://a:6443',
        skipTLSVerify: true,
        headers: { Authorization: 'Bearer t' },
      },
    ],
    [
      'kubectl proxy',
      {
        name: 'a',
        url: 'http://127.0.0.1:8001',
        authProvider: 'localKubectlProxy',
      },
      { url: 'http://127.0.0.1:8001', headers: {} },
    ],
  ])('reads a cluster with %s', async (_, entry, expected) => {
    await expect(read(clusters(entry))).resolves.toEqual({
      sources: [{ name: 'a', ...expected }],
      unwatched: [],
    });
  });

  it('reads the localKubectlProxy locator as the Kubernetes plugin does', async () => {
    await expect(
      read({ clusterLocatorMethods: [{ type: 'localKubectlProxy' }] }),
    ).resolves.toEqual({
      sources: [{ name: 'local', url: 'http://127.0.0.1:8001', headers: {} }],
      unwatched: [],
    });
  });

  it.each([
    ['needs a user', { ...base, authProvider: 'google' }, /"google"/],
    ['has no auth provider', { name: 'a', url: 'https://a' }, /authProvider/],
    ['has no url', { name: 'a', authProvider: 'serviceAccount' }, /url/],
    ['has a bad url', { ...base, url: 'ftp://a' }, /neither http nor https/],
    ['has no url at all', { ...base, url: 'nonsense' }, /Invalid URL/],
    [
      'names a CA that is not there',
      { ...base, serviceAccountToken: 't', caFile: '/gone' },
      /no such file \/gone/,
    ],
  ])('lists a cluster that %s with the reason', async (_, entry, reason) => {
    const other = { ...base, name: 'b', serviceAccountToken: 't' };
    const { sources, unwatched } = await read(clusters(entry, other));
    expect(sources.map(s => s.name)).toEqual(['b']);
    expect(unwatched).toEqual([
      { name: 'a', reason: expect.stringMatching(reason) },
    ]);
  });

  it('never puts a token into a reason', async () => {
    const { unwatched } = await read(
      clusters({ ...base, url: 'x', serviceAccountToken: 'hush' }),
    );
    expect(unwatched).toHaveLength(1);
    expect(JSON.stringify(unwatched)).not.toContain('hush');
  });

  it('lists locators that it does not read, and a name that comes twice', async () => {
    const entry = { ...base, serviceAccountToken: 't' };
    const { sources, unwatched } = await read({
      clusterLocatorMethods: [
        { type: 'gke', projectId: 'p' },
        { type: 'config', clusters: [entry, entry] },
      ],
    });
    expect(sources).toHaveLength(1);
    expect(unwatched).toEqual([
      { name: 'gke locator 1', reason: expect.stringContaining('"gke"') },
      { name: 'a', reason: expect.stringContaining('twice') },
    ]);
  });

  it('is empty without configuration', async () => {
    const { sources, unwatched } = await configuredClusters(
      mockServices.rootConfig({ data: {} }),
      async () => '',
    );
    expect({ sources, unwatched }).toEqual({ sources: [], unwatched: [] });
  });
});
