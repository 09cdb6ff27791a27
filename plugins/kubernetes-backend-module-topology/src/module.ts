import { readFile } from 'node:fs/promises';
import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { kubernetesObjectsProviderExtensionPoint } from '@backstage/plugin-kubernetes-node';
import { clusterBridgeServiceRef } from '@kubernetes-topology/plugin-kubernetes-topology-node';
import { suppliedCluster } from './suppliedClusters';

/**
 * Hands the Kubernetes plugin's clusters and credentials to the topology plugin. That plugin has no interface for it, so
 * that this module stands where an objects provider would, sees what that would be given, and lets the default one
 * through (`backstage.md` 4.2).
 */
export const kubernetesModuleTopology = createBackendModule({
  pluginId: 'kubernetes',
  moduleId: 'topology',
  register(env) {
    env.registerInit({
      deps: {
        auth: coreServices.auth,
        bridge: clusterBridgeServiceRef,
        objects: kubernetesObjectsProviderExtensionPoint,
      },
      async init({ auth, bridge, objects }) {
        objects.addObjectsProvider(
          async ({ clusterSupplier, authStrategy, getDefault }) => {
            bridge.provide({
              name: 'the Kubernetes plugin',
              async getClusters() {
                const clusters = await clusterSupplier.getClusters({
                  credentials: await auth.getOwnServiceCredentials(),
                });
                return Promise.all(
                  clusters.map(details =>
                    suppliedCluster(details, {
                      authStrategy,
                      readText: path => readFile(path, 'utf8'),
                      environment: process.env,
                    }),
                  ),
                );
              },
            });
            return getDefault();
          },
        );
      },
    });
  },
});
