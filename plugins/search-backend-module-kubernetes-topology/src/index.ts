export { searchModuleKubernetesTopologyCollator as default } from './module';
export * from './topologyCollatorFactory';
