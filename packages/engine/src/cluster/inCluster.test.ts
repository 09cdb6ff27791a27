import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inClusterSource, NotInClusterError } from './inCluster';
import { kubeConfigSource } from './kubeConfig';

describe('inClusterSource', () => {
  let mount: string;

  beforeEach(() => {
    mount = mkdtempSync(join(tmpdir(), 'service-account-'));
    writeFileSync(join(mount, 'ca.crt'), 'CA PEM');
    writeFileSync(join(mount, 'token'), 'first\n');
  });

  afterEach(() => {
    rmSync(mount, { recursive: true });
  });

  it.each([
    ['10.96.0.1', '443', 'https://10.96.0.1:443'],
    ['fd00::1', '6443', 'https://[fd00::1]:6443'],
    ['10.96.0.1', undefined, 'https://10.96.0.1:443'],
  ])('reaches %s, port %s, at %s', async (host, port, url) => {
    const environment: NodeJS.ProcessEnv = {
      NODE_ENV: 'test',
      KUBERNETES_SERVICE_HOST: host,
      KUBERNETES_SERVICE_PORT: port,
    };
    const { name, connection } = await inClusterSource({ mount, environment });
    expect({ name, connection }).toEqual({
      name: 'in-cluster',
      connection: { url, certificateAuthority: 'CA PEM' },
    });
  });

  it('reads the token anew for each request', async () => {
    const environment: NodeJS.ProcessEnv = {
      NODE_ENV: 'test',
      KUBERNETES_SERVICE_HOST: '10.96.0.1',
    };
    const { name, headers } = await inClusterSource({
      name: 'home',
      mount,
      environment,
    });
    expect(name).toBe('home');
    expect(await headers()).toEqual({ Authorization: 'Bearer first' });
    writeFileSync(join(mount, 'token'), 'second');
    expect(await headers()).toEqual({ Authorization: 'Bearer second' });
  });

  it('says so when the process runs in no pod, or in one without an account', async () => {
    const nowhere: NodeJS.ProcessEnv = { NODE_ENV: 'test' };
    await expect(
      inClusterSource({ mount, environment: nowhere }),
    ).rejects.toThrow(NotInClusterError);
    const environment: NodeJS.ProcessEnv = {
      NODE_ENV: 'test',
      KUBERNETES_SERVICE_HOST: '10.96.0.1',
    };
    rmSync(join(mount, 'token'));
    await expect(inClusterSource({ mount, environment })).rejects.toThrow(
      /no service account mounted \(ENOENT .*token\)/,
    );
  });

  it('is what a kubeconfig source from the cluster is', async () => {
    await expect(kubeConfigSource({ from: 'cluster' })).rejects.toThrow(
      NotInClusterError,
    );
  });
});
