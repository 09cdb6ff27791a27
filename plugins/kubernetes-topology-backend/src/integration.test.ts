import { spawn } from 'node:child_process';
import path from 'node:path';
import { TestDatabases } from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import {
  ClusterSimulator,
  KubernetesObject,
  readObjectsFromFile,
} from '@kubernetes-topology/cluster-simulator';
import {
  TopologyClient,
  TopologyDocument,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';
import {
  PORTAL_TOKEN,
  READING_TOKEN,
  startPortal,
} from './__testUtils__/startPortal';

const WORKSPACE = path.resolve(__dirname, '../../..');
const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });

const captured = (name: string): KubernetesObject[] =>
  readObjectsFromFile(
    path.join(WORKSPACE, `test/fixtures/clusters/${name}.json`),
  );

function component(name: string, annotations: Record<string, string>): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name, namespace: 'default', annotations },
  };
}

/** WordPress and MySQL as in Kubernetes' tutorial, as far as the secret goes. */
function deployment(name: string, replicas: number): KubernetesObject {
  const labels = { app: 'wordpress', tier: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'blog', labels },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          terminationGracePeriodSeconds: 1,
          containers: [
            {
              name: 'main',
              image: `${name}:1`,
              env: [
                {
                  name: 'PASSWORD',
                  valueFrom: {
                    secretKeyRef: { name: 'mysql-pass', key: 'password' },
                  },
                },
              ],
            },
          ],
        },
      },
    },
  };
}

const capacity = { cpu: '8', memory: '16Gi', pods: '110' };
const oneNode: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'n1', labels: { 'kubernetes.io/hostname': 'n1' } },
  status: {
    capacity,
    allocatable: capacity,
    conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady' }],
  },
};

const SECRET_VALUE = 'c2VjcmV0LXZhbHVl';
const blog: KubernetesObject[] = [
  oneNode,
  {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'mysql-pass', namespace: 'blog' },
    data: { password: SECRET_VALUE },
  },
  deployment('wordpress', 2),
  deployment('mysql', 1),
];

