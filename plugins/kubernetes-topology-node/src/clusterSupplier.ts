import { TopologySource } from '@kubernetes-topology/engine';

/** A cluster that is known and that no background process can read: listed as failing, with the reason. */
export interface UnwatchedCluster {
  readonly name: string;
  /** A sentence that says what to do; it is shown, so that it must hold no secrets. */
  readonly reason: string;
}

/**
 * A cluster behind an API server (`connection`, and `headers` that are asked for before each request), manifests in files
 * (`path`), a dump (`objects`), or one that cannot be watched.
 */
export type SuppliedCluster = TopologySource | UnwatchedCluster;

/** Knows clusters, from wherever the organisation keeps its list of them. */
export interface ClusterSupplier {
  /** For log lines: `the Kubernetes plugin`. */
  readonly name: string;
  /**
   * All clusters as they are now. Asked at the start and every minute: cache what is costly. A cluster that is not
   * answered any more is read no more, and taken out of the store after a while; when this rejects, the former answer
   * stays.
   */
  getClusters(): Promise<readonly SuppliedCluster[]>;
  /** For suppliers that notice changes themselves: calls the listener, and is then asked at once. The answer ends it. */
  onChange?(listener: () => void): () => void;
}
