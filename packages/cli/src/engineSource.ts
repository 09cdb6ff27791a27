import { stat } from 'node:fs/promises';
import { basename, extname, resolve } from 'node:path';
import {
  ClusterSource as EngineCluster,
  inClusterSource,
  KindCatalog,
  kubeConfigSource,
  manifestFiles,
  Manifests,
  parseManifests,
  readManifests,
  TopologySource,
} from '@kubernetes-topology/engine';
import { Failure, messageOf, usageFailure } from './failure';
import { portalUrl } from './portalConnection';
import { readInput } from './readInput';
import { ClusterSource, FileSource, PortalSource } from './source';

/**
 * What the engine reads for a source.
 *
 * @throws Failure when it cannot be found
 */
export async function engineSource(
  source: ClusterSource | FileSource,
  catalog: Pick<KindCatalog, 'definitionFor'>,
): Promise<TopologySource> {
  if (source.from === 'files') {
    return fileSource(source, catalog);
  }
  const { namespaces } = source;
  const cluster = await clusterOf(source);
  return { ...cluster, ...(namespaces && { scope: { namespaces } }) };
}

async function clusterOf(source: ClusterSource): Promise<EngineCluster> {
  try {
    switch (source.from) {
      case 'in-cluster':
        return await inClusterSource(source.name ? { name: source.name } : {});
      case 'portal-proxy':
        return proxiedCluster(source.name ?? '', source);
      default:
        return await kubeConfigSource(
          source.file === undefined
            ? { from: 'default' }
            : { from: 'file', path: source.file },
          { context: source.context, name: source.name },
        );
    }
  } catch (error) {
    if (error instanceof Failure) {
      throw error;
    }
    const { code, path, reason } = error as NodeJS.ErrnoException & {
      reason?: string;
    };
    throw usageFailure(
      code === 'ENOENT'
        ? `there is no kubeconfig ${path}; name one with --kubeconfig FILE`
        : // The parser's message shows lines of the file, and these may be credentials.
          `the cluster cannot be found: ${reason ?? messageOf(error)}`,
    );
  }
}

/** A cluster behind the proxy of the portal's Kubernetes plugin, with the portal's own credentials for it. */
function proxiedCluster(
  name: string,
  { url, token }: Pick<PortalSource, 'url' | 'token'>,
): EngineCluster {
  return {
    name,
    connection: { url: `${portalUrl(url)}/api/kubernetes/proxy` },
    headers: async () => ({
      'Backstage-Kubernetes-Cluster': name,
      ...(token && { Authorization: `Bearer ${token}` }),
    }),
  };
}

async function fileSource(
  source: FileSource,
  catalog: Pick<KindCatalog, 'definitionFor'>,
): Promise<TopologySource> {
  const { path, isFollowed } = source;
  const name = source.name ?? nameOfFile(path);
  if (isFollowed && path !== '-') {
    await assertThere(path);
    return { name, path };
  }
  const { objects, holds } = await readObjects(path, catalog);
  return { name, objects, holds, namespace: 'default' };
}

/**
 * What files hold, without the values of Secrets and ConfigMaps. Standard input is never written to disk: a dump may
 * hold them.
 *
 * @param path a file, a folder, or `-` for standard input
 * @throws Failure
 */
export async function readObjects(
  path: string,
  catalog: Pick<KindCatalog, 'definitionFor'>,
): Promise<Manifests> {
  if (path !== '-') {
    await assertThere(path);
  }
  try {
    return path === '-'
      ? parseManifests(await readInput(), 'standard input', catalog)
      : await readManifests(await manifestFiles(path), catalog);
  } catch (error) {
    if (error instanceof Failure) {
      throw error;
    }
    const { code } = error as NodeJS.ErrnoException;
    throw code === undefined
      ? new Failure(messageOf(error))
      : unreadable(path, code);
  }
}

async function assertThere(path: string): Promise<void> {
  try {
    await stat(path);
  } catch (error) {
    throw unreadable(path, (error as NodeJS.ErrnoException).code);
  }
}

function unreadable(path: string, code: string | undefined): Failure {
  return usageFailure(
    `${path} cannot be read (${code}); --from takes a file, a folder, or - for standard input`,
  );
}

function nameOfFile(path: string): string {
  if (path === '-') {
    return 'stdin';
  }
  const file = basename(resolve(path));
  return basename(file, extname(file)) || 'files';
}
