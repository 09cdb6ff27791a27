import { mockCredentials, TestDatabases } from '@backstage/backend-test-utils';
import { actionsRegistryServiceMock } from '@backstage/backend-test-utils/alpha';
import { NodeFilter } from '@kubernetes-topology/engine';
import fc from 'fast-check';
import { Knex } from 'knex';
import request from 'supertest';
import { Decision, startPlugin } from '../__testUtils__/startPlugin';
import { MadeEdge, storedTopology } from '../__testUtils__/storedTopology';
import { registerActions } from '../actions/registerActions';
import { topologyConditions } from '../permissions/conditions';

jest.setTimeout(300_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });
const base = '/api/kubernetes-topology';
const READ = 'kubernetes.topology.read';
const T = 1_700_000_000_000;
/** `LEAK_POLICIES=500` for a long search. */
const POLICIES = Number(process.env.LEAK_POLICIES ?? 20);

const APPS = ['cart', 'till'];
const TEAMS: Record<string, string> = {
  cart: 'group:default/red',
  till: 'group:default/blue',
};

interface Made {
  key: string;
  cluster: string;
  namespace: string;
  kind: string;
  labels: Record<string, string>;
  level: 'ok' | 'down' | 'missing';
}

/** One of each Secret, over all that suffers from it, in sentences that name the next. */
async function logIncidents(
  knex: Knex,
  edges: readonly MadeEdge[],
): Promise<void> {
  const rows: { id: number; name: string }[] = await knex('clusters').select(
    'id',
    'name',
  );
  const ids = new Map(rows.map(({ id, name }) => [name, id]));
  const causal = (key: string) => ({
    key,
    kind: key.split('/')[1].split('.')[0],
    namespace: key.split('/')[2],
    name: key.split('/').at(-1)!,
    verdict: { level: 'down', reason: 'Made', evidence: [] },
  });
  const owner = (key: string) =>
    edges.find(
      ([, relation, target]) =>
        target === key &&
        relation !== 'service-pod' &&
        relation !== 'pod-secret',
    )![0];
  for (const [count, [source, relation, target]] of edges.entries()) {
    if (relation === 'pod-secret') {
      const keys = [target, source, owner(source), owner(owner(source))];
      const hops = keys.map((key, index) => {
        const next = keys[index + 1];
        const says = `${key} lets down ${next ?? 'nobody'}`;
        return {
          node: causal(key),
          ...(next && { edge: { source: next, relation, target: key } }),
          says,
          evidence: [{ kind: 'condition', text: says }],
        };
      });
      const rival = causal(owner(source));
      await knex('incidents').insert({
        id: `made-${ids.size}-${count}`,
        cluster_id: ids.get(source.split('/')[0]),
        opened_at: T,
        changed_at: T + 1000,
        document: JSON.stringify({
          id: `made-${count}`,
          root: causal(target),
          fault: 'MissingSecret',
          severity: 'critical',
          confidence: 'proven',
          summary: keys.join(' '),
          nextStep: `Create ${target}`,
          path: hops,
          evidence: hops.flatMap(({ evidence }) => evidence),
          affected: keys.slice(1).map(causal),
          more: 0,
          rivals: [
            {
              root: rival,
              fault: 'Other',
              speaksFor: [`${rival.name} uses ${source}`],
              speaksAgainst: [`${target} is nearer`],
            },
          ],
        }),
      });
    }
  }
}

/** Two clusters of two applications each, whose parts all have names that occur nowhere else. */
function landscape(): { nodes: Made[]; edges: MadeEdge[] } {
  const nodes: Made[] = [];
  const edges: MadeEdge[] = [];
  for (const cluster of ['one', 'two']) {
    for (const namespace of ['shop', 'bank']) {
      for (const app of APPS) {
        const made = (kind: string, rest: Partial<Made> = {}): string => {
          const key = `${cluster}/${kind}/${namespace}/zz${nodes.length}zz`;
          const labels = { app, 'backstage.io/kubernetes-id': app };
          nodes.push({
            key,
            cluster,
            namespace,
            kind,
            labels: kind === 'Secret' ? {} : labels,
            level: 'ok',
            ...rest,
          });
          return key;
        };
        const deployment = made('Deployment.apps', { level: 'down' });
        const replicaSet = made('ReplicaSet.apps');
        const secret = made('Secret', { level: 'missing' });
        const service = made('Service');
        edges.push([deployment, 'deployment-replicaset', replicaSet]);
        for (const level of ['down', 'ok'] as const) {
          const pod = made('Pod', { level });
          edges.push(
            [replicaSet, 'replicaset-pod', pod],
            [pod, 'pod-secret', secret],
            [service, 'service-pod', pod],
          );
        }
      }
    }
  }
  return { nodes, edges };
}

