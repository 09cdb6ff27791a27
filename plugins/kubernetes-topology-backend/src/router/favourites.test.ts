import { mockCredentials } from '@backstage/backend-test-utils';
import request from 'supertest';
import { InMemoryTopology } from '../__testUtils__/inMemoryTopology';
import { startPlugin } from '../__testUtils__/startPlugin';

const base = '/api/kubernetes-topology/favourites';
const jo = mockCredentials.user.header('user:default/jo');
const kim = mockCredentials.user.header('user:default/kim');
const down = { name: 'Down', query: "G.V().Has('State','DOWN')" };

describe('/favourites', () => {
  let started: Awaited<ReturnType<typeof startPlugin>>;
  beforeEach(async () => {
    started = await startPlugin({ topology: new InMemoryTopology() });
  });
  afterEach(() => started.stop());

  const ask = (
    method: 'get' | 'post' | 'put' | 'delete',
    path: string,
    user: string,
    body?: object,
  ) =>
    request(started.server)
      [method](`${base}${path}`)
      .set('authorization', user)
      .send(body);
  const names = async (user: string) =>
    (await ask('get', '', user)).body
      .filter((each: any) => !each.builtIn)
      .map(({ name, mine }: any) => `${name}${mine ? ' (mine)' : ''}`);

  it("has Skydive's, for everybody to read", async () => {
    const { body } = await ask('get', '', jo);
    expect(body).toHaveLength(16);
    expect(body).toContainEqual({
      id: 'skydive-filter-k8s-network',
      name: 'k8s network',
      query:
        "G.V().Has('Manager', Within('k8s', 'istio')).Has('Type', Within('cluster', 'container', 'namespace', 'networkpolicy', 'pod'))",
      use: 'filter',
      shared: true,
      builtIn: true,
      mine: false,
    });
    for (const method of ['put', 'delete'] as const) {
      const { status } = await ask(
        method,
        '/skydive-filter-k8s-network',
        jo,
        down,
      );
      expect(status).toBe(403);
    }
  });

  it('keeps a private one to its owner', async () => {
    const made = await ask('post', '', jo, down);
    expect([made.status, made.body]).toEqual([
      201,
      {
        ...down,
        id: expect.any(String),
        use: 'filter',
        shared: false,
        builtIn: false,
        mine: true,
        owner: 'user:default/jo',
        updatedAt: expect.any(Number),
      },
    ]);
    expect(await names(jo)).toEqual(['Down (mine)']);
    expect(await names(kim)).toEqual([]);
    const path = `/${made.body.id}`;
    expect((await ask('put', path, kim, down)).status).toBe(404);
    expect((await ask('delete', path, kim)).status).toBe(404);
    expect((await ask('delete', path, jo)).status).toBe(204);
    expect((await ask('delete', path, jo)).status).toBe(404);
    expect(await names(jo)).toEqual([]);
  });

  it('shows a shared one to everybody, and lets its owner change it', async () => {
    const made = await ask('post', '', jo, { ...down, shared: true });
    const path = `/${made.body.id}`;
    expect(await names(kim)).toEqual(['Down']);
    expect((await ask('put', path, kim, down)).status).toBe(403);
    expect((await ask('delete', path, kim)).status).toBe(403);
    const changed = await ask('put', path, jo, {
      name: ' Up ',
      query: 'G',
      use: 'highlight',
    });
    expect(changed.body).toMatchObject({
      id: made.body.id,
      name: 'Up',
      use: 'highlight',
      shared: false,
    });
    expect(await names(kim)).toEqual([]);
  });

  it('has each name once for an owner and a use', async () => {
    await ask('post', '', jo, down);
    expect((await ask('post', '', jo, down)).status).toBe(409);
    expect(
      (await ask('post', '', jo, { ...down, use: 'highlight' })).status,
    ).toBe(201);
    expect((await ask('post', '', kim, down)).status).toBe(201);
  });

  it.each([
    [{ name: 'x' }, 'query is missing'],
    [{ query: 'G' }, 'name is missing'],
    [{ name: ' ', query: 'G' }, 'name'],
    [{ name: 'x', query: 'G', color: 'red' }, 'color is not known here'],
    [{ name: 'x', query: 'G.V(' }, 'line 1, column'],
    [{ name: 'x', query: 'G', use: 'paint' }, 'filter, highlight'],
  ])('refuses %j', async (body, words) => {
    const answer = await ask('post', '', jo, body);
    expect([answer.status, answer.body.error.name]).toEqual([
      400,
      'InputError',
    ]);
    expect(answer.body.error.message).toContain(words);
  });

  it('takes the permission to use the topology', async () => {
    started.decisions['kubernetes.topology.use'] = 'deny';
    const { status, body } = await ask('get', '', jo);
    expect([status, body.error.message]).toEqual([
      403,
      expect.stringContaining('kubernetes.topology.use'),
    ]);
  });
});
