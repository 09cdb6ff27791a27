import {
  mockServices,
  registerMswTestHooks,
} from '@backstage/backend-test-utils';
import { TestPipeline } from '@backstage/plugin-search-backend-node';
import { TopologyDocument } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { http, HttpResponse } from 'msw';
import { setupServer } from 'msw/node';
import { TopologyCollatorFactory } from './topologyCollatorFactory';

const document = (name: string, shownIn?: string): TopologyDocument => ({
  key: `demo/Pod/shop/${name}`,
  title: `${name} (Pod)`,
  text: `Pod ${name}. Depends on Secret mysql-pass.`,
  cluster: 'demo',
  namespace: 'shop',
  kind: 'Pod',
  name,
  level: 'ok',
  status: 'ok',
  stale: 'false',
  incident: '',
  dependsOn: ['Secret/mysql-pass'],
  dependedOnBy: [],
  dependents: [],
  moreDependents: 0,
  ...(shownIn && { shownIn }),
});

const url = 'http://localhost:0/api/kubernetes-topology/documents';

describe('TopologyCollatorFactory', () => {
  const server = setupServer();
  registerMswTestHooks(server);

  const factory = TopologyCollatorFactory.create({
    auth: mockServices.auth({ pluginId: 'search' }),
    discovery: mockServices.discovery.mock({
      getBaseUrl: async id => `http://localhost:0/api/${id}`,
    }),
  });
  const collate = async () =>
    TestPipeline.fromCollator(await factory.getCollator()).execute();

  it('shows only what the searcher may read', () => {
    expect(factory.type).toBe('kubernetes-resource');
    expect(factory.visibilityPermission.name).toBe('kubernetes.topology.read');
  });

  it('reads page after page, as the search plugin, each document with its own permission', async () => {
    const asked: (string | null)[] = [];
    const tokens: (string | null)[] = [];
    server.use(
      http.get(url, ({ request }) => {
        const after = new URL(request.url).searchParams.get('after');
        asked.push(after);
        tokens.push(request.headers.get('authorization'));
        return HttpResponse.json(
          after === '7'
            ? { items: [document('b')] }
            : { items: [document('a', 'component:default/blog')], next: 7 },
        );
      }),
    );
    const { documents, error } = await collate();
    expect(error).toBeUndefined();
    expect(asked).toEqual([null, '7']);
    expect(tokens[0]).toMatch(/^Bearer mock-service-token:.*plugin:search/);
    expect(tokens[0]).toContain('kubernetes-topology');
    expect(documents).toEqual([
      {
        ...document('a', 'component:default/blog'),
        location:
          '/catalog/default/component/blog/topology?node=demo%2FPod%2Fshop%2Fa',
        authorization: { resourceRef: 'demo/Pod/shop/a' },
      },
      {
        ...document('b'),
        location:
          '/kubernetes-topology?cluster=demo&namespace=shop&node=demo%2FPod%2Fshop%2Fb',
        authorization: { resourceRef: 'demo/Pod/shop/b' },
      },
    ]);
  });

  it('reads no page before it is wanted', async () => {
    let pages = 0;
    server.use(
      http.get(url, () => {
        pages++;
        return HttpResponse.json({
          items: Array.from({ length: 200 }, (_, i) => document(`p-${i}`)),
          next: pages,
        });
      }),
    );
    const collator = await factory.getCollator();
    for await (const _ of collator) {
      break;
    }
    expect(pages).toBe(1);
  });

  it('fails as a whole when a page fails, so that the former index stays', async () => {
    server.use(
      http.get(url, ({ request }) =>
        new URL(request.url).searchParams.has('after')
          ? HttpResponse.json({}, { status: 503 })
          : HttpResponse.json({ items: [document('a')], next: 1 }),
      ),
    );
    const { error } = await collate();
    expect(error).toMatchObject({ name: 'ResponseError', statusCode: 503 });
  });
});
