import { SchedulerServiceTaskScheduleDefinitionConfig } from '@backstage/backend-plugin-api';

export interface Config {
  search?: {
    collators?: {
      kubernetesTopology?: {
        /**
         * When Kubernetes objects are indexed. Default: every 10 minutes, for the first time 3 seconds after the
         * start, for at most 15 minutes.
         */
        schedule?: SchedulerServiceTaskScheduleDefinitionConfig;
      };
    };
  };
}
