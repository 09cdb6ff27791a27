export { kubernetesModuleTopology as default } from './module';
