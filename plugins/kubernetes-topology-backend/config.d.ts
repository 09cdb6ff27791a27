/** Also as a text: `5m`, `PT5M`. */
interface HumanDuration {
  years?: number;
  months?: number;
  weeks?: number;
  days?: number;
  hours?: number;
  minutes?: number;
  seconds?: number;
  milliseconds?: number;
}

export interface Config {
  kubernetesTopology?: {
    /** How often the list of clusters is asked for. Default: 1 minute. */
    clusterRefresh?: HumanDuration | string;
    /**
     * What is read of a cluster. What is outside is shown as `unknown` where something refers to it, never as missing.
     * Default: everything that the cluster's account may list.
     */
    scopes?: Array<{
      /** Its name in the portal, or `*` for all that have no entry of their own. */
      cluster: string;
      /**
       * Only objects in these namespaces, for accounts that may not list in the whole cluster; one list and one watch for
       * each of them and each kind. Default: all.
       */
      namespaces?: string[];
      kinds?: {
        /**
         * Only these kinds: `Deployment.apps`, `Pod` for the core group, `*.cilium.io` for a whole group.
         * Default: every kind that the cluster serves.
         */
        include?: string[];
        /** Not these kinds, though they may be included. */
        exclude?: string[];
      };
    }>;
    /**
     * Clusters that are files: manifests, or what `kubectl get -o json` wrote. They are read again when they change. With
     * several replicas, each of them needs the files.
     */
    staticSources?: Array<{
      /** The cluster's name in the portal. */
      name: string;
      /** A file, or a folder with all folders in it; relative to the folder in which the backend was started. */
      path: string;
      /** Where objects are that name no namespace. Default: `default`. */
      namespace?: string;
      /**
       * Kinds that the files hold all objects of, also where these are none: only of such a kind is an object said to be
       * missing. Default: the kinds that they hold some of.
       */
      holds?: string[];
    }>;
    /**
     * Kinds, relations and health rules of your own, in the words of `docs/rules.md`; these speak first, then those of
     * `ruleFiles`, then those that modules add, then those that come with the engine.
     */
    rules?: {
      kinds?: object[];
      relations?: object[];
    };
    /** Files with such rules (YAML), or folders of them; relative to the folder in which the backend was started. */
    ruleFiles?: string[];
    /** How much of the past can be asked for. */
    history?: {
      /** Older versions go. Default: 7 days. */
      maxAge?: HumanDuration | string;
      /** More versions of objects, and more of relations, than this go, the oldest first. Default: 20 million each. */
      maxVersions?: number;
    };
    /** Whether the owners of affected entities are notified of incidents, by the portal's notifications. Default: true. */
    notifications?: boolean;
    /** Bounds. An answer that a bound cuts says so. */
    limits?: {
      query?: {
        /** Nodes, edges or values of an answer. Default: 10,000. */
        rows?: number;
        /** The greatest depth that a traversal step may be asked for. Default: 32. */
        depth?: number;
        /** For one query with all its statements. Default: 10 seconds. */
        timeout?: HumanDuration | string;
      };
      reading?: {
        /** Objects on a page of a list. Default: 500. */
        pageSize?: number;
        /** Kinds of one cluster that are listed at the same time. Default: 3. */
        listsAtOnce?: number;
      };
      writing?: {
        /**
         * Objects of one cluster that may wait to be taken into the graph. When there are more, reading waits: memory
         * stays bounded and nothing is lost. Default: 1,000.
         */
        queuedObjects?: number;
      };
    };
  };
  /**
   * The Kubernetes plugin's own keys, with the same visibility, so that tokens stay secret in a portal without that plugin.
   * With `kubernetes-backend-module-topology` that plugin reads them, and all that it knows counts.
   */
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
           * `localKubectlProxy` is watched; the clusters of other locators take the module.
           *
           * @visibility frontend
           */
          type: 'localKubectlProxy' | 'catalog' | 'gke';
        }
    >;
  };
}
