import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { ClusterConnection } from './connection';

const yaml = (user: string) => `
apiVersion: v1
kind: Config
current-context: one
clusters:
  - name: lab
    cluster:
      server: https://10.0.0.1:6443/
      certificate-authority-data: ${Buffer.from('CA PEM').toString('base64')}
      tls-server-name: lab.example.com
  - name: bare
    cluster:
      server: http://127.0.0.1:8001
contexts:
  - name: one
    context: { cluster: lab, user: someone }
  - name: two
    context: { cluster: bare, user: nobody }
  - name: three
    context: { cluster: gone, user: nobody }
users:
  - name: someone
    user: ${user}
  - name: nobody
    user: {}
`;

interface Read {
  name: string;
  connection: ClusterConnection;
  /** Of two requests, one after the other. */
  headers: Record<string, string>[];
}

/** In a thread of its own, as jest cannot import the ESM package. */
async function read(
  user: string,
  options: { context?: string; name?: string } = {},
): Promise<Read> {
  const worker = new Worker(
    `const { parentPort, workerData } = require('node:worker_threads');
     const { kubeConfigSource } = require(workerData.module);
     (async () => {
       const origin = { from: 'text', yaml: workerData.yaml };
       const { name, connection, headers } = await kubeConfigSource(origin, workerData.options);
       parentPort.postMessage({ name, connection, headers: [await headers(), await headers()] });
     })();`,
    {
      eval: true,
      workerData: {
        module: require.resolve('./kubeConfig'),
        yaml: yaml(user),
        options,
      },
      execArgv: [
        '--require',
        require.resolve('@backstage/cli/config/nodeTransform.cjs'),
      ],
    },
  );
  try {
    return await new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
  } finally {
    await worker.terminate();
  }
}

describe('kubeConfigSource', () => {
  it('reads the current context: address, trust and token', async () => {
    const { name, connection, headers } = await read('{ token: secret }');
    expect(name).toBe('lab');
    expect(connection).toEqual({
      url: 'https://10.0.0.1:6443',
      certificateAuthority: 'CA PEM',
      tlsServerName: 'lab.example.com',
      skipTLSVerify: false,
    });
    expect(headers[0]).toEqual({ Authorization: 'Bearer secret' });
  });

  it('reads client certificates', async () => {
    const data = (text: string) => Buffer.from(text).toString('base64');
    const { connection } = await read(
      `{ client-certificate-data: ${data('CERT')}, client-key-data: ${data(
        'KEY',
      )} }`,
    );
    expect(connection.clientCertificate).toEqual({
      certificate: 'CERT',
      key: 'KEY',
    });
  });

  it('asks an exec plugin again for each request once its token has expired', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kube-config-'));
    const plugin = join(folder, 'plugin.js');
    writeFileSync(
      plugin,
      `console.log(JSON.stringify({
         apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential',
         status: { token: 'token-' + process.hrtime.bigint(), expirationTimestamp: '2001-01-01T00:00:00Z' },
       }));`,
    );
    const { headers } = await read(
      `{ exec: { apiVersion: client.authentication.k8s.io/v1, command: ${process.execPath}, args: [${plugin}] } }`,
    );
    const [one, other] = headers;
    rmSync(folder, { recursive: true });
    expect(one.Authorization).toMatch(/^Bearer token-\d+$/);
    expect(other.Authorization).toMatch(/^Bearer token-\d+$/);
    expect(other).not.toEqual(one);
  });

  it('takes another context and name', async () => {
    const { name, connection, headers } = await read('{}', {
      context: 'two',
      name: 'mine',
    });
    expect(name).toBe('mine');
    expect(connection.url).toBe('http://127.0.0.1:8001');
    expect(headers[0]).toEqual({});
  });

  it.each([
    ['four', "has no context 'four'. It has: one, two, three"],
    ['three', "context 'three' names no cluster"],
  ])('says what is wrong with context %s', async (context, message) => {
    await expect(read('{}', { context })).rejects.toThrow(message);
  });
});
