import { createBackend } from '@backstage/backend-defaults';
import { createServiceFactory } from '@backstage/backend-plugin-api';
import { mockServices } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { signalsServiceRef } from '@backstage/plugin-signals-node';
import topologyPlugin from '@kubernetes-topology/plugin-kubernetes-topology-backend';

/**
 * A portal with the real topology plugin: a process of its own, as that of `kubernetesPortalMain.ts`. Its configuration
 * is its argument, as JSON; it runs until standard input ends.
 */
async function main(): Promise<void> {
  const backend = createBackend();
  backend.add(
    mockServices.rootConfig.factory({ data: JSON.parse(process.argv[2]) }),
  );
  backend.add(catalogServiceMock.factory({ entities: [] }));
  backend.add(
    createServiceFactory({
      service: signalsServiceRef,
      deps: {},
      factory: () => ({ publish: async () => {} }),
    }),
  );
  backend.add(topologyPlugin);
  await backend.start();
  process.stdout.write('started\n');
  process.stdin.on('end', () => process.exit(0)).resume();
}

main().catch(error => {
  process.stderr.write(`${error}\n`);
  process.exit(1);
});
