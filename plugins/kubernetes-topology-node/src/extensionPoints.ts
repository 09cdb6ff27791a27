import { createExtensionPoint } from '@backstage/backend-plugin-api';
import { ClusterSupplier } from './clusterSupplier';

export interface TopologyClustersExtensionPoint {
  /** Adds to the clusters that the portal knows. Where two have the same name, the portal's own wins, then the first. */
  addClusterSupplier(supplier: ClusterSupplier): void;
}

/** Further clusters, from lists that the Kubernetes plugin does not know. */
export const topologyClustersExtensionPoint =
  createExtensionPoint<TopologyClustersExtensionPoint>({
    id: 'kubernetes-topology.clusters',
  });

/** Kinds, relations and health rules, in the words of a rule file (`docs/rules.md`). */
export interface AddedRules {
  /** Where they come from, for errors: the name of the package. */
  readonly where: string;
  /**
   * What a rule file holds: `{ kinds: […], relations: […] }`. Data, not code: clusters are read in worker threads, to
   * which no function can be handed.
   */
  readonly rules: unknown;
}

export interface TopologyRulesExtensionPoint {
  /**
   * Adds rules. They speak before those that come with the engine, and after those of the configuration.
   *
   * @throws RulesError that names every place and what was expected there
   */
  addRules(rules: AddedRules): void;
}

/** What the engine shall know of kinds, in addition to its own rules. */
export const topologyRulesExtensionPoint =
  createExtensionPoint<TopologyRulesExtensionPoint>({
    id: 'kubernetes-topology.rules',
  });