async function eventually<T>(
  what: string,
  probe: () => Promise<T | undefined | false>,
  seconds = 30,
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const found = await probe();
    if (found) {
      return found;
    }
    if (Date.now() > deadline) {
      throw new Error(`${what} did not come about within ${seconds} s`);
    }
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

async function command(script: string, env: Record<string, string>) {
  const child = spawn('sh', ['-c', script], {
    cwd: '/',
    env: {
      PATH: `${path.join(WORKSPACE, 'packages/cli/bin')}:${process.env.PATH}`,
      ...env,
    },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', chunk => {
    stdout += chunk;
  });
  child.stderr.on('data', chunk => {
    stderr += chunk;
  });
  const code = await new Promise(resolve => child.on('close', resolve));
  return { code, stdout, stderr };
}

/** What a test runs on: a cluster, a portal that watches it, and a client with a token. */
async function start(
  database: Parameters<typeof databases.init>[0],
  simulator: ClusterSimulator,
  entities: Entity[],
) {
  const portal = await startPortal({
    knex: await databases.init(database),
    clusters: [{ name: 'demo', url: simulator.url, token: 'cluster-token' }],
    entities,
  });
  const clientWith = (token: string) =>
    new TopologyClient({
      discoveryApi: { getBaseUrl: async id => `${portal.url}/api/${id}` },
      fetchApi: {
        fetch: (input, init) =>
          fetch(input, {
            ...init,
            headers: { ...init?.headers, Authorization: `Bearer ${token}` },
          }),
      },
    });
  const client = clientWith(PORTAL_TOKEN);
  await eventually('a synchronized cluster', async () =>
    (
      await client.clusters()
    ).some(cluster => cluster.name === 'demo' && cluster.state === 'ready'),
  );
  return { portal, client, reader: clientWith(READING_TOKEN) };
}

const isUp = (pod: KubernetesObject) =>
  pod.status?.conditions?.some(
    (condition: any) =>
      condition.type === 'Ready' && condition.status === 'True',
  );

describe.each(databases.eachSupportedId())(
  'portal, engine and cluster together, %s',
  database => {
    it("names the cause on a captured cluster's entity, and finds it by query, search and command", async () => {
      const simulator = await ClusterSimulator.start({
        objects: captured('task-pv-capacity'),
        tokens: { 'cluster-token': { user: 'portal' } },
      });
      const { portal, client } = await start(database, simulator, [
        component('task-pv', {
          'backstage.io/kubernetes-label-selector': 'app=task-pv-pod',
          'backstage.io/kubernetes-namespace': 'docs-storage',
        }),
      ]);
      try {
        const pod = 'demo/Pod/docs-storage/task-pv-pod';
        const claim = 'demo/PersistentVolumeClaim/docs-storage/task-pv-claim';

        const topology = await client.entityTopology('component:task-pv');
        expect(topology.own).toContain(pod);
        expect(topology.nodes.map(node => node.key)).toEqual(
          expect.arrayContaining([pod, claim]),
        );
        expect(topology.causes[0]).toMatchObject({
          root: { key: claim, kind: 'PersistentVolumeClaim', cluster: 'demo' },
        });
        expect(
          topology.causes[0].affected.map(affected => affected.key),
        ).toContain(pod);

        const explanation = await client.explanation(pod);
        expect(explanation).toMatchObject({
          answer: 'cause',
          causes: [
            { path: [{ node: { key: claim } }, { node: { key: pod } }] },
          ],
        });

        const details = await client.node(pod);
        expect(details.node.verdict.level).toBe('down');
        expect(
          details.neighbours.flatMap(group =>
            group.nodes.map(node => node.key),
          ),
        ).toContain(claim);
        expect(details.events.length).toBeGreaterThan(0);

        await expect(
          command(
            `kube-topology query "G.V().Has('Name', Regex('task-pv-*')).Has('Type', 'pod')"`,
            {
              KUBE_TOPOLOGY_PORTAL: portal.url,
              KUBE_TOPOLOGY_TOKEN: PORTAL_TOKEN,
            },
          ).then(({ code, stdout, stderr }) => ({
            code,
            stderr,
            names: JSON.parse(stdout).map((node: any) => node.Metadata.Name),
          })),
        ).resolves.toEqual({ code: 0, stderr: '', names: ['task-pv-pod'] });
      } finally {
        await portal.stop();
        await simulator.stop();
      }
    }, 120_000);

    it('restarts the pods that depend on a secret: old ones go, new ones come, and Kubernetes was asked politely', async () => {
      const simulator = await ClusterSimulator.start({
        objects: blog,
        controllers: true,
        speed: 10,
        tokens: { 'cluster-token': { user: 'portal' } },
      });
      const { portal, client, reader } = await start(database, simulator, [
        component('blog', {
          'backstage.io/kubernetes-label-selector': 'app=wordpress',
        }),
      ]);
      try {
        const secret = 'demo/Secret/blog/mysql-pass';
        const query = "G.V().Has('Name', 'mysql-pass').In().Has('Type', 'pod')";
        const names = async () => {
          const { value } = await client.query(query);
          return (value as any[]).map(node => node.Metadata.Name).sort();
        };
        await eventually('three pods that are up', async () => {
          const { nodes } = await client.entityTopology('component:blog');
          const up = nodes.filter(
            node => node.kind === 'Pod' && node.verdict.level === 'ok',
          );
          return up.length === 3;
        });
        const before = await names();
        expect(before).toHaveLength(3);

        // A token that may only read may plan nothing.
        await expect(
          reader.restart({ target: { dependentsOf: secret } }),
        ).rejects.toMatchObject({ statusCode: 403 });
        await expect(reader.query('G.V().Count()')).resolves.toBeDefined();

        portal.signals.length = 0;
        const begun = await client.restart({
          target: { dependentsOf: secret },
        });
        expect(begun).toMatchObject({
          state: 'running',
          startedBy: 'scripts',
        });
        const ended = await eventually(
          'the restart',
          async () => {
            const run = await client.restartRun(begun.id);
            return run.state !== 'running' && run;
          },
          60,
        );
        expect(ended.pods.map(pod => pod.step)).toEqual(
          begun.pods.map(() => ({
            state: 'done',
            replacement: expect.any(String),
          })),
        );
        const after = await eventually('the new pods alone', async () => {
          const now = await names();
          return now.length === 3 && now;
        });
        expect(after.filter(name => before.includes(name))).toEqual([]);
        expect(simulator.list('Pod', 'blog').every(isUp)).toBe(true);
        expect(portal.signals.length).toBeGreaterThan(0);
        expect(
          simulator.requests
            .all({ verb: 'create', resource: 'pods', user: 'portal' })
            .map(({ subresource, name, status }) => [subresource, name, status])
            .sort(),
        ).toEqual(before.map(name => ['eviction', name, 201]));
        expect(
          simulator.requests.all({ verb: 'delete', user: 'portal' }),
        ).toEqual([]);

        const items: TopologyDocument[] = [];
        let next: number | undefined;
        do {
          const page = await client.documents({ after: next, limit: 10 });
          items.push(...page.items);
          next = page.next;
        } while (next !== undefined);
        const found = items.filter(item => item.text.includes('mysql-pass'));
        expect(found.map(item => item.name)).toEqual(
          expect.arrayContaining(['mysql-pass', ...after]),
        );
        const document = found.find(item => item.key === secret)!;
        expect(
          document.dependents.map(dependent => dependent.name).sort(),
        ).toEqual(after);
        expect(document.shownIn).toBe('component:default/blog');
        expect(JSON.stringify(items)).not.toContain(SECRET_VALUE);
      } finally {
        await portal.stop();
        await simulator.stop();
      }
    }, 120_000);

    it("shows a disruption budget's refusal word for word", async () => {
      const simulator = await ClusterSimulator.start({
        objects: [
          ...blog,
          {
            apiVersion: 'policy/v1',
            kind: 'PodDisruptionBudget',
            metadata: { name: 'mysql', namespace: 'blog' },
            spec: {
              minAvailable: 1,
              selector: { matchLabels: { tier: 'mysql' } },
            },
          },
        ],
        controllers: true,
        speed: 10,
        tokens: { 'cluster-token': { user: 'portal' } },
      });
      const { portal, client } = await start(database, simulator, []);
      try {
        const pod = await eventually('a pod that is up', async () => {
          const { value } = await client.query(
            "G.V().Has('Type', 'pod').Has('K8s.Labels.tier', 'mysql')",
          );
          const [found] = value as any[];
          const details = found && (await client.node(found.ID));
          return details?.node.verdict.level === 'ok' && details.node.key;
        });
        const begun = await client.restart({ target: { pods: [pod] } });
        const ended = await eventually('the refusal', async () => {
          const run = await client.restartRun(begun.id);
          return run.state !== 'running' && run;
        });
        expect(ended.state).toBe('failed');
        expect(ended.pods[0].step).toEqual({
          state: 'refused',
          message: expect.stringMatching(
            /^Cannot evict pod as it would violate the pod's disruption budget\./,
          ),
        });
      } finally {
        await portal.stop();
        await simulator.stop();
      }
    }, 120_000);

    it('answers while a cluster is away, and says so', async () => {
      const simulator = await ClusterSimulator.start({ objects: [] });
      const { url } = simulator;
      await simulator.stop();
      const portal = await startPortal({
        knex: await databases.init(database),
        clusters: [{ name: 'away', url, token: 't' }],
      });
      try {
        const client = new TopologyClient({
          discoveryApi: { getBaseUrl: async id => `${portal.url}/api/${id}` },
        });
        const token = PORTAL_TOKEN;
        const [cluster] = await eventually('a failing cluster', async () => {
          const clusters = await client.clusters({ token });
          return clusters[0]?.state === 'failing' && clusters;
        });
        expect(cluster).toMatchObject({ name: 'away' });
        expect(cluster.message).toContain('ECONNREFUSED');
        await expect(client.query('G.V().Count()', { token })).resolves.toEqual(
          {
            value: expect.any(Number),
          },
        );
        await expect(
          client.query('G.V().Hs()', { token }),
        ).rejects.toMatchObject({
          statusCode: 400,
          cause: { message: expect.stringContaining('line 1, column 7') },
        });
      } finally {
        await portal.stop();
      }
    }, 120_000);
  },
);
