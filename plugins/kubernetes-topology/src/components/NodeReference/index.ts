export { NodeReference } from './NodeReference';
