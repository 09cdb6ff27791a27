import { ClusterSource } from '@kubernetes-topology/engine';

/** Where a pod finds the credentials of its service account. */
export const IN_CLUSTER_MOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * The headers that authenticate without a user: a fixed token, the service account that the portal's own pod runs
 * as, or none (`kubectl proxy` adds its own).
 */
export function requestHeaders(
  authProvider: 'serviceAccount' | 'localKubectlProxy',
  token: string | undefined,
  readText: (path: string) => Promise<string>,
): ClusterSource['headers'] {
  if (authProvider === 'localKubectlProxy') {
    return async () => ({});
  }
  if (token !== undefined) {
    return async () => ({ Authorization: `Bearer ${token}` });
  }
  // Read anew each time: the kubelet rotates mounted tokens.
  return async () => {
    const mounted = await readText(`${IN_CLUSTER_MOUNT}/token`);
    return { Authorization: `Bearer ${mounted.trim()}` };
  };
}
