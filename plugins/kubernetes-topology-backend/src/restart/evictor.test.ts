import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { EvictionAnswer, Evictor } from './evictor';

const pod = { cluster: 'demo', namespace: 'shop', name: 'cart-1', uid: 'u1' };

describe('Evictor', () => {
  let server: Server;
  let answer: {
    status: number;
    body: string;
    headers?: Record<string, string>;
  };
  const received: any[] = [];

  beforeAll(async () => {
    server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) {
        body += chunk;
      }
      received.push({
        method: request.method,
        url: request.url,
        authorization: request.headers.authorization,
        body: JSON.parse(body),
      });
      response.writeHead(answer.status, answer.headers).end(answer.body);
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => new Promise(resolve => server.close(resolve)));

  function evictor(
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  ) {
    return new Evictor([
      {
        name: 'demo',
        connection: { url },
        headers: async () => ({ Authorization: 'Bearer t' }),
      },
    ]);
  }

  const status = (code: number, message: string, details?: object) => ({
    status: code,
    body: JSON.stringify({ kind: 'Status', code, message, details }),
  });

  it('asks for the eviction of exactly this pod, with the credentials of the cluster', async () => {
    answer = { status: 201, body: '{}' };
    received.length = 0;
    const used = evictor();
    await expect(used.evict(pod)).resolves.toEqual({ answer: 'accepted' });
    used.close();
    expect(received).toEqual([
      {
        method: 'POST',
        url: '/api/v1/namespaces/shop/pods/cart-1/eviction',
        authorization: 'Bearer t',
        body: {
          apiVersion: 'policy/v1',
          kind: 'Eviction',
          metadata: { name: 'cart-1', namespace: 'shop' },
          deleteOptions: { preconditions: { uid: 'u1' } },
        },
      },
    ]);
  });

  it('follows the clusters as they come and go', async () => {
    answer = { status: 201, body: '{}' };
    const used = new Evictor();
    const refusal = {
      answer: 'failed',
      message:
        'The cluster demo is not configured any more, or is read from files',
    };
    expect(await used.evict(pod)).toEqual(refusal);
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const source = (token: string) => ({
      name: 'demo',
      connection: { url },
      headers: async () => ({ Authorization: `Bearer ${token}` }),
    });
    for (const token of ['first', 'second']) {
      received.length = 0;
      used.setClusters([source(token), { name: 'git', path: '/manifests' }]);
      expect(await used.evict(pod)).toEqual({ answer: 'accepted' });
      expect(received[0].authorization).toBe(`Bearer ${token}`);
    }
    expect(await used.evict({ ...pod, cluster: 'git' })).toMatchObject({
      answer: 'failed',
      message: expect.stringContaining('git is not configured'),
    });
    used.setClusters([]);
    expect(await used.evict(pod)).toEqual(refusal);
    used.close();
  });

  it.each<[string, typeof answer, EvictionAnswer]>([
    [
      'a disruption budget',
      status(
        429,
        "Cannot evict pod as it would violate the pod's disruption budget.",
        {
          causes: [
            {
              reason: 'DisruptionBudget',
              message:
                'The disruption budget cart needs 2 healthy pods and has 2 currently',
            },
          ],
        },
      ),
      {
        answer: 'refused',
        byBudget: true,
        message:
          "Cannot evict pod as it would violate the pod's disruption budget. The disruption budget cart needs 2 healthy pods and has 2 currently",
      },
    ],
    [
      'a throttle',
      { ...status(429, 'too many requests'), headers: { 'retry-after': '3' } },
      { answer: 'throttled', retryAfter: 3000, message: 'too many requests' },
    ],
    [
      'RBAC',
      status(
        403,
        'pods "cart-1" is forbidden: User "x" cannot create resource "pods/eviction"',
      ),
      {
        answer: 'refused',
        message:
          'pods "cart-1" is forbidden: User "x" cannot create resource "pods/eviction"',
      },
    ],
    [
      'a pod that is gone',
      status(404, 'pods "cart-1" not found'),
      { answer: 'gone' },
    ],
    [
      'a pod of another uid',
      status(409, 'the UID in the precondition…'),
      { answer: 'gone' },
    ],
    [
      'a failure',
      status(500, 'etcdserver: request timed out'),
      { answer: 'failed', message: 'etcdserver: request timed out' },
    ],
    [
      "a proxy's page",
      { status: 502, body: '<html>bad gateway</html>' },
      { answer: 'failed', message: 'The API server answered HTTP 502' },
    ],
  ])('passes on %s', async (_, given, expected) => {
    answer = given;
    const used = evictor();
    await expect(used.evict(pod)).resolves.toEqual(expected);
    used.close();
  });

  it('says when the API server cannot be reached, and when the cluster is unknown', async () => {
    await expect(evictor('http://127.0.0.1:1').evict(pod)).resolves.toEqual({
      answer: 'failed',
      message: expect.stringContaining('ECONNREFUSED'),
    });
    await expect(
      evictor().evict({ ...pod, cluster: 'other' }),
    ).resolves.toMatchObject({ answer: 'failed' });
  });
});
