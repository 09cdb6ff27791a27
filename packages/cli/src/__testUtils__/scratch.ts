import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { stringify } from 'yaml';

/** A captured state of a real cluster, as a dump. */
export function captured(state: string): string {
  return resolve(
    __dirname,
    '../../../../test/fixtures/clusters',
    `${state}.json`,
  );
}

/** A folder that is gone after the tests of this file. */
export function scratchFolder(): {
  path(name: string): string;
  write(name: string, text: string): Promise<string>;
} {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kube-topology-test-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const path = (name: string) => join(folder, name);
  return {
    path,
    async write(name, text) {
      const file = path(name);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
      return file;
    },
  };
}

/** A kubeconfig with one context for each token of a server; the first one is current. */
export function kubeconfigText(
  server: string,
  contexts: Record<string, string | undefined> = { demo: undefined },
): string {
  const names = Object.keys(contexts);
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': names[0],
    clusters: [{ name: 'demo-cluster', cluster: { server } }],
    users: names.map(name => ({
      name,
      user: contexts[name] ? { token: contexts[name] } : {},
    })),
    contexts: names.map(name => ({
      name,
      context: { cluster: 'demo-cluster', user: name },
    })),
  });
}
