export { kubernetesTopologyPlugin as default } from './plugin';
export * from './permissions/conditions';
export * from './permissions/nodeResource';
export { topologyNodeRules } from './permissions/rules';
