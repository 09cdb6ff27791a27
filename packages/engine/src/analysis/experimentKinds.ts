const MESH = [
  'PodChaos',
  'NetworkChaos',
  'StressChaos',
  'DNSChaos',
  'HTTPChaos',
  'IOChaos',
  'JVMChaos',
  'TimeChaos',
  'KernelChaos',
];

/** Objects that harm pods on purpose, by `kindText`; well (`maintenance`) while they do. */
export const EXPERIMENT_KINDS: readonly string[] = [
  ...MESH.map(kind => `${kind}.chaos-mesh.org`),
  'ChaosEngine.litmuschaos.io',
];

/** Its reason while it is injected. */
export const INJECTED = 'Injected';
