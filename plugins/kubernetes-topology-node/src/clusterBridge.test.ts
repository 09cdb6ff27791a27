import { createClusterBridge } from './clusterBridge';

const supplier = (name: string) => ({ name, getClusters: async () => [] });

describe('the cluster bridge', () => {
  it('hands over what was provided, once', () => {
    const bridge = createClusterBridge();
    expect(bridge.supplier()).toBeUndefined();
    const first = supplier('the Kubernetes plugin');
    bridge.provide(first);
    expect(bridge.supplier()).toBe(first);
    expect(() => bridge.provide(supplier('another'))).toThrow(
      'Clusters come from the Kubernetes plugin already; add another with topologyClustersExtensionPoint instead',
    );
    expect(bridge.supplier()).toBe(first);
  });
});
