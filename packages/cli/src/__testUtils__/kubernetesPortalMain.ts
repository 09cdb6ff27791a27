import { createBackend } from '@backstage/backend-defaults';
import { mockServices } from '@backstage/backend-test-utils';
import kubernetesPlugin from '@backstage/plugin-kubernetes-backend';

/**
 * A portal with the real Kubernetes plugin and nothing else: a process of its own, as the plugin loads modules in a way
 * that Jest cannot. Its configuration is its argument, as JSON; it runs until standard input ends.
 */
async function main(): Promise<void> {
  const backend = createBackend();
  backend.add(
    mockServices.rootConfig.factory({ data: JSON.parse(process.argv[2]) }),
  );
  backend.add(kubernetesPlugin);
  await backend.start();
  process.stdout.write('started\n');
  process.stdin.on('end', () => process.exit(0)).resume();
}

main().catch(error => {
  process.stderr.write(`${error}\n`);
  process.exit(1);
});
