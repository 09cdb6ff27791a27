import { ClusterConnection, ClusterSource } from './connection';
import { inClusterSource } from './inCluster';

/** Where the configuration comes from: kubectl's default (`KUBECONFIG`, `~/.kube/config`, in cluster) or given. */
export type KubeConfigOrigin =
  | { from: 'default' }
  | { from: 'file'; path: string }
  | { from: 'text'; yaml: string }
  | { from: 'cluster' };

/**
 * The cluster of a kubeconfig's context (default: the current one), authenticated as kubectl would: token, token file,
 * client certificate, exec plugin, identity provider.
 *
 * @throws Error when there is no such context, or it names no cluster
 */
export async function kubeConfigSource(
  origin: KubeConfigOrigin,
  options: { context?: string; name?: string } = {},
): Promise<ClusterSource> {
  if (origin.from === 'cluster') {
    return inClusterSource(options.name ? { name: options.name } : {});
  }
  // The package is ESM only and loads for a second: only those who need it pay.
  const { KubeConfig, bufferFromFileOrString } = await import(
    '@kubernetes/client-node'
  );
  const config = new KubeConfig();
  switch (origin.from) {
    case 'file':
      config.loadFromFile(origin.path);
      break;
    case 'text':
      config.loadFromString(origin.yaml);
      break;
    default:
      config.loadFromDefault();
  }
  if (options.context !== undefined) {
    const names = config.getContexts().map(({ name }) => name);
    if (!names.includes(options.context)) {
      throw new Error(
        `The kubeconfig has no context '${
          options.context
        }'. It has: ${names.join(', ')}.`,
      );
    }
    config.setCurrentContext(options.context);
  }
  const cluster = config.getCurrentCluster();
  if (!cluster) {
    throw new Error(
      `The kubeconfig's context '${config.getCurrentContext()}' names no cluster. Choose one with a context.`,
    );
  }
  // client-node refuses plain http (kubectl proxy, a simulator) unless told so, though there is no TLS to verify.
  config.clusters = config.clusters.map(each =>
    each.server.startsWith('http:') ? { ...each, skipTLSVerify: true } : each,
  );
  const tls: TlsOptions = {};
  await config.applyToHTTPSOptions(tls as any);
  const connection: ClusterConnection = {
    url: cluster.server.replace(/\/$/, ''),
    certificateAuthority: text(
      // A context without a user has it all the same.
      tls.ca ?? bufferFromFileOrString(cluster.caFile, cluster.caData),
    ),
    skipTLSVerify: cluster.skipTLSVerify,
    tlsServerName: cluster.tlsServerName,
    ...(tls.cert &&
      tls.key && {
        clientCertificate: {
          certificate: text(tls.cert)!,
          key: text(tls.key)!,
        },
      }),
  };
  return {
    name: options.name ?? cluster.name,
    connection,
    async headers() {
      const asked: TlsOptions = {};
      await config.applyToHTTPSOptions(asked as any);
      return plainHeaders(asked);
    },
  };
}

/** The part of node's request options that client-node fills in. */
interface TlsOptions {
  ca?: string | Buffer;
  cert?: string | Buffer;
  key?: string | Buffer;
  auth?: string;
  headers?: Record<string, string | string[] | undefined>;
}

function plainHeaders({ headers, auth }: TlsOptions): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (value !== undefined) {
      plain[name] = String(value);
    }
  }
  if (auth) {
    plain.Authorization = `Basic ${Buffer.from(auth).toString('base64')}`;
  }
  return plain;
}

function text(value: string | Buffer | undefined | null): string | undefined {
  return value?.toString();
}
