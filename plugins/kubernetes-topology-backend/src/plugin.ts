import { loadShippedRules, TopologyEngine } from '@kubernetes-topology/engine';
import { topologyPlugin } from './topologyPlugin';

/** The plugin with the real engine, on the portal's own database. */
export const kubernetesTopologyPlugin = topologyPlugin(
  async ({ database, config, rules, observer, logger }) =>
    TopologyEngine.create({
      knex: await database.getClient(),
      runMigrations: !database.migrations?.skip,
      // They are told when all plugins have started.
      clusters: [],
      catalog: { rules: [...(await loadShippedRules()), ...rules] },
      history: config.history,
      bounds: config.query,
      reading: config.reading,
      writing: config.writing,
      incidents: {},
      observer,
      logger,
    }),
);
