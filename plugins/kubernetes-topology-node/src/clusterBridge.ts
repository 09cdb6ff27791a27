import {
  createServiceFactory,
  createServiceRef,
} from '@backstage/backend-plugin-api';
import { ClusterSupplier } from './clusterSupplier';

/** Hands clusters from one plugin of the process to another, which a plugin's own services and extension points cannot. */
export interface ClusterBridge {
  /** @throws Error when another supplier was provided before */
  provide(supplier: ClusterSupplier): void;
  /** `undefined` until one is provided. All plugins have started when a root startup hook runs: look then. */
  supplier(): ClusterSupplier | undefined;
}

/** The bridge from the Kubernetes plugin (`kubernetes-backend-module-topology`) to the topology plugin. */
export const clusterBridgeServiceRef = createServiceRef<ClusterBridge>({
  id: 'kubernetes-topology.cluster-bridge',
  scope: 'root',
  defaultFactory: async service =>
    createServiceFactory({ service, deps: {}, factory: createClusterBridge }),
});

export function createClusterBridge(): ClusterBridge {
  let provided: ClusterSupplier | undefined;
  return {
    provide(supplier) {
      if (provided) {
        throw new Error(
          `Clusters come from ${provided.name} already; add ${supplier.name} with topologyClustersExtensionPoint instead`,
        );
      }
      provided = supplier;
    },
    supplier: () => provided,
  };
}