const { isInCluster, isInNamespace, isOfKind, hasLabel, isPartOfOwnedEntity } =
  topologyConditions;

const policies = fc.letrec<{ policy: Decision }>(tie => ({
  policy: fc.oneof(
    { maxDepth: 3 },
    fc.oneof(
      fc.subarray(['one', 'two']).map(clusters => isInCluster({ clusters })),
      fc
        .subarray(['shop', 'bank', ''])
        .map(namespaces => isInNamespace({ namespaces })),
      fc
        .subarray(['Pod', 'Secret', 'ReplicaSet.apps', 'Service'])
        .map(kinds => isOfKind({ kinds })),
      fc.subarray(APPS).map(values => hasLabel({ label: 'app', values })),
      fc.constant(hasLabel({ label: 'app' })),
      fc
        .subarray(Object.values(TEAMS))
        .map(claims => isPartOfOwnedEntity({ claims })),
    ),
    fc
      .array(tie('policy'), { minLength: 1, maxLength: 3 })
      .map(anyOf => ({ anyOf } as Decision)),
    fc
      .array(tie('policy'), { minLength: 1, maxLength: 3 })
      .map(allOf => ({ allOf } as Decision)),
    tie('policy').map(not => ({ not } as Decision)),
  ),
})).policy;

/** What a policy means, on plain data. */
function allows(policy: any, node: Made): boolean {
  if (policy.anyOf) {
    return policy.anyOf.some((part: any) => allows(part, node));
  }
  if (policy.allOf) {
    return policy.allOf.every((part: any) => allows(part, node));
  }
  if (policy.not) {
    return !allows(policy.not, node);
  }
  const { params } = policy;
  switch (policy.rule) {
    case 'IS_IN_CLUSTER':
      return params.clusters.includes(node.cluster);
    case 'IS_IN_NAMESPACE':
      return params.namespaces.includes(node.namespace);
    case 'IS_OF_KIND':
      return params.kinds.includes(node.kind);
    case 'HAS_LABEL':
      return (
        node.labels.app !== undefined &&
        (params.values?.includes(node.labels.app) ?? true)
      );
    default:
      return params.claims.includes(TEAMS[node.labels.app]);
  }
}

const entities = [
  ...APPS.map(name => ({
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      name,
      annotations: { 'backstage.io/kubernetes-id': name },
    },
    relations: [
      { type: 'ownedBy', targetRef: TEAMS[name] },
      { type: 'partOf', targetRef: 'system:default/all' },
    ],
  })),
  {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'System',
    metadata: { name: 'all' },
    relations: APPS.map(name => ({
      type: 'hasPart',
      targetRef: `component:default/${name}`,
    })),
  },
];

