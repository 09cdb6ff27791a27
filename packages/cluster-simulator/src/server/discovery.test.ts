import { ClusterSimulator } from '../clusterSimulator';
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
});
