import { TopologyEngine } from '@kubernetes-topology/engine';
import { topologyPlugin } from './topologyPlugin';

/** The plugin with the real engine, on the portal's own database. */
export const kubernetesTopologyPlugin = topologyPlugin(
  async ({ database, clusters, logger }) =>
    TopologyEngine.create({
      knex: await database.getClient(),
      runMigrations: !database.migrations?.skip,
      clusters,
      logger,
    }),
);