describe.each(databases.eachSupportedId())('every route on %s', id => {
  const { nodes, edges } = landscape();
  const registry = actionsRegistryServiceMock();
  let started: Awaited<ReturnType<typeof startPlugin>>;
  /** As the plugin itself made it of the policy. */
  let filterOfPolicy: () => NodeFilter | undefined;

  beforeAll(async () => {
    const knex = await databases.init(id);
    const stored = await storedTopology(knex);
    await stored.write(T, nodes, edges);
    // A second version of everything, so that there is a past.
    await stored.write(
      T + 1000,
      nodes.map(node => ({ ...node, properties: { Status: 'changed' } })),
    );
    await logIncidents(knex, edges);
    started = await startPlugin({ topology: stored.engine, entities });
    const queries = jest.spyOn(stored.engine, 'query');
    filterOfPolicy = () => queries.mock.lastCall?.[1]?.filter;
    registerActions({
      registry,
      topology: stored.engine,
      access: {
        readerWith: async credentials => ({
          credentials,
          filter: filterOfPolicy(),
        }),
      },
    });
  });
  afterAll(() => started.stop());

  const get = (path: string) => request(started.server).get(`${base}${path}`);
  const post = (path: string, body: object, accept = 'application/json') =>
    request(started.server)
      .post(`${base}${path}`)
      .set('Accept', accept)
      .send(body);

  /** The first message of a live query. */
  async function heard(parameters: string): Promise<string> {
    const leaving = new AbortController();
    const answer = await fetch(
      `http://127.0.0.1:${started.server.port()}${base}/live?${parameters}`,
      { signal: leaving.signal },
    );
    let text = '';
    for await (const part of answer.body!) {
      text += Buffer.from(part).toString();
      if (text.includes('\n\n')) {
        break;
      }
    }
    leaving.abort();
    return text;
  }

  /** What agents are told, or why they are not. */
  const invoked = async (name: string, input: object): Promise<string> =>
    registry
      .invoke({
        id: `test:${name}`,
        input: input as never,
        credentials: mockCredentials.user(),
      })
      .then(({ output }) => JSON.stringify(output))
      .catch(error => String(error));

  /** All that can be asked, about one object and about all. */
  function questions(key: string): request.Test[] {
    const of = `key=${encodeURIComponent(key)}`;
    const queries = [
      'G',
      'G.V().Both().Both().Dedup()',
      "G.V().Has('Type','secret').In()",
      'G.V().Descendants(0)',
      "G.V().Has('Type','deployment').ShortestPathTo(Metadata('Type','secret'))",
      "G.V().Values('Name')",
      'G.E()',
    ];
    return [
      ...queries.map(query => post('/query', { query })),
      post('/query', { query: 'G', at: `${T}` }),
      ...['text/vnd.graphviz', 'text/csv', 'application/graphml+xml'].map(
        accept => post('/query', { query: 'G' }, accept),
      ),
      get('/nodes?limit=1000'),
      ...['', `&at=${T}`].flatMap(at => [
        get(`/node?${of}${at}`),
        get(`/neighbours?${of}${at}`),
        get(`/ancestors?${of}${at}`),
        get(`/descendants?${of}${at}`),
      ]),
      get(`/explanation?${of}`),
      get(`/history?${of}`),
      get(`/diff?from=${T}`),
      get(`/impact?${of}`),
      get(`/impact?${of}&at=${T}`),
      get('/overview'),
      get('/place?cluster=one&namespace=shop'),
      get(`/place?cluster=one&namespace=shop&at=${T}`),
      get('/incidents'),
      get('/incidents/log?limit=500'),
      post('/reach/connections', { cluster: 'one' }),
      post('/reach/matrix', { cluster: 'one', ports: ['80/TCP'] }),
      post('/reach/change', { cluster: 'one', apply: [] }),
      get('/incidents?entityRef=system:default/all'),
      get('/documents?limit=500'),
      ...['', `?at=${T}`].map(at =>
        get(`/entities/system/default/all/graph${at}`),
      ),
      get('/entities/component/default/cart/graph').set(
        'Accept',
        'text/vnd.mermaid',
      ),
      post('/restarts', { target: { dependentsOf: key }, dryRun: true }),
    ];
  }

  /** These refuse with 400, as what is asked belongs to the question. */
  function reachQuestions({ cluster, namespace, key }: Made): request.Test[] {
    const end = { namespace, name: key.split('/').at(-1)! };
    const outside = { type: 'outside' };
    const of = `cluster=${cluster}&namespace=${namespace}&name=${end.name}`;
    return [
      ...['pod', 'service', 'workload'].map(type =>
        post('/reach', {
          cluster,
          from: outside,
          to: { type, ...end },
          port: '80/TCP',
        }),
      ),
      post('/reach', {
        cluster,
        from: { type: 'namespace', name: namespace },
        to: { type: 'namespace', name: namespace },
        port: '80/TCP',
      }),
      get(`/reach/policy?${of}`),
      get(`/reach/route?${of}`),
    ];
  }

  const names = (text: string) => new Set(text.match(/zz\d+zz/g));
  const nameOf = ({ key }: Made) => key.split('/').at(-1)!;

  it(`names nothing that a policy hides (${POLICIES} policies)`, async () => {
    let answers = 0;
    let named = 0;
    let hiddenInAll = 0;
    await fc.assert(
      fc.asyncProperty(
        policies,
        fc.constantFrom(...nodes),
        async (policy, asked) => {
          started.decisions[READ] = policy;
          const shown = nodes.filter(node => allows(policy, node));
          const hidden = new Set(
            nodes.filter(node => !shown.includes(node)).map(nameOf),
          );
          hiddenInAll += hidden.size;
          const own = new Set([nameOf(asked)]);
          for (const question of questions(asked.key)) {
            const answer = await question;
            const text = answer.text ?? answer.body?.toString() ?? '';
            const isAnswered = [200, 404].includes(answer.status);
            expect([question.url, isAnswered || text]).toEqual([
              question.url,
              true,
            ]);
            answers++;
            const found = [...names(text)];
            named += found.length;
            // A refusal names the object that was asked for, as the asker did.
            const leaked = found.filter(
              name =>
                hidden.has(name) && !(answer.status === 404 && own.has(name)),
            );
            expect([question.url, leaked, leaked.length > 0 && text]).toEqual([
              question.url,
              [],
              false,
            ]);
          }
          for (const question of reachQuestions(asked)) {
            const { status, text } = await question;
            const leaked = [...names(text)].filter(
              name => hidden.has(name) && !(status >= 400 && own.has(name)),
            );
            expect([question.url, status < 500, leaked]).toEqual([
              question.url,
              true,
              [],
            ]);
          }
          const live = encodeURIComponent('G.V().Both().Dedup()');
          for (const parameters of [`query=G`, `query=${live}&since=1`]) {
            const found = [...names(await heard(parameters))];
            named += found.length;
            expect([
              parameters,
              found.filter(name => hidden.has(name)),
            ]).toEqual([parameters, []]);
          }
          const all = await get('/nodes?limit=1000');
          expect(all.body.items.map((item: any) => item.name).sort()).toEqual(
            shown.map(nameOf).sort(),
          );
          const count = await post('/query', { query: 'G.V().Count()' });
          expect(count.body).toBe(shown.length);
          // Under the filter of the count.
          for (const [action, input] of [
            ['query-kubernetes-topology', { query: 'G' }],
            ['explain-kubernetes-object', {}],
            ...['explain-kubernetes-object', 'find-dependents'].map(
              each =>
                [
                  each,
                  { kind: asked.kind.split('.')[0], name: nameOf(asked) },
                ] as const,
            ),
          ] as const) {
            const text = await invoked(action, input);
            const leaked = [...names(text)].filter(
              name =>
                hidden.has(name) &&
                !(text.startsWith('NotFoundError') && own.has(name)),
            );
            expect([action, leaked]).toEqual([action, []]);
          }
        },
      ),
      { numRuns: POLICIES, endOnFailure: true },
    );
    // eslint-disable-next-line no-console
    console.info(
      `${id}: ${answers} answers named ${named} objects, ${hiddenInAll} times one was hidden`,
    );
    expect(named).toBeGreaterThan(POLICIES);
    expect(hiddenInAll).toBeGreaterThan(POLICIES);
  });

  it('honours the permission of the catalog', async () => {
    started.decisions[READ] = 'allow';
    // The catalog of this portal shows no entity of that name to anybody.
    for (const path of [
      '/entities/component/default/secret/graph',
      '/incidents?entityRef=component:default/secret',
    ]) {
      const { status, body } = await get(path);
      expect([path, status, body.error.message]).toEqual([
        path,
        404,
        'There is no entity component:default/secret that you may see',
      ]);
    }
  });
});
