import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { AddressInfo } from 'node:net';
import path from 'node:path';

/** May use the proxy and nothing else. */
export const PROXY_TOKEN = 'static-token-of-an-operator';
/** May do all that the topology's plugin offers. */
export const PORTAL_TOKEN = 'static-token-of-scripts';

interface PortalCluster {
  name: string;
  url: string;
  token: string;
}

interface RunningPortal {
  url: string;
  stop(): Promise<void>;
}

/** A portal with the real Kubernetes plugin, which knows one cluster; without the topology's plugin. */
export function startKubernetesPortal(
  cluster: PortalCluster,
): Promise<RunningPortal> {
  return startPortal('kubernetesPortalMain.ts', cluster);
}

/** A portal with the real topology plugin, which knows one cluster. */
export function startTopologyPortal(
  cluster: PortalCluster,
): Promise<RunningPortal> {
  return startPortal('topologyPortalMain.ts', cluster);
}

async function startPortal(
  main: string,
  cluster: PortalCluster,
): Promise<RunningPortal> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(
    process.execPath,
    [
      '--require',
      require.resolve('@backstage/cli/config/nodeTransform.cjs'),
      path.resolve(__dirname, main),
      JSON.stringify(configuration(url, port, cluster)),
    ],
    { stdio: ['pipe', 'pipe', 'pipe'] },
  );
  let said = '';
  child.stderr.on('data', chunk => {
    said += chunk;
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', chunk => {
      said += chunk;
      if (/^started$/m.test(said)) {
        resolve();
      }
    });
    child.once('exit', () => reject(new Error(`No portal:\n${said}`)));
  });
  return {
    url,
    async stop() {
      const ended = once(child, 'exit');
      child.stdin.end();
      await ended;
    },
  };
}

function configuration(baseUrl: string, port: number, cluster: PortalCluster) {
  return {
    app: { baseUrl },
    backend: {
      baseUrl,
      listen: { host: '127.0.0.1', port },
      database: { client: 'better-sqlite3', connection: ':memory:' },
      auth: {
        externalAccess: [
          {
            type: 'static',
            options: { token: PROXY_TOKEN, subject: 'operator' },
            accessRestrictions: [
              { plugin: 'kubernetes', permission: 'kubernetes.proxy' },
            ],
          },
          {
            type: 'static',
            options: { token: PORTAL_TOKEN, subject: 'scripts' },
            accessRestrictions: [{ plugin: 'kubernetes-topology' }],
          },
        ],
      },
    },
    permission: { enabled: true },
    kubernetes: {
      serviceLocatorMethod: { type: 'multiTenant' },
      clusterLocatorMethods: [
        {
          type: 'config',
          clusters: [
            {
              name: cluster.name,
              url: cluster.url,
              authProvider: 'serviceAccount',
              serviceAccountToken: cluster.token,
            },
          ],
        },
      ],
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise(resolve => server.close(resolve));
  return port;
}
