export * from './annotations';
export * from './permissions';
export * from './types';
export * from './client';
export type { LiveElement, LiveEvent } from './liveEvents';
