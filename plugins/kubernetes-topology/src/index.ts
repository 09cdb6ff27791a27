export { kubernetesTopologyPlugin as default } from './plugin';
export { topologyApiRef } from './api/TopologyApi';
export type { TopologyApi } from './api/TopologyApi';
