import {
  ANNOTATION_KUBERNETES_AUTH_PROVIDER,
  SERVICEACCOUNT_CA_PATH,
} from '@backstage/plugin-kubernetes-common';
import {
  AuthenticationStrategy,
  ClusterDetails,
  KubernetesCredential,
} from '@backstage/plugin-kubernetes-node';
import { SuppliedCluster } from '@kubernetes-topology/plugin-kubernetes-topology-node';

export interface SuppliedClustersOptions {
  authStrategy: Pick<AuthenticationStrategy, 'getCredential'>;
  /** A file's text; rejects when it is absent. */
  readText(path: string): Promise<string>;
  environment: NodeJS.ProcessEnv;
}

/** Strategies that take the token of the user who asks (`backstage.md` 4.3). Nobody asks for a watch in the background. */
const CLIENT_SIDE = new Set(['google', 'oidc', 'aks']);

/** What a background process has to give instead of a user's tokens. */
const NO_USER = {};

/**
 * A cluster of the Kubernetes plugin as the topology reads it. One whose connection cannot be told is answered with the
 * reason; one whose credentials cannot be had now is tried again at each request.
 */
export async function suppliedCluster(
  details: ClusterDetails,
  options: SuppliedClustersOptions,
): Promise<SuppliedCluster> {
  const { name } = details;
  const provider = details.authMetadata[ANNOTATION_KUBERNETES_AUTH_PROVIDER];
  if (isClientSide(provider)) {
    return {
      name,
      reason:
        `Not watched: the auth provider "${provider}" needs the token of a user, and a watch in the background has none. ` +
        'Give the cluster a server-side one: serviceAccount, googleServiceAccount, aws, azure',
    };
  }
  try {
    return await watchedCluster(details, options);
  } catch (error) {
    return {
      name,
      reason: `Not watched, its configuration is faulty: ${messageOf(error)}`,
    };
  }
}

function isClientSide(provider: string | undefined): boolean {
  return provider !== undefined && CLIENT_SIDE.has(provider.split('.')[0]);
}

async function watchedCluster(
  details: ClusterDetails,
  options: SuppliedClustersOptions,
): Promise<SuppliedCluster> {
  const { authStrategy } = options;
  const credential = oneAtATime(() =>
    authStrategy.getCredential(details, NO_USER),
  );
  const [server, probed] = await Promise.all([
    serverOf(details, options),
    // A token may fail to come for a moment; a certificate is part of the connection.
    credential().catch(() => undefined),
  ]);
  return {
    name: details.name,
    connection: {
      ...server,
      ...(details.skipTLSVerify && { skipTLSVerify: true }),
      ...(probed?.type === 'x509 client certificate' && {
        clientCertificate: { certificate: probed.cert, key: probed.key },
      }),
    },
    headers: async () => headersOf(details, await credential()),
  };
}

async function serverOf(
  details: ClusterDetails,
  { readText, environment }: SuppliedClustersOptions,
): Promise<{ url: string; certificateAuthority?: string }> {
  const { caData, caFile, authMetadata } = details;
  const isServiceAccount =
    authMetadata[ANNOTATION_KUBERNETES_AUTH_PROVIDER] === 'serviceAccount';
  if (isServiceAccount && !authMetadata.serviceAccountToken) {
    // As the Kubernetes plugin does: the portal's own pod knows its cluster better than the configuration.
    const mounted = await readText(SERVICEACCOUNT_CA_PATH).catch(
      () => undefined,
    );
    const host = environment.KUBERNETES_SERVICE_HOST;
    if (mounted !== undefined && host) {
      const port = environment.KUBERNETES_SERVICE_PORT ?? '443';
      return {
        url: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
        certificateAuthority: mounted,
      };
    }
  }
  const url = details.url.replace(/\/+$/, '');
  if (!/^https?:$/.test(new URL(url).protocol)) {
    throw new Error(`its url ${url} is neither http nor https`);
  }
  const certificateAuthority = caFile
    ? await readText(caFile)
    : caData && Buffer.from(caData, 'base64').toString('utf8');
  return { url, ...(certificateAuthority && { certificateAuthority }) };
}

function headersOf(
  { name, authMetadata }: ClusterDetails,
  credential: KubernetesCredential,
): Record<string, string> {
  switch (credential.type) {
    case 'bearer token':
      return { Authorization: `Bearer ${credential.token.trim()}` };
    case 'x509 client certificate':
      return {};
    case 'anonymous': {
      const provider = authMetadata[ANNOTATION_KUBERNETES_AUTH_PROVIDER];
      if (provider !== 'localKubectlProxy') {
        throw new Error(
          `the auth provider "${provider}" gave none for cluster ${name}`,
        );
      }
      return {};
    }
    default:
      return credential satisfies never;
  }
}

/** Many requests start at once: one of them asks for all. */
function oneAtATime<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined;
  return () => {
    asked ??= Promise.resolve()
      .then(ask)
      .finally(() => {
        asked = undefined;
      });
    return asked;
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
