/** Builders of cluster states (`rca-scenarios.md` section 0): a scenario reads as what was done, not as JSON. */
export * from './templateObjects';
export * from './templatePods';
export * from './templateWorkloads';
export * from './templateCluster';
export * from './templateResources';
