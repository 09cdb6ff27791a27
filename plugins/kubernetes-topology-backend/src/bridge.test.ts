import {
  BackendFeature,
  createBackendModule,
  createExtensionPoint,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import kubernetesPlugin, {
  AnonymousStrategy,
  GoogleStrategy,
  ServiceAccountStrategy,
} from '@backstage/plugin-kubernetes-backend';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { signalsServiceRef } from '@backstage/plugin-signals-node';
import {
  ClusterSimulator,
  KubernetesObject,
} from '@kubernetes-topology/cluster-simulator';
import bridgeModule from '@kubernetes-topology/plugin-kubernetes-backend-module-topology';
import { ClusterHealth } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import {
  topologyClustersExtensionPoint,
  topologyRulesExtensionPoint,
} from '@kubernetes-topology/plugin-kubernetes-topology-node';
import request from 'supertest';
import topologyPlugin from './index';

jest.setTimeout(60_000);

/** `secret-value` */
const SECRET_VALUE = 'c2VjcmV0LXZhbHVl';

/** `kubernetesAuthStrategyExtensionPoint` of plugin-kubernetes-node, on which this package does not depend. */
const authStrategies = createExtensionPoint<{
  addAuthStrategy(key: string, strategy: object): void;
}>({ id: 'kubernetes.auth-strategy' });

function withStrategies(strategies: Record<string, object>): BackendFeature {
  return createBackendModule({
    pluginId: 'kubernetes',
    moduleId: 'strategies',
    register: env =>
      env.registerInit({
        deps: { point: authStrategies },
        init: async ({ point }) =>
          Object.entries(strategies).forEach(([key, strategy]) =>
            point.addAuthStrategy(key, strategy),
          ),
      }),
  });
}

/** The plugin's own, but for client-node, an ES module that jest does not load; none here needs it. */
const defaultStrategies = withStrategies({
  serviceAccount: Object.assign(new ServiceAccountStrategy(), {
    injectedKubernetesClient: { KubeConfig: class {} },
  }),
  localKubectlProxy: new AnonymousStrategy(),
  google: new GoogleStrategy(),
});

const pod = (name: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default', labels: { app: name } },
  spec: { containers: [{ name: 'main', image: 'main:1' }] },
});

function clusterResource(name: string, url: string): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Resource',
    metadata: {
      name,
      namespace: 'default',
      annotations: {
        'kubernetes.io/api-server': url,
        'kubernetes.io/api-server-certificate-authority': '',
        'kubernetes.io/auth-provider': 'localKubectlProxy',
      },
    },
    spec: { type: 'kubernetes-cluster', owner: 'platform' },
  };
}

/** A portal with the real Kubernetes plugin and the real topology plugin, and with what is to be tested. */
async function startPortal(options: {
  kubernetes?: object;
  kubernetesTopology?: object;
  /** Asked anew each time. */
  entities?: Entity[];
  features?: BackendFeature[];
}) {
  const logs: string[] = [];
  /** With fields, and with what is for debugging only. */
  const everything: string[] = [];
  const logger = mockServices.logger.mock();
  for (const level of ['info', 'warn', 'error'] as const) {
    logger[level].mockImplementation((message, fields) => {
      logs.push(`${level}: ${message}`);
      everything.push(message, JSON.stringify(fields ?? {}), String(fields));
    });
  }
  logger.debug.mockImplementation((message, fields) => {
    everything.push(message, JSON.stringify(fields ?? {}));
  });
  logger.child.mockReturnValue(logger);
  const { kubernetes, kubernetesTopology, entities = [] } = options;
  const backend = await startTestBackend({
    features: [
      topologyPlugin,
      ...(options.features ?? []),
      mockServices.rootConfig.factory({
        data: {
          ...(kubernetes && {
            kubernetes: {
              serviceLocatorMethod: { type: 'multiTenant' },
              ...kubernetes,
            },
          }),
          kubernetesTopology: { clusterRefresh: '1s', ...kubernetesTopology },
        } as any,
      }),
      mockServices.rootLogger.factory(),
      logger.factory,
      createServiceFactory({
        service: catalogServiceRef,
        deps: {},
        factory: () =>
          catalogServiceMock.mock({
            getEntities: async query =>
              catalogServiceMock({ entities }).getEntities(query, {
                credentials: {} as any,
              }),
          }),
      }),
      createServiceFactory({
        service: signalsServiceRef,
        deps: {},
        factory: () => ({ publish: async () => undefined }),
      }),
    ],
  });
  const base = '/api/kubernetes-topology';
  return {
    logs,
    everything,
    stop: () => backend.stop(),
    async health(name: string): Promise<ClusterHealth | undefined> {
      const { status, body } = await request(backend.server).get(
        `${base}/clusters/${name}/health`,
      );
      return status === 200 ? body : undefined;
    },
    async names(query: string): Promise<string[]> {
      const { body } = await request(backend.server)
        .post(`${base}/query`)
        .send({ query: `${query}.Values('Name')` });
      return body;
    },
  };
}

