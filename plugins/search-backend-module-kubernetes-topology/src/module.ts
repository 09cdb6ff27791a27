import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { searchIndexRegistryExtensionPoint } from '@backstage/plugin-search-backend-node/alpha';
import { collatorSchedule } from './collatorSchedule';
import { TopologyCollatorFactory } from './topologyCollatorFactory';

/** Makes Kubernetes objects findable in the portal's search, by their own names and by those of what depends on them. */
export const searchModuleKubernetesTopologyCollator = createBackendModule({
  pluginId: 'search',
  moduleId: 'kubernetes-topology-collator',
  register(env) {
    env.registerInit({
      deps: {
        auth: coreServices.auth,
        config: coreServices.rootConfig,
        discovery: coreServices.discovery,
        indexRegistry: searchIndexRegistryExtensionPoint,
        scheduler: coreServices.scheduler,
      },
      async init({ auth, config, discovery, indexRegistry, scheduler }) {
        indexRegistry.addCollator({
          schedule: scheduler.createScheduledTaskRunner(
            collatorSchedule(config),
          ),
          factory: TopologyCollatorFactory.create({ auth, discovery }),
        });
      },
    });
  },
});
