import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Knex } from 'knex';
import { eventually } from './cluster/__testUtils__/eventually';
import { silentLogger } from './cluster/__testUtils__/quickTuning';
import { TopologyEngine } from './engine';
import { openSqlite } from './store/openSqlite';

jest.setTimeout(30_000);

const deployment = (secret: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: cart }
spec:
  replicas: 2
  selector: { matchLabels: { app: cart } }
  template:
    metadata: { labels: { app: cart } }
    spec:
      containers:
        - name: app
          image: cart
          envFrom: [{ secretRef: { name: ${secret} } }]
`;
const service = `
apiVersion: v1
kind: Service
metadata: { name: cart, namespace: default }
spec: { selector: { app: cart }, ports: [{ port: 80 }] }
`;
const secret = (name: string) => `
apiVersion: v1
kind: Secret
metadata: { name: ${name} }
stringData: { password: hunter2 }
`;
const definition = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: gadgets.example.com }
spec:
  group: example.com
  scope: Namespaced
  names: { kind: Gadget, plural: gadgets }
  versions: [{ name: v1, served: true, storage: true }]
`;
const gadget = `
apiVersion: example.com/v1
kind: Gadget
metadata: { name: wheel }
`;

describe('an engine over manifests', () => {
  let folder: string;
  let knex: Knex;
  let engine: TopologyEngine;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'manifests-'));
    knex = openSqlite(':memory:');
  });

  afterEach(async () => {
    await engine.stop();
    await knex.destroy();
    rmSync(folder, { recursive: true });
  });

  const write = (name: string, text: string) =>
    writeFileSync(join(folder, name), text);

  async function start(holds?: string[]) {
    engine = await TopologyEngine.create({
      knex,
      clusters: [{ name: 'plan', path: folder, holds }],
      logger: silentLogger,
    });
    engine.start();
    await eventually(async () =>
      expect(await engine.clusters()).toMatchObject([{ state: 'ready' }]),
    );
  }

  const level = async (key: string) => {
    const node = await engine.node(`plan/${key}`);
    return node ? `${node.verdict.level} ${node.verdict.reason}` : '-';
  };

  it('knows what they hold, puts it where it belongs, and does not call it down', async () => {
    write('a.yaml', `${deployment('pass')}---${secret('pass')}`);
    write('b.yaml', `${service}---${definition}---${gadget}`);
    await start();
    expect(await level('Deployment.apps/default/cart')).toBe(
      'unknown NotObserved',
    );
    expect(await level('Secret/default/pass')).toMatch(/^ok /);
    expect(await level('Gadget.example.com/default/wheel')).not.toBe('-');
    const { neighbours } = await engine.neighbours('plan/Secret/default/pass');
    expect(neighbours.map(({ node }) => node.name)).toContain('cart');
    const problems = await knex('nodes')
      .whereNotIn('level', ['ok', 'unknown'])
      .select('key', 'verdict');
    expect(problems).toEqual([]);
    const rows = await knex('nodes').select('*');
    expect(JSON.stringify(rows)).not.toContain('hunter2');
  });

  it('says missing only of kinds that they hold', async () => {
    write('a.yaml', deployment('pass'));
    await start();
    expect(await level('Secret/default/pass')).toBe('unknown KindAbsent');
    write('b.yaml', secret('other'));
    await eventually(async () =>
      expect(await level('Secret/default/pass')).toBe('missing NotFound'),
    );
    write('b.yaml', secret('pass'));
    await eventually(async () =>
      expect(await level('Secret/default/pass')).toMatch(/^ok /),
    );
    rmSync(join(folder, 'b.yaml'));
    await eventually(async () =>
      expect(await level('Secret/default/pass')).toBe('unknown KindAbsent'),
    );
  });

  it('says missing of a kind of which they hold nothing when told that this is all', async () => {
    write('a.yaml', deployment('pass'));
    await start(['Secret']);
    expect(await level('Secret/default/pass')).toBe('missing NotFound');
  });

  it('keeps what it read while a file cannot be, and says so', async () => {
    write('a.yaml', deployment('pass'));
    await start();
    write('a.yaml', 'kind: [');
    await eventually(async () =>
      expect(await engine.clusters()).toMatchObject([
        {
          state: 'failing',
          message: expect.stringMatching(/a\.yaml is neither valid YAML/),
        },
      ]),
    );
    expect(await level('Deployment.apps/default/cart')).not.toBe('-');
    write('a.yaml', deployment('pass'));
    await eventually(async () =>
      expect(await engine.clusters()).toMatchObject([{ state: 'ready' }]),
    );
  });

  it('says that a folder is not there', async () => {
    engine = await TopologyEngine.create({
      knex,
      clusters: [{ name: 'plan', path: join(folder, 'gone') }],
      logger: silentLogger,
    });
    engine.start();
    await eventually(async () =>
      expect(await engine.clusters()).toMatchObject([
        { state: 'failing', message: expect.stringContaining('gone') },
      ]),
    );
  });
});
