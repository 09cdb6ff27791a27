/** How replicas share clusters. Milliseconds. */
export interface ReplicaTuning {
  /** How often a replica says that it lives, renews its leases and looks at the others. */
  renewEvery: number;
  /** How long a lease lasts unless it is renewed: then another replica takes the cluster. Several times `renewEvery`. */
  leaseFor: number;
  /**
   * How long a cluster that no live replica is configured to follow stays stored. In a rolling upgrade, and when
   * configuration is lost for a moment, nothing is to be taken away.
   */
  removalGrace: number;
  /** How often to look whether other replicas wrote, where the database does not say so. */
  pollEvery: number;
}

/** A killed replica's clusters are followed by another one after 11 s at the latest. */
export const defaultReplicaTuning: ReplicaTuning = {
  renewEvery: 2_000,
  leaseFor: 9_000,
  removalGrace: 600_000,
  pollEvery: 1_000,
};