type Portal = Awaited<ReturnType<typeof startPortal>>;

async function eventually(
  what: string,
  probe: () => Promise<unknown>,
): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!(await probe())) {
    if (Date.now() > deadline) {
      throw new Error(`${what} did not come about within 30 s`);
    }
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

const ready = (portal: Portal, name: string) =>
  eventually(
    `a synchronized cluster ${name}`,
    async () => (await portal.health(name))?.state === 'ready',
  );

describe('the bridge from the Kubernetes plugin', () => {
  let first: ClusterSimulator;
  let second: ClusterSimulator;
  let portal: Portal | undefined;

  beforeEach(async () => {
    first = await ClusterSimulator.start({
      objects: [
        pod('cart'),
        {
          apiVersion: 'v1',
          kind: 'Secret',
          metadata: { name: 'key', namespace: 'default' },
          data: { password: SECRET_VALUE },
        },
      ],
      tokens: { 'first-token': { user: 'portal' } },
    });
    second = await ClusterSimulator.start({ objects: [pod('teller')] });
  });
  afterEach(async () => {
    await portal?.stop();
    portal = undefined;
    await Promise.all([first.stop(), second.stop()]);
  });

  it('takes clusters of all locators as they come and go, with their credentials', async () => {
    const entities = [clusterResource('from-catalog', second.url)];
    portal = await startPortal({
      features: [kubernetesPlugin, bridgeModule, defaultStrategies],
      entities,
      kubernetes: {
        clusterLocatorMethods: [
          {
            type: 'config',
            clusters: [
              {
                name: 'configured',
                url: first.url,
                authProvider: 'serviceAccount',
                serviceAccountToken: 'first-token',
              },
              { name: 'mine', url: 'https://x', authProvider: 'google' },
            ],
          },
          { type: 'catalog', dangerouslyAllowClusterUrls: ['127.0.0.1'] },
        ],
      },
    });
    await ready(portal, 'configured');
    await ready(portal, 'from-catalog');
    expect(await portal.names("G.V().Has('Type', 'pod')")).toEqual(
      expect.arrayContaining(['cart', 'teller']),
    );
    expect(await portal.health('mine')).toMatchObject({
      state: 'failing',
      message: expect.stringContaining(
        'the auth provider "google" needs the token of a user',
      ),
    });
    expect(portal.logs).toContainEqual(
      'info: Clusters and their credentials come from the Kubernetes plugin',
    );
    expect((await portal.health('configured'))!.holder).toEqual(
      expect.any(String),
    );

    entities.splice(0, 1, clusterResource('later', second.url));
    await ready(portal, 'later');
    await eventually('the end of the cluster that went', async () =>
      (
        await portal!.health('from-catalog')
      )?.message.includes('not configured any more'),
    );
    expect(await portal.health('configured')).toMatchObject({ state: 'ready' });

    const logged = portal.everything.join('\n');
    for (const kept of [
      SECRET_VALUE,
      'secret-value',
      'first-token',
      'main:1',
    ]) {
      expect(logged).not.toContain(kept);
    }
  });

  it('asks an auth strategy of the portal for a token at each request', async () => {
    const given: string[] = [];
    const rotating = {
      async getCredential() {
        const token = `token-${given.length}`;
        given.push(token);
        first.access.grant(token, { user: 'portal' });
        // Whoever keeps a token is refused with it soon.
        first.access.grant(given[given.length - 20] ?? 'none', undefined);
        return { type: 'bearer token', token };
      },
      validateCluster: () => [],
      presentAuthMetadata: () => ({}),
    };
    portal = await startPortal({
      features: [kubernetesPlugin, bridgeModule, withStrategies({ rotating })],
      kubernetes: {
        clusterLocatorMethods: [
          {
            type: 'config',
            clusters: [
              { name: 'demo', url: first.url, authProvider: 'rotating' },
            ],
          },
        ],
      },
    });
    await ready(portal, 'demo');
    expect(given.length).toBeGreaterThan(40);
    expect(await portal.names("G.V().Has('Type', 'pod')")).toEqual(['cart']);
  });

  it('reads the configuration itself without the module, and says so', async () => {
    portal = await startPortal({
      features: [kubernetesPlugin],
      kubernetes: {
        clusterLocatorMethods: [
          {
            type: 'config',
            clusters: [
              {
                name: 'configured',
                url: first.url,
                authProvider: 'serviceAccount',
                serviceAccountToken: 'first-token',
              },
            ],
          },
          { type: 'catalog' },
        ],
      },
    });
    await ready(portal, 'configured');
    expect(await portal.health('catalog%20locator%202')).toMatchObject({
      message: expect.stringContaining(
        'Install @kubernetes-topology/plugin-kubernetes-backend-module-topology',
      ),
    });
    expect(portal.logs.join('\n')).toContain(
      'For all that the Kubernetes plugin knows, install @kubernetes-topology/plugin-kubernetes-backend-module-topology',
    );
  });

  it('takes clusters and rules from modules, and clusters from files', async () => {
    second.load([
      {
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name: 'widgets.example.com' },
        spec: {
          group: 'example.com',
          scope: 'Namespaced',
          names: { kind: 'Widget', plural: 'widgets' },
          versions: [{ name: 'v1', served: true, storage: true }],
        },
      },
      {
        apiVersion: 'example.com/v1',
        kind: 'Widget',
        metadata: { name: 'blue', namespace: 'default' },
        spec: { password: { secret: 'gone' } },
      },
    ]);
    portal = await startPortal({
      features: [
        createBackendModule({
          pluginId: 'kubernetes-topology',
          moduleId: 'own',
          register: env =>
            env.registerInit({
              deps: {
                clusters: topologyClustersExtensionPoint,
                rules: topologyRulesExtensionPoint,
              },
              async init({ clusters, rules }) {
                clusters.addClusterSupplier({
                  name: 'our list',
                  getClusters: async () => [
                    {
                      name: 'listed',
                      connection: { url: second.url },
                      headers: async () => ({}),
                    },
                  ],
                });
                rules.addRules({
                  where: 'our module',
                  rules: {
                    kinds: [
                      {
                        kind: 'Widget.example.com',
                        references: [
                          { path: 'spec.password.secret', to: 'Secret' },
                        ],
                      },
                    ],
                  },
                });
              },
            }),
        }),
      ],
      kubernetesTopology: {
        scopes: [{ cluster: 'listed', kinds: { exclude: ['Pod'] } }],
        staticSources: [
          {
            name: 'recorded',
            path: `${__dirname}/../../../test/fixtures/clusters/task-pv-capacity.json`,
          },
        ],
      },
    });
    await ready(portal, 'listed');
    await ready(portal, 'recorded');
    expect(
      await portal.names("G.V().Has('Name', 'blue').Out('Type', 'secret')"),
    ).toEqual(['gone']);
    expect(await portal.names("G.V().Has('Name', 'teller')")).toEqual([]);
    expect(
      await portal.names("G.V().Has('Name', 'task-pv-pod', 'Type', 'pod')"),
    ).toEqual(['task-pv-pod']);
  });

  it.each<[string, object, RegExp]>([
    [
      'a faulty key',
      { scopes: [{ cluster: 'demo', namespaces: 'shop' }] },
      /kubernetesTopology\.scopes\[0\]\.namespaces: /,
    ],
    [
      'a rule file that is not there',
      { ruleFiles: ['./gone.yaml'] },
      /kubernetesTopology\.ruleFiles\[0\]: /,
    ],
    [
      'a relation that says something else than the one that is known',
      {
        rules: {
          kinds: [
            {
              kind: 'Widget.example.com',
              references: [
                {
                  path: 'spec.secretName',
                  to: 'Secret',
                  relation: 'pod-secret',
                  class: 'routing',
                },
              ],
            },
          ],
        },
      },
      /app-config\.yaml kubernetesTopology\.rules cannot be used:[^]*pod-secret/,
    ],
  ])('does not start with %s', async (_, kubernetesTopology, message) => {
    await expect(startPortal({ kubernetesTopology })).rejects.toThrow(message);
  });

  it('does not start with rules of a module that cannot be used', async () => {
    await expect(
      startPortal({
        features: [
          createBackendModule({
            pluginId: 'kubernetes-topology',
            moduleId: 'faulty',
            register: env =>
              env.registerInit({
                deps: { rules: topologyRulesExtensionPoint },
                init: async ({ rules }) =>
                  rules.addRules({
                    where: 'our module',
                    rules: { kinds: [{ kind: 'not a kind' }] },
                  }),
              }),
          }),
        ],
      }),
    ).rejects.toThrow(/our module cannot be used:\s+kinds\[0\]\.kind: /);
  });
});
