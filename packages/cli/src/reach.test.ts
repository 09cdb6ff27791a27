import { readFile } from 'node:fs/promises';
import { runCommand } from './__testUtils__/runCommand';
import { captured, scratchFolder } from './__testUtils__/scratch';

jest.setTimeout(180_000);

const DUMP = captured('bookinfo-networkpolicy');
const REVIEWS = 'bookinfo/reviews-v2-577d8fbb77-qx4rj';
const RATINGS = 'bookinfo/ratings-v1-5b896f8544-h6rdr';
const PRODUCTPAGE = 'bookinfo/productpage-v1-6b6ffd55f4-g5g7m';

const MANIFESTS = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: app, ports: [{name: http, containerPort: 8080}]}]}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: shop}
spec:
  template:
    metadata: {labels: {app: db}}
    spec: {containers: [{name: app}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec:
  podSelector: {matchLabels: {app: db}}
  policyTypes: [Ingress, Egress]
  ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 5432}]}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: broken, namespace: shop}
spec: {podSelector: {}, ingress: [{ports: [{port: 80, endPort: 10}]}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}], ports: [{port: http}]}]
`;

const ALL = ['TCP', 'UDP', 'SCTP'].map(protocol => ({
  protocol,
  from: 1,
  to: 65_535,
}));

async function json(args: readonly string[]) {
  const { code, stdout, stderr } = await runCommand([
    ...['reach', ...args, '-o', 'json'],
  ]);
  return { code, stderr, answer: stdout === '' ? null : JSON.parse(stdout) };
}

describe('reach', () => {
  const scratch = scratchFolder();

  it.each([
    [PRODUCTPAGE, REVIEWS, true],
    [REVIEWS, RATINGS, false],
  ])('%s → %s: %s', async (from, to, allowed) => {
    const { code, answer } = await json([
      ...['--from', DUMP, '--from-pod', from, '--to-pod', to],
      ...['--port', '9080/TCP'],
    ]);
    expect([code, answer.allowed]).toEqual([0, allowed]);
    expect(answer).toMatchObject({
      egress: { policies: expect.any(Array) },
      ingress: { allowed, isolated: true },
    });
  });

  it('prints what a person wants to know', async () => {
    const input = await readFile(DUMP);
    const { code, stdout, stderr } = await runCommand(
      [
        ...['reach', '--from', '-', '--from-pod', REVIEWS],
        ...['--to-service', 'bookinfo/ratings'],
      ],
      { input },
    );
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('✗ NetworkPolicy bookinfo/ratings-from-reviews');
    expect(stdout).toContain('write "reviews" instead of "review"');
  });

  it('asks about addresses, and several ports', async () => {
    const { answer } = await json([
      ...['--from', DUMP, '--from-pod', REVIEWS, '--to-ip', '8.8.8.8/32'],
      ...['--port', '53/UDP', '--port', '443'],
    ]);
    expect(answer.map((one: any) => [one.port, one.allowed])).toEqual([
      ['53/UDP', false],
      ['443/TCP', false],
    ]);
  });

  it('gives the matrix of pods', async () => {
    const { answer } = await json([
      ...['--from', DUMP, '--matrix', '--port', '9080/TCP'],
      ...['--port', '53/UDP', '-n', 'bookinfo'],
    ]);
    expect(Object.keys(answer)).toEqual(['pods', 'ports', 'allowed']);
    expect(answer.ports).toEqual(['9080/TCP', '53/UDP']);
    const at = (pod: string) => answer.pods.indexOf(pod);
    const [tcp] = answer.allowed;
    expect(tcp[at(PRODUCTPAGE)][at(REVIEWS)]).toBe(true);
    expect(tcp[at(REVIEWS)][at(RATINGS)]).toBe(false);
  });

  it('folds manifests by workload, and names a policy that would be refused', async () => {
    await scratch.write('shop/all.yaml', MANIFESTS);
    const { code, answer, stderr } = await json([
      ...['--from', scratch.path('shop'), '--matrix', '--by', 'workload'],
    ]);
    expect(code).toBe(0);
    expect(stderr).toContain('spec.ingress[0].ports[0].endPort');
    expect(answer.invalidPolicies).toMatchObject([{ name: 'broken' }]);
    const http = [{ protocol: 'TCP', from: 8080, to: 8080 }];
    const web = 'shop/web[Deployment]';
    const db = 'shop/db[StatefulSet]';
    expect(answer.connections).toEqual([
      { source: '10.0.0.0-10.0.255.255', destination: web, ports: http },
      { source: '10.2.0.0-10.255.255.255', destination: web, ports: http },
      { source: web, destination: '0.0.0.0-255.255.255.255', ports: ALL },
      {
        source: web,
        destination: db,
        ports: [{ protocol: 'TCP', from: 5432, to: 5432 }],
      },
    ]);
  });

  it('tells what a policy would change', async () => {
    await scratch.write(
      'closed.yaml',
      'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: closed, namespace: shop}\nspec: {podSelector: {matchLabels: {app: frontend}}}\n',
    );
    const applied = await json([
      ...['--from', DUMP, '--apply-policy', scratch.path('closed.yaml')],
    ]);
    expect(applied.answer.governed).toHaveLength(2);
    expect(applied.answer.removed).toContainEqual({
      source: 'shop/backend[Deployment]',
      destination: 'shop/frontend[Deployment]',
      ports: ALL,
    });
    const deleted = await json([
      ...['--from', DUMP, '--delete-policy', 'shop/redis-from-backend'],
    ]);
    expect(deleted.answer.added).toContainEqual(
      expect.objectContaining({ destination: 'shop/redis[StatefulSet]' }),
    );
  });

  it.each([
    [['--from', DUMP], 2, 'say whence'],
    [['--from', DUMP, '--matrix', '--port', '80/ICMP'], 2, 'Write a port'],
    [
      [
        ...['--from', DUMP, '--from-pod', 'a/b', '--to-pod', RATINGS],
        ...['--port', '80'],
      ],
      ...([1, 'there is no pod a/b'] as const),
    ],
    [
      ['--from', DUMP, '--delete-policy', 'a/b'],
      1,
      'there is no NetworkPolicy',
    ],
    [['--from', DUMP, '--route', 'ingress/a/b'], 1, 'there is no Ingress a/b'],
    [['--matrix', '--port', '80'], 2, 'does not ask portals'],
  ])('%j: %i, %s', async (args, code, message) => {
    const outcome = await runCommand(['reach', ...args]);
    expect([outcome.code, outcome.stdout]).toEqual([code, '']);
    expect(outcome.stderr).toContain(message);
  });
});
