import { Config } from '@backstage/config';
import { ANNOTATION_KUBERNETES_AUTH_PROVIDER } from '@backstage/plugin-kubernetes-common';
import { ClusterConnection, ClusterSource } from '@kubernetes-topology/engine';
import { UnwatchedCluster } from '@kubernetes-topology/plugin-kubernetes-topology-node';
import { IN_CLUSTER_MOUNT, requestHeaders } from './serverSideAuth';

export interface ConfiguredClusters {
  sources: ClusterSource[];
  /** Listed as failing with their reason: a cluster is never dropped in silence. */
  unwatched: UnwatchedCluster[];
}

/** The files that the configuration points at, or that are mounted into a pod. Rejects when absent. */
export type ReadText = (path: string) => Promise<string>;

/**
 * The clusters of the portal's standard `kubernetes.clusterLocatorMethods`.
 *
 * `config` and `localKubectlProxy` locators are read; a background watch has no user, so only server-side
 * authentication works (`backstage.md` 4.3). A faulty cluster does not keep the others from being watched.
 */
export async function configuredClusters(
  config: Config,
  readText: ReadText,
): Promise<ConfiguredClusters> {
  const sources = new Map<string, ClusterSource>();
  const unwatched: UnwatchedCluster[] = [];
  const add = (found: ClusterSource | UnwatchedCluster) => {
    if ('reason' in found) {
      unwatched.push(found);
    } else if (sources.has(found.name)) {
      unwatched.push({
        name: found.name,
        reason: `kubernetes.clusterLocatorMethods names ${found.name} twice; only the first is watched`,
      });
    } else {
      sources.set(found.name, found);
    }
  };

  const locators =
    config.getOptionalConfigArray('kubernetes.clusterLocatorMethods') ?? [];
  for (const [index, locator] of locators.entries()) {
    const type = locator.getOptionalString('type') ?? '';
    if (type === 'config') {
      const clusters = locator.getOptionalConfigArray('clusters') ?? [];
      for (const [place, cluster] of clusters.entries()) {
        const name =
          cluster.getOptionalString('name') ?? `cluster ${place + 1}`;
        add(
          await fromEntry(cluster, readText).catch(error => ({
            name,
            reason: `Not watched, its configuration is faulty: ${error.message}`,
          })),
        );
      }
    } else if (type === 'localKubectlProxy') {
      // The name and the address that the Kubernetes plugin gives it; kubectl listens on IPv4.
      add({
        name: 'local',
        connection: { url: 'http://127.0.0.1:8001' },
        headers: async () => ({}),
      });
    } else {
      add({
        name: `${type || 'unnamed'} locator ${index + 1}`,
        reason:
          `Not watched: clusters of a "${type}" locator are known to the Kubernetes plugin only. ` +
          'Install @kubernetes-topology/plugin-kubernetes-backend-module-topology beside it',
      });
    }
  }
  return { sources: [...sources.values()], unwatched };
}

async function fromEntry(
  cluster: Config,
  readText: ReadText,
): Promise<ClusterSource | UnwatchedCluster> {
  const name = cluster.getString('name');
  const authMetadata =
    cluster.getOptional<Record<string, string>>('authMetadata');
  const authProvider =
    authMetadata?.[ANNOTATION_KUBERNETES_AUTH_PROVIDER] ??
    cluster.getString('authProvider');
  if (
    authProvider !== 'serviceAccount' &&
    authProvider !== 'localKubectlProxy'
  ) {
    return {
      name,
      reason:
        `Not watched: the auth provider "${authProvider}" is not supported for watching in the background. ` +
        'Give the cluster authProvider serviceAccount with a token that may list and watch',
    };
  }
  const token =
    cluster.getOptionalString('serviceAccountToken') ??
    authMetadata?.serviceAccountToken;
  const inCluster = authProvider === 'serviceAccount' && token === undefined;
  return {
    name,
    connection: await connection(cluster, inCluster, readText),
    headers: requestHeaders(authProvider, token, readText),
  };
}

async function connection(
  cluster: Config,
  inCluster: boolean,
  readText: ReadText,
): Promise<ClusterConnection> {
  const url = cluster.getString('url').replace(/\/+$/, '');
  if (!/^https?:$/.test(new URL(url).protocol)) {
    throw new Error(`url ${url} is neither http nor https`);
  }
  const certificateAuthority = await readCertificateAuthority(
    cluster,
    inCluster,
    readText,
  );
  return {
    url,
    ...(certificateAuthority && { certificateAuthority }),
    ...(cluster.getOptionalBoolean('skipTLSVerify') && {
      skipTLSVerify: true,
    }),
  };
}

async function readCertificateAuthority(
  cluster: Config,
  inCluster: boolean,
  readText: ReadText,
): Promise<string | undefined> {
  const data = cluster.getOptionalString('caData');
  if (data !== undefined) {
    return Buffer.from(data, 'base64').toString('utf8');
  }
  const file = cluster.getOptionalString('caFile');
  if (file !== undefined) {
    return readText(file);
  }
  if (inCluster) {
    // A pod's own cluster signs with a CA that is only mounted beside the token.
    return readText(`${IN_CLUSTER_MOUNT}/ca.crt`).catch(() => undefined);
  }
  return undefined;
}
