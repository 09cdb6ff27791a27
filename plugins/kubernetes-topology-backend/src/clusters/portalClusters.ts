import { readFile } from 'node:fs/promises';
import { LoggerService } from '@backstage/backend-plugin-api';
import { Config } from '@backstage/config';
import { ManifestSource } from '@kubernetes-topology/engine';
import {
  ClusterBridge,
  ClusterSupplier,
} from '@kubernetes-topology/plugin-kubernetes-topology-node';
import { configuredClusters } from './configuredClusters';

const MODULE = '@kubernetes-topology/plugin-kubernetes-backend-module-topology';

/**
 * Where the portal's own clusters come from: the Kubernetes plugin if its bridge module is installed, else what can be
 * read of its configuration. To be asked when all plugins have started.
 */
export function portalClusters(options: {
  bridge: ClusterBridge;
  config: Config;
  logger: LoggerService;
}): ClusterSupplier {
  const { bridge, config, logger } = options;
  const bridged = bridge.supplier();
  if (bridged) {
    logger.info(`Clusters and their credentials come from ${bridged.name}`);
    return bridged;
  }
  logger.info(
    `Clusters are read from kubernetes.clusterLocatorMethods, of types config and localKubectlProxy. For all that the Kubernetes plugin knows, install ${MODULE} beside it`,
  );
  return {
    name: 'kubernetes.clusterLocatorMethods',
    async getClusters() {
      const { sources, unwatched } = await configuredClusters(config, path =>
        readFile(path, 'utf8'),
      );
      return [...sources, ...unwatched];
    },
  };
}

export function staticClusters(
  sources: readonly ManifestSource[],
): ClusterSupplier {
  return {
    name: 'kubernetesTopology.staticSources',
    getClusters: async () => sources,
  };
}
