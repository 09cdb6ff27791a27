import { ClusterSimulator } from '../clusterSimulator';
import { OpenWatch, send } from '../testing/httpClient';
import { configMap } from '../testing/objects';
import { eventually } from '../testing/eventually';

const READ_PODS = {
  verbs: ['get', 'list', 'watch'],
  apiGroups: [''],
  resources: ['pods'],
} as const;

describe('access', () => {
  let simulator: ClusterSimulator;
  const request = (
    method: string,
    path: string,
    token?: string,
    body?: unknown,
  ) =>
    send(simulator.url, method, path, {
      body,
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    });

  beforeAll(async () => {
    simulator = await ClusterSimulator.start({
      objects: [configMap('a')],
      tokens: {
        admin: { user: 'admin' },
        reader: {
          user: 'system:serviceaccount:portal:reader',
          rules: [
            READ_PODS,
            { verbs: ['list'], apiGroups: [''], resources: ['configmaps'] },
            {
              verbs: ['get'],
              apiGroups: ['apps'],
              resources: ['deployments'],
              namespaces: ['default'],
            },
            {
              verbs: ['get'],
              apiGroups: [''],
              resources: ['secrets'],
              resourceNames: ['mine'],
            },
            {
              verbs: ['create'],
              apiGroups: [''],
              resources: ['pods/eviction'],
            },
          ],
        },
        namespaced: {
          user: 'namespaced',
          rules: [
            {
              verbs: ['get', 'list', 'watch'],
              apiGroups: ['*'],
              resources: ['*'],
              namespaces: ['default'],
            },
            {
              verbs: ['list'],
              apiGroups: [''],
              resources: ['nodes'],
              resourceNames: ['node-a'],
            },
          ],
        },
      },
    });
  });
  afterAll(() => simulator.stop());

  it.each([
    ['admin', 'GET', '/api/v1/secrets', 200],
    ['reader', 'GET', '/api/v1/pods', 200],
    ['reader', 'GET', '/api/v1/namespaces/x/pods', 200],
    ['reader', 'GET', '/api/v1/secrets', 403],
    ['reader', 'GET', '/api/v1/configmaps', 200],
    ['reader', 'GET', '/api/v1/configmaps?watch=true', 403],
    ['reader', 'GET', '/api/v1/namespaces/default/configmaps/a', 403],
    ['reader', 'GET', '/apis/apps/v1/namespaces/default/deployments/none', 404],
    ['reader', 'GET', '/apis/apps/v1/namespaces/other/deployments/none', 403],
    ['reader', 'GET', '/api/v1/namespaces/default/secrets/mine', 404],
    ['reader', 'GET', '/api/v1/namespaces/default/secrets/yours', 403],
    ['reader', 'POST', '/api/v1/namespaces/default/pods/none/eviction', 404],
    ['reader', 'DELETE', '/api/v1/namespaces/default/pods/none', 403],
    ['reader', 'GET', '/apis', 200],
    ['namespaced', 'GET', '/api/v1/configmaps', 403],
    ['namespaced', 'GET', '/api/v1/configmaps?watch=true', 403],
    ['namespaced', 'GET', '/api/v1/namespaces/default/configmaps', 200],
    ['namespaced', 'GET', '/api/v1/namespaces/other/configmaps', 403],
    ['namespaced', 'GET', '/api/v1/namespaces', 403],
    ['namespaced', 'GET', '/api/v1/namespaces/default', 200],
    ['namespaced', 'GET', '/api/v1/namespaces/other', 403],
    ['namespaced', 'GET', '/api/v1/nodes', 403],
    [
      'namespaced',
      'GET',
      '/api/v1/nodes?fieldSelector=metadata.name=node-a',
      200,
    ],
    [
      'namespaced',
      'GET',
      '/api/v1/nodes?fieldSelector=metadata.name=node-b',
      403,
    ],
    ['wrong', 'GET', '/api/v1/pods', 401],
    ['wrong', 'GET', '/version', 401],
    [undefined, 'GET', '/api/v1/pods', 403],
    [undefined, 'GET', '/apis', 403],
    [undefined, 'GET', '/version', 200],
    [undefined, 'GET', '/readyz', 200],
  ])('%s: %s %s is answered %i', async (token, method, path, status) => {
    const body = method === 'POST' ? {} : undefined;
    expect((await request(method, path, token, body)).status).toBe(status);
  });

  it.each([
    [
      'reader',
      'GET',
      '/api/v1/secrets',
      'secrets is forbidden: User "system:serviceaccount:portal:reader" cannot list resource "secrets" in API group "" at the cluster scope',
    ],
    [
      'reader',
      'DELETE',
      '/apis/apps/v1/namespaces/n/deployments/d',
      'deployments.apps "d" is forbidden: User "system:serviceaccount:portal:reader" cannot delete resource "deployments" in API group "apps" in the namespace "n"',
    ],
    [
      undefined,
      'GET',
      '/api/v1/pods',
      'pods is forbidden: User "system:anonymous" cannot list resource "pods" in API group "" at the cluster scope',
    ],
    [
      undefined,
      'GET',
      '/apis',
      'forbidden: User "system:anonymous" cannot get path "/apis"',
    ],
    ['wrong', 'GET', '/api/v1/pods', 'Unauthorized'],
  ])(
    '%s: %s %s is refused in the words of the real server',
    async (token, method, path, message) => {
      expect((await request(method, path, token)).body).toMatchObject({
        kind: 'Status',
        apiVersion: 'v1',
        status: 'Failure',
        message,
      });
    },
  );

  it('tells a caller what it may do', async () => {
    const review = async (resourceAttributes: object) =>
      (
        await request(
          'POST',
          '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
          'reader',
          { spec: { resourceAttributes } },
        )
      ).body.status.allowed;
    expect(await review({ verb: 'list', resource: 'pods' })).toBe(true);
    expect(await review({ verb: 'list', resource: 'secrets' })).toBe(false);
    expect(
      await review({
        verb: 'create',
        resource: 'pods',
        subresource: 'eviction',
        namespace: 'a',
      }),
    ).toBe(true);
    expect(
      await review({
        verb: 'get',
        group: 'apps',
        resource: 'deployments',
        namespace: 'default',
      }),
    ).toBe(true);
    expect(
      await review({ verb: 'get', group: 'apps', resource: 'deployments' }),
    ).toBe(false);
    const anonymous = await request(
      'POST',
      '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      undefined,
      {},
    );
    expect(anonymous.status).toBe(403);
  });

  it('sees a right that is taken away at the next request', async () => {
    simulator.access.grant('brief', { user: 'brief', rules: [READ_PODS] });
    expect((await request('GET', '/api/v1/pods', 'brief')).status).toBe(200);
    simulator.access.grant('brief', { user: 'brief', rules: [] });
    expect((await request('GET', '/api/v1/pods', 'brief')).status).toBe(403);
    simulator.access.grant('brief', undefined);
    expect((await request('GET', '/api/v1/pods', 'brief')).status).toBe(401);
  });

  it('logs who asked for what', async () => {
    simulator.requests.clear();
    await request('GET', '/api/v1/namespaces/a/pods?limit=1', 'reader');
    expect(simulator.requests.all()).toEqual([
      expect.objectContaining({
        verb: 'list',
        resource: 'pods',
        namespace: 'a',
        url: '/api/v1/namespaces/a/pods?limit=1',
        user: 'system:serviceaccount:portal:reader',
        status: 200,
      }),
    ]);
    const watch = await OpenWatch.open(simulator.url, '/api/v1/pods?watch=1', {
      authorization: 'Bearer reader',
    });
    expect(simulator.requests.all({ verb: 'watch' })).toHaveLength(1);
    watch.close();
    await eventually(() => watch.ended === 'cut');
  });

  it('is open to all without tokens', async () => {
    const open = await ClusterSimulator.start();
    expect((await send(open.url, 'GET', '/api/v1/secrets')).status).toBe(200);
    const withToken = await send(open.url, 'GET', '/api/v1/secrets', {
      headers: { authorization: 'Bearer any' },
    });
    expect(withToken.status).toBe(200);
    await open.stop();
  });
});
