export { Legend } from './Legend';
export { TopologyCanvas } from './TopologyCanvas';
