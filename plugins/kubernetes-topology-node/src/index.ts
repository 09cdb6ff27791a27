export * from './clusterBridge';
export * from './clusterSupplier';
export * from './extensionPoints';
