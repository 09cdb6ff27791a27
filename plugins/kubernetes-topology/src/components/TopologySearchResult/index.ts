export { TopologySearchResult } from './TopologySearchResult';
