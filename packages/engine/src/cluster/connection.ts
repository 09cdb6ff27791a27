import { ClusterScope } from './clusterScope';

/** How one cluster's API server is reached. Plain data, so that it can be handed to a worker thread. */
export interface ClusterConnection {
  /** Without a trailing slash, e.g. `https://10.0.0.1:6443`. */
  url: string;
  /** PEM. */
  certificateAuthority?: string;
  skipTLSVerify?: boolean;
  /** The name in the server's certificate, where it is not the URL's host. */
  tlsServerName?: string;
  /** PEM, for authentication by client certificate. */
  clientCertificate?: { certificate: string; key: string };
}

/**
 * A cluster to watch. `headers` is asked before each request, so that tokens may be short-lived; it may be asked
 * again after a 401.
 */
export interface ClusterSource {
  readonly name: string;
  readonly connection: ClusterConnection;
  /** Default: all of it. */
  readonly scope?: ClusterScope;
  headers(): Promise<Record<string, string>>;
}
