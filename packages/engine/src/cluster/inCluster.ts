import { readFile } from 'node:fs/promises';
import { isIPv6 } from 'node:net';
import { join } from 'node:path';
import { ClusterSource } from './connection';

/** Where Kubernetes mounts a pod's service account. */
const MOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/** This process runs in no pod, or in one without a service account. */
export class NotInClusterError extends Error {
  readonly name = 'NotInClusterError';
}

/**
 * The cluster that this process runs in, as the pod's own service account. Its token is read anew for each request: the
 * kubelet replaces it about every hour.
 *
 * @throws NotInClusterError
 */
export async function inClusterSource(
  options: {
    /** Default: `in-cluster`. */
    name?: string;
    /** The folder of the mounted account. */
    mount?: string;
    environment?: NodeJS.ProcessEnv;
  } = {},
): Promise<ClusterSource> {
  const { name = 'in-cluster', mount = MOUNT } = options;
  const {
    KUBERNETES_SERVICE_HOST: host,
    KUBERNETES_SERVICE_PORT: port = '443',
  } = options.environment ?? process.env;
  if (!host) {
    throw new NotInClusterError(
      'This process runs in no pod: KUBERNETES_SERVICE_HOST is not set. Name a kubeconfig instead.',
    );
  }
  const read = async (file: string) => {
    try {
      return await readFile(join(mount, file), 'utf8');
    } catch (error) {
      throw new NotInClusterError(
        `The pod has no service account mounted (${
          (error as NodeJS.ErrnoException).code
        } for ${join(
          mount,
          file,
        )}). Set automountServiceAccountToken and a serviceAccountName that may list and watch.`,
      );
    }
  };
  const certificateAuthority = await read('ca.crt');
  await read('token');
  return {
    name,
    connection: {
      url: `https://${isIPv6(host) ? `[${host}]` : host}:${port}`,
      certificateAuthority,
    },
    headers: async () => ({
      Authorization: `Bearer ${(await read('token')).trim()}`,
    }),
  };
}
