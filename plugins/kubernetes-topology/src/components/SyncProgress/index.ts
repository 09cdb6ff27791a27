export { SyncProgressBar } from './SyncProgressBar';
