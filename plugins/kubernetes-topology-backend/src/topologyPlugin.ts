import {
  BackendFeature,
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import {
  actionsRegistryServiceRef,
  metricsServiceRef,
} from '@backstage/backend-plugin-api/alpha';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { notificationService } from '@backstage/plugin-notifications-node';
import { signalsServiceRef } from '@backstage/plugin-signals-node';
import { NamedRules, parseRules } from '@kubernetes-topology/engine';
import {
  topologyNodePermissions,
  topologyUsePermission,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';
import {
  clusterBridgeServiceRef,
  ClusterSupplier,
  topologyClustersExtensionPoint,
  topologyRulesExtensionPoint,
} from '@kubernetes-topology/plugin-kubernetes-topology-node';
import { registerActions } from './actions/registerActions';
import { ClusterDirectory } from './clusters/clusterDirectory';
import { portalClusters, staticClusters } from './clusters/portalClusters';
import { userRules } from './config/rules';
import { readTopologyConfig } from './config/topologyConfig';
import { EntityIndex } from './documents/entityIndex';
import { SearchDocuments } from './documents/searchDocuments';
import { Favourites } from './favourites/favourites';
import { RevisionHints } from './live/revisionHints';
import { EngineTally } from './metrics/engineTally';
import { measuredTopology } from './metrics/measuredTopology';
import { reportMetrics } from './metrics/topologyMetrics';
import { IncidentNotices } from './notifications/incidentNotices';
import {
  NodeResource,
  topologyNodeResourceRef,
} from './permissions/nodeResource';
import { OwnedEntities } from './permissions/ownedEntities';
import { topologyNodeRules } from './permissions/rules';
import { TopologyAccess } from './permissions/topologyAccess';
import { Changes } from './restart/changes';
import { Evictor } from './restart/evictor';
import { Restarts } from './restart/restarts';
import { createRouter } from './router/router';
import { CreateTopology } from './topologyEngine';

/**
 * The backend plugin around an engine. Its init is quick and never fails because a cluster is down: watching begins
 * when all plugins are up. It fails when the configuration or a rule is faulty.
 */
export function topologyPlugin(createTopology: CreateTopology): BackendFeature {
  return createBackendPlugin({
    pluginId: 'kubernetes-topology',
    register(env) {
      const addedSuppliers: ClusterSupplier[] = [];
      const addedRules: NamedRules[] = [];
      env.registerExtensionPoint(topologyClustersExtensionPoint, {
        addClusterSupplier: supplier => addedSuppliers.push(supplier),
      });
      env.registerExtensionPoint(topologyRulesExtensionPoint, {
        addRules: ({ where, rules }) =>
          addedRules.push({ where, rules: parseRules(rules, where) }),
      });
      env.registerInit({
        deps: {
          actions: actionsRegistryServiceRef,
          auditor: coreServices.auditor,
          auth: coreServices.auth,
          bridge: clusterBridgeServiceRef,
          catalog: catalogServiceRef,
          config: coreServices.rootConfig,
          database: coreServices.database,
          httpAuth: coreServices.httpAuth,
          httpRouter: coreServices.httpRouter,
          lifecycle: coreServices.lifecycle,
          logger: coreServices.logger,
          metrics: metricsServiceRef,
          notifications: notificationService,
          permissions: coreServices.permissions,
          permissionsRegistry: coreServices.permissionsRegistry,
          rootLifecycle: coreServices.rootLifecycle,
          signals: signalsServiceRef,
        },
        async init(deps) {
          const { auditor, auth, bridge, catalog, logger } = deps;
          const config = readTopologyConfig(deps.config);
          const tally = new EngineTally();
          const engine = await createTopology({
            database: deps.database,
            config,
            rules: await userRules(config, addedRules),
            observer: tally,
            logger,
          });
          const metrics = reportMetrics(deps.metrics, { tally, engine });
          const topology = measuredTopology(engine, metrics.asked);

          const owned = OwnedEntities.create({ catalog, auth });
          deps.permissionsRegistry.addPermissions([topologyUsePermission]);
          deps.permissionsRegistry.addResourceType({
            resourceRef: topologyNodeResourceRef,
            permissions: topologyNodePermissions,
            rules: Object.values(topologyNodeRules),
            // One call for a whole batch: search asks for pages of hits within a second.
            getResources: async keys => {
              const [nodes, ownership] = await Promise.all([
                topology.nodes(keys),
                owned.ownership(),
              ]);
              const byKey = new Map<string, NodeResource>(
                nodes.map(node => [
                  node.key,
                  { ...node, owners: ownership.owners(node) },
                ]),
              );
              return keys.map(key => byKey.get(key));
            },
          });

          const changes = new Changes();
          const hints = new RevisionHints(deps.signals, logger);
          const evictor = new Evictor();
          const restarts = Restarts.create({
            topology,
            evictor,
            changes,
            auth,
            auditor,
            logger,
          });
          engine.onRevision(revision => {
            changes.notify();
            hints.publish(revision);
          });

          if (config.notifications) {
            const notices = new IncidentNotices({
              notifications: deps.notifications,
              topology,
              ownership: () => owned.ownership(),
              entities: async () =>
                EntityIndex.load(
                  catalog,
                  await auth.getOwnServiceCredentials(),
                ),
              logger,
            });
            engine.onIncidents(told => notices.tell(told));
          }

          let isStarted = false;
          const directory = new ClusterDirectory({
            // The portal's own first; only when all plugins have started is it known where they come from.
            suppliers: () => [
              portalClusters({ bridge, config: deps.config, logger }),
              ...addedSuppliers,
              staticClusters(config.staticSources),
            ],
            scopes: config.scopes,
            async onKnown({ sources, isComplete }) {
              evictor.setClusters(sources);
              await engine.setClusters(sources, { isComplete });
              if (!isStarted) {
                isStarted = true;
                await engine.start();
              }
            },
            logger,
            refreshEvery: config.clusterRefresh,
          });

          const access = TopologyAccess.create({ ...deps, owned });
          registerActions({ registry: deps.actions, topology, access });
          deps.httpRouter.use(
            createRouter({
              topology,
              live: (text, options) => engine.live(text, options),
              replicas: () => engine.replicas(),
              directory,
              tally,
              access,
              auditor,
              catalog,
              restarts,
              favourites: await Favourites.create(deps),
              documents: SearchDocuments.create({ topology, catalog, auth }),
            }),
          );

          deps.rootLifecycle.addStartupHook(() => directory.start());
          deps.lifecycle.addShutdownHook(async () => {
            await directory.stop();
            await restarts.stop();
            hints.stop();
            evictor.close();
            metrics.stop();
            await engine.stop();
          });
        },
      });
    },
  });
}
