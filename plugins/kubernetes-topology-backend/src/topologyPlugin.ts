import { readFile } from 'node:fs/promises';
import {
  BackendFeature,
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { signalsServiceRef } from '@backstage/plugin-signals-node';
import { topologyPermissions } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { configuredClusters } from './clusters/configuredClusters';
import { SearchDocuments } from './documents/searchDocuments';
import { RevisionHints } from './live/revisionHints';
import { topologyNodeResourceRef } from './permissions/nodeResource';
import { topologyNodeRules } from './permissions/rules';
import { TopologyAccess } from './permissions/topologyAccess';
import { Changes } from './restart/changes';
import { Evictor } from './restart/evictor';
import { Restarts } from './restart/restarts';
import { createRouter } from './router/router';
import { CreateTopology } from './topologyEngine';

/**
 * The backend plugin around an engine. Its init is quick and never fails because a cluster is down: watching begins
 * when all plugins are up.
 */
export function topologyPlugin(createTopology: CreateTopology): BackendFeature {
  return createBackendPlugin({
    pluginId: 'kubernetes-topology',
    register(env) {
      env.registerInit({
        deps: {
          auditor: coreServices.auditor,
          auth: coreServices.auth,
          catalog: catalogServiceRef,
          config: coreServices.rootConfig,
          database: coreServices.database,
          httpAuth: coreServices.httpAuth,
          httpRouter: coreServices.httpRouter,
          lifecycle: coreServices.lifecycle,
          logger: coreServices.logger,
          permissions: coreServices.permissions,
          permissionsRegistry: coreServices.permissionsRegistry,
          signals: signalsServiceRef,
        },
        async init(deps) {
          const { auditor, auth, catalog, lifecycle, logger } = deps;
          const { sources, unwatched } = await configuredClusters(
            deps.config,
            path => readFile(path, 'utf8'),
          );
          for (const { name, reason } of unwatched) {
            logger.warn(`Cluster ${name}: ${reason}`);
          }
          if (sources.length === 0 && unwatched.length === 0) {
            logger.warn(
              'No clusters: list them under kubernetes.clusterLocatorMethods in app-config.yaml',
            );
          }
          const topology = await createTopology({
            database: deps.database,
            clusters: sources,
            logger,
          });

          deps.permissionsRegistry.addResourceType({
            resourceRef: topologyNodeResourceRef,
            permissions: topologyPermissions,
            rules: Object.values(topologyNodeRules),
            // One call for a whole batch: search asks for pages of hits within a second.
            getResources: async keys => {
              const nodes = await topology.nodes(keys);
              const byKey = new Map<string, (typeof nodes)[number]>(
                nodes.map(node => [node.key, node]),
              );
              return keys.map(key => byKey.get(key));
            },
          });

          const changes = new Changes();
          const hints = new RevisionHints(deps.signals, logger);
          const evictor = new Evictor(sources);
          const restarts = Restarts.create({
            topology,
            evictor,
            changes,
            auth,
            auditor,
            logger,
          });
          topology.onRevision(revision => {
            changes.notify();
            hints.publish(revision);
          });

          const since = Date.now();
          deps.httpRouter.use(
            createRouter({
              topology,
              unwatched: unwatched.map(each => ({ ...each, at: since })),
              access: TopologyAccess.create(deps),
              auditor,
              catalog,
              restarts,
              documents: SearchDocuments.create({ topology, catalog, auth }),
            }),
          );

          lifecycle.addStartupHook(() => topology.start());
          lifecycle.addShutdownHook(async () => {
            await restarts.stop();
            hints.stop();
            evictor.close();
            await topology.stop();
          });
        },
      });
    },
  });
}
