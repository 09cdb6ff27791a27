export { RestartDialog } from './RestartDialog';
