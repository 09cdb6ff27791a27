/**
 * The plugin has no keys of its own: it reads the clusters that the Kubernetes plugin reads. Their keys stand here too
 * (with the same visibility), so that tokens stay secret in a portal without that plugin.
 */
export interface Config {
  kubernetes?: {
    clusterLocatorMethods?: Array<
      | {
          /** @visibility frontend */
          type: 'config';
          clusters: Array<{
            /** @visibility frontend */
            name: string;
            /** @visibility frontend */
            url: string;
            /**
             * `serviceAccount` (with `serviceAccountToken`, or the portal's own pod's account) and
             * `localKubectlProxy` are watched; others are listed as failing.
             *
             * @visibility frontend
             */
            authProvider?: string;
            /** @visibility secret */
            serviceAccountToken?: string;
            /** @visibility secret */
            authMetadata?: object;
            /** @visibility frontend */
            skipTLSVerify?: boolean;
            /**
             * PEM, base64.
             *
             * @visibility secret
             */
            caData?: string;
            /**
             * A PEM file.
             *
             * @visibility secret
             */
            caFile?: string;
          }>;
        }
      | {
          /**
           * `localKubectlProxy` is watched; the clusters of other locators are not read yet and listed as failing.
           *
           * @visibility frontend
           */
          type: 'localKubectlProxy' | 'catalog' | 'gke';
        }
    >;
  };
}
