export { CausalChain } from './CausalChain';
export { CausePanel } from './CausePanel';
