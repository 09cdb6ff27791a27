import {
  ClusterDetails,
  KubernetesCredential,
} from '@backstage/plugin-kubernetes-node';
import { suppliedCluster } from './suppliedClusters';

const MOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';
const IN_POD = {
  KUBERNETES_SERVICE_HOST: 'fd00::1',
  KUBERNETES_SERVICE_PORT: '6443',
};

function details(rest: Partial<ClusterDetails> = {}, provider = 'aws') {
  const { authMetadata, ...others } = rest;
  return {
    name: 'demo',
    url: 'https://demo:6443/',
    authMetadata: { 'kubernetes.io/auth-provider': provider, ...authMetadata },
    ...others,
  };
}

async function read(
  cluster: ClusterDetails,
  options: {
    credential?: () => Promise<KubernetesCredential>;
    files?: Record<string, string>;
    environment?: NodeJS.ProcessEnv;
  } = {},
) {
  const { files = {}, environment = {} } = options;
  const asked: unknown[] = [];
  const supplied = await suppliedCluster(cluster, {
    authStrategy: {
      async getCredential(_, auth) {
        asked.push(auth);
        return (
          options.credential?.() ?? { type: 'bearer token', token: 'hush\n' }
        );
      },
    },
    async readText(path) {
      if (!(path in files)) {
        throw new Error(`no such file ${path}`);
      }
      return files[path];
    },
    environment,
  });
  return { supplied: supplied as any, asked };
}

describe('suppliedCluster', () => {
  const pem = Buffer.from('PEM').toString('base64');
  it.each<[string, ClusterDetails, object, object]>([
    ['a url', details(), {}, { url: 'https://demo:6443' }],
    [
      'a certificate authority',
      details({ caData: pem }),
      {},
      { url: 'https://demo:6443', certificateAuthority: 'PEM' },
    ],
    [
      'a file with it, which goes first',
      details({ caData: pem, caFile: '/ca.pem' }),
      { files: { '/ca.pem': 'FILE' } },
      { url: 'https://demo:6443', certificateAuthority: 'FILE' },
    ],
    [
      'no verification',
      details({ skipTLSVerify: true }),
      {},
      { url: 'https://demo:6443', skipTLSVerify: true },
    ],
    [
      "the portal's own pod",
      details({}, 'serviceAccount'),
      { files: { [`${MOUNT}/ca.crt`]: 'MOUNTED' }, environment: IN_POD },
      { url: 'https://[fd00::1]:6443', certificateAuthority: 'MOUNTED' },
    ],
    [
      "a token beside the portal's own pod",
      details({ authMetadata: { serviceAccountToken: 't' } }, 'serviceAccount'),
      { files: { [`${MOUNT}/ca.crt`]: 'MOUNTED' }, environment: IN_POD },
      { url: 'https://demo:6443' },
    ],
    [
      'a client certificate',
      details(),
      {
        credential: async () => ({
          type: 'x509 client certificate',
          cert: 'CERT',
          key: 'KEY',
        }),
      },
      {
        url: 'https://demo:6443',
        clientCertificate: { certificate: 'CERT', key: 'KEY' },
      },
    ],
  ])('connects with %s', async (_, cluster, options, connection) => {
    const { supplied } = await read(cluster, options);
    expect(supplied).toEqual({
      name: 'demo',
      connection,
      headers: expect.any(Function),
    });
  });

  it.each<[string, KubernetesCredential, string, object]>([
    [
      'a token',
      { type: 'bearer token', token: 'hush\n' },
      'aws',
      { Authorization: 'Bearer hush' },
    ],
    [
      'a certificate',
      { type: 'x509 client certificate', cert: 'c', key: 'k' },
      'pinniped',
      {},
    ],
    ['nothing', { type: 'anonymous' }, 'localKubectlProxy', {}],
  ])('authenticates with %s', async (_, credential, provider, headers) => {
    const { supplied, asked } = await read(details({}, provider), {
      credential: async () => credential,
    });
    expect(await supplied.headers()).toEqual(headers);
    // No user's token is there to be given.
    expect(asked).toEqual([{}, {}]);
  });

  it('asks for a token before each request, once for those at the same time', async () => {
    let given = 0;
    const { supplied } = await read(details(), {
      credential: async () => ({ type: 'bearer token', token: `${given++}` }),
    });
    const twice = await Promise.all([supplied.headers(), supplied.headers()]);
    expect(twice).toEqual(Array(2).fill({ Authorization: 'Bearer 1' }));
    expect(await supplied.headers()).toEqual({ Authorization: 'Bearer 2' });
  });

  it.each(['google', 'oidc', 'oidc.okta', 'aks'])(
    'says that %s needs a user, and asks for no credentials',
    async provider => {
      const { supplied, asked } = await read(details({}, provider));
      expect(supplied).toEqual({
        name: 'demo',
        reason: expect.stringContaining(
          `"${provider}" needs the token of a user`,
        ),
      });
      expect(asked).toEqual([]);
    },
  );

  it.each<[string, Partial<ClusterDetails>, RegExp]>([
    ['a url of another kind', { url: 'ftp://demo' }, /neither http nor https/],
    ['no url', { url: 'nonsense' }, /Invalid URL/],
    ['a file that is not there', { caFile: '/gone' }, /no such file \/gone/],
  ])('says what is wrong with %s', async (_, rest, reason) => {
    const { supplied } = await read(details(rest));
    expect(supplied).toEqual({
      name: 'demo',
      reason: expect.stringMatching(reason),
    });
  });

  it('tries again when credentials cannot be had for a moment', async () => {
    let isAway = true;
    const { supplied } = await read(details(), {
      credential: async () => {
        if (isAway) {
          throw new Error('STS does not answer');
        }
        return { type: 'bearer token', token: 'late' };
      },
    });
    await expect(supplied.headers()).rejects.toThrow('STS does not answer');
    isAway = false;
    expect(await supplied.headers()).toEqual({ Authorization: 'Bearer late' });
  });

  it('does not take missing credentials for none', async () => {
    const { supplied } = await read(details(), {
      credential: async () => ({ type: 'anonymous' }),
    });
    await expect(supplied.headers()).rejects.toThrow(
      'the auth provider "aws" gave none for cluster demo',
    );
  });
});
