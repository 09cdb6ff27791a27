export { StatusLabel, StatusShape } from './StatusShape';
