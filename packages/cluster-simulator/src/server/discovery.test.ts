import { ClusterSimulator } from '../clusterSimulator';
import { customResourceDefinition } from '../resources/customResourceDefinition';
import { send } from '../testing/httpClient';

describe('discovery', () => {
  let simulator: ClusterSimulator;
  const get = (path: string) => send(simulator.url, 'GET', path);

  beforeAll(async () => {
    simulator = await ClusterSimulator.start();
  });
  afterAll(() => simulator.stop());

  it.each([
    ['/version', { gitVersion: 'v1.31.0+simulator' }],
    ['/api', { kind: 'APIVersions', versions: ['v1'] }],
    [
      '/apis/apps',
      {
        kind: 'APIGroup',
        name: 'apps',
        preferredVersion: { groupVersion: 'apps/v1', version: 'v1' },
      },
    ],
    ['/apis/apps/v1', { kind: 'APIResourceList', groupVersion: 'apps/v1' }],
  ])('answers %s', async (path, expected) => {
    expect((await get(path)).body).toMatchObject(expected);
  });

  it('lists kinds with scope, verbs and subresources', async () => {
    const { resources } = (await get('/api/v1')).body;
    const named = (name: string) => resources.find((r: any) => r.name === name);
    expect(named('pods')).toMatchObject({
      kind: 'Pod',
      namespaced: true,
      singularName: 'pod',
      shortNames: ['po'],
      verbs: expect.arrayContaining(['list', 'watch']),
    });
    expect(named('nodes').namespaced).toBe(false);
    expect(named('pods/eviction')).toMatchObject({
      group: 'policy',
      kind: 'Eviction',
      verbs: ['create'],
    });
  });

  it.each(['/apis/none', '/apis/apps/v9', '/apis/apps/v1/none', '/none'])(
    'answers %s with a plain 404',
    async path => {
      const { status, text } = await get(path);
      expect([status, text]).toEqual([404, '404 page not found\n']);
    },
  );

  it('serves all versions of a custom resource from its definition on, and none after it', async () => {
    const definition = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'widgets.example.com' },
      spec: {
        group: 'example.com',
        scope: 'Namespaced',
        names: { plural: 'widgets', kind: 'Widget', shortNames: ['w'] },
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            subresources: { status: {} },
          },
          { name: 'v1beta1', served: true, storage: false },
          { name: 'v1alpha1', served: false, storage: false },
        ],
      },
    };
    simulator.apply(definition);
    const groups = (await get('/apis')).body.groups;
    expect(
      groups
        .find((g: any) => g.name === 'example.com')
        .versions.map((v: any) => v.version),
    ).toEqual(['v1', 'v1beta1']);
    simulator.apply({
      apiVersion: 'example.com/v1',
      kind: 'Widget',
      metadata: { name: 'w', namespace: 'default' },
      spec: { size: 1 },
    });
    for (const version of ['v1', 'v1beta1']) {
      const { body } = await get(
        `/apis/example.com/${version}/namespaces/default/widgets/w`,
      );
      expect(body).toMatchObject({
        apiVersion: `example.com/${version}`,
        kind: 'Widget',
        spec: { size: 1 },
      });
    }
    simulator.delete('CustomResourceDefinition', '', 'widgets.example.com');
    expect((await get('/apis/example.com/v1')).status).toBe(404);
  });

  it('prefers the stable version, whatever the order in the definition', async () => {
    simulator.apply(
      customResourceDefinition('order.example.com', 'Thing', {
        versions: ['v1alpha1', 'v1beta2', 'v1', 'v2beta1', 'v1beta10'],
      }),
    );
    const { body } = await get('/apis/order.example.com');
    expect(body.preferredVersion.version).toBe('v1');
    expect(body.versions.map(({ version }: any) => version)).toEqual([
      'v1',
      'v2beta1',
      'v1beta10',
      'v1beta2',
      'v1alpha1',
    ]);
  });

  it.each([
    [31, 'resource.k8s.io', false],
    [31, 'rbac.authorization.k8s.io', true],
    [31, 'scheduling.k8s.io', true],
    [31, 'coordination.k8s.io', true],
    [34, 'resource.k8s.io', true],
  ])('1.%i serves %s: %s', async (minorVersion, group, expected) => {
    const server = await ClusterSimulator.start({ minorVersion });
    const { status } = await send(server.url, 'GET', `/apis/${group}`);
    const version = (await send(server.url, 'GET', '/version')).body;
    expect([status === 200, version.minor]).toEqual([
      expected,
      String(minorVersion),
    ]);
    await server.stop();
  });

  describe('in one document', () => {
    const accept = (version: string) =>
      `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`;
    const ask = (path: string, header: string, url: string = simulator.url) =>
      send(url, 'GET', path, { headers: { accept: header } });

    it.each([
      ['/api', 1],
      ['/apis', 15],
    ])('answers %s with all its groups', async (path, least) => {
      const { body, headers } = await ask(path, accept('v2'));
      expect(headers.get('content-type')).toBe(accept('v2'));
      expect(body).toMatchObject({
        kind: 'APIGroupDiscoveryList',
        apiVersion: 'apidiscovery.k8s.io/v2',
      });
      expect(body.items.length).toBeGreaterThanOrEqual(least);
    });

    it('tells of kinds what discovery of one group version tells', async () => {
      const { items } = (await ask('/apis', accept('v2'))).body;
      const stored = items.filter(
        // Its reviews are created, never stored.
        ({ metadata }: any) => metadata.name !== 'authorization.k8s.io',
      );
      for (const { metadata, versions } of stored) {
        for (const { version, resources, freshness } of versions) {
          expect(freshness).toBe('Current');
          const one = await get(`/apis/${metadata.name}/${version}`);
          const named = resources.flatMap((resource: any) => [
            resource.resource,
            ...(resource.subresources ?? []).map(
              ({ subresource }: any) => `${resource.resource}/${subresource}`,
            ),
          ]);
          expect(named).toEqual(
            one.body.resources.map(({ name }: any) => name),
          );
        }
      }
      const apps = items.find(({ metadata }: any) => metadata.name === 'apps');
      expect(
        apps.versions[0].resources.find(
          ({ resource }: any) => resource === 'deployments',
        ),
      ).toMatchObject({
        responseKind: { group: 'apps', version: 'v1', kind: 'Deployment' },
        scope: 'Namespaced',
        singularResource: 'deployment',
        shortNames: ['deploy'],
        verbs: expect.arrayContaining(['list', 'watch']),
      });
    });

    it.each([
      [
        'the first that can be had',
        `${accept('v3')},${accept('v2beta1')},application/json`,
        'APIGroupDiscoveryList',
      ],
      [
        'plain, when that comes first',
        `application/json,${accept('v2')}`,
        'APIGroupList',
      ],
      [
        'plain, when nothing else is known',
        `${accept('v3')},application/json`,
        'APIGroupList',
      ],
    ])('takes %s', async (_, header, kind) => {
      expect((await ask('/apis', header)).body.kind).toBe(kind);
    });

    it('answers 304 to who has it already, until a kind comes', async () => {
      const tag = (await ask('/apis', accept('v2'))).headers.get('etag')!;
      const again = () =>
        send(simulator.url, 'GET', '/apis', {
          headers: { accept: accept('v2'), 'if-none-match': tag },
        });
      expect((await again()).status).toBe(304);
      simulator.apply(customResourceDefinition('tag.example.com', 'Thing'));
      expect((await again()).status).toBe(200);
    });

    it('is not known to an old server', async () => {
      const old = await ClusterSimulator.start({ aggregatedDiscovery: false });
      const { body } = await ask(
        '/apis',
        `${accept('v2')},application/json`,
        old.url,
      );
      expect(body.kind).toBe('APIGroupList');
      await old.stop();
    });
  });

  it('says 503 for the group of an APIService that does not answer, and goes on with the rest', async () => {
    const service = (status: string) => ({
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: 'v1beta1.metrics.k8s.io', uid: 'metrics' },
      spec: {
        group: 'metrics.k8s.io',
        version: 'v1beta1',
        service: { namespace: 'kube-system', name: 'metrics-server' },
      },
      status: { conditions: [{ type: 'Available', status }] },
    });
    simulator.load([service('False')]);
    for (const path of [
      '/apis/metrics.k8s.io/v1beta1',
      '/apis/metrics.k8s.io/v1beta1/nodes',
    ]) {
      const { status, text } = await get(path);
      expect([status, text]).toEqual([503, 'service unavailable\n']);
    }
    expect((await get('/apis/metrics.k8s.io')).status).toBe(200);
    const { items } = (
      await send(simulator.url, 'GET', '/apis', {
        headers: {
          accept:
            'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
        },
      })
    ).body;
    expect(
      items.find(({ metadata }: any) => metadata.name === 'metrics.k8s.io')
        .versions,
    ).toEqual([{ version: 'v1beta1', freshness: 'Stale' }]);
    simulator.load([service('True')]);
    expect((await get('/apis/metrics.k8s.io/v1beta1')).body.resources).toEqual(
      [],
    );
  });
});
