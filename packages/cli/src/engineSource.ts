import { stat } from 'node:fs/promises';
import { basename, extname, resolve } from 'node:path';
import {
  ClusterSource as EngineCluster,
  inClusterSource,
  KindCatalog,
  kubeConfigSource,
  parseManifests,
  TopologySource,
} from '@kubernetes-topology/engine';
import { Failure, messageOf, usageFailure } from './failure';
import { portalUrl } from './portalTopology';
import { ClusterSource, FileSource, PortalSource } from './source';

/** Bytes of standard input: as large as a file of manifests may be. */
const LARGEST_INPUT = 256 * 1024 * 1024;

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
    return source.path === '-'
      ? inputSource(source, catalog)
      : fileSource(source);
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

async function fileSource({ path, name }: FileSource): Promise<TopologySource> {
  try {
    await stat(path);
  } catch (error) {
    throw usageFailure(
      `${path} cannot be read (${
        (error as NodeJS.ErrnoException).code
      }); --from takes a file, a folder, or - for standard input`,
    );
  }
  return { name: name ?? nameOfFile(path), path };
}

/** Never on disk: a dump holds the values of Secrets. */
async function inputSource(
  { name = 'stdin' }: FileSource,
  catalog: Pick<KindCatalog, 'definitionFor'>,
): Promise<TopologySource> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin) {
    size += chunk.length;
    if (size > LARGEST_INPUT) {
      throw usageFailure(
        `standard input is larger than ${LARGEST_INPUT} bytes; split it into files of a folder, and name that`,
      );
    }
    chunks.push(chunk);
  }
  try {
    const { objects, holds } = parseManifests(
      Buffer.concat(chunks),
      'standard input',
      catalog,
    );
    return { name, objects, holds, namespace: 'default' };
  } catch (error) {
    throw new Failure(messageOf(error));
  }
}

function nameOfFile(path: string): string {
  const file = basename(resolve(path));
  return basename(file, extname(file)) || 'files';
}
