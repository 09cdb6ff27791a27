import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { KIND_DEFINITIONS } from '../kinds';
import { kindText } from '../kinds/identity';
import { dumpUpdates, parseDump } from './dump';
import { Replica } from './__testUtils__/replica';

const context = { cluster: 'demo', now: Date.parse('2026-11-23T03:00:00Z') };
const parse = (value: unknown) =>
  parseDump(Buffer.from(JSON.stringify(value)), KIND_DEFINITIONS);

const secret = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: {
    name: 'mysql-pass',
    namespace: 'blog',
    annotations: {
      'kubectl.kubernetes.io/last-applied-configuration':
        '{"data":{"password":"aHVudGVyMg=="}}',
    },
  },
  data: { password: 'aHVudGVyMg==' },
};

describe('parseDump', () => {
  it('drops the values of Secrets and keeps the names of their keys', () => {
    const objects = parse({ kind: 'List', items: [secret] });
    expect(JSON.stringify(objects)).not.toContain('aHVudGVyMg==');
    expect(JSON.stringify(objects)).toContain('"f:password"');
  });

  it('takes a single object', () => {
    expect(parse(secret)).toHaveLength(1);
  });

  it.each([
    ['text that is not JSON', Buffer.from('kind: List'), /not valid JSON/],
    ['JSON that is no object', Buffer.from('[1]'), /neither a List nor/],
  ])('refuses %s and says how to write one', (_, bytes, message) => {
    expect(() => parseDump(bytes, KIND_DEFINITIONS)).toThrow(message);
  });
});

describe('dumpUpdates', () => {
  it('gives every object of a registered kind, and says which kinds the dump does not hold', async () => {
    const file = resolve(
      __dirname,
      '../../../../test/fixtures/clusters/task-pv-capacity.json',
    );
    const objects = parseDump(readFileSync(file), KIND_DEFINITIONS);
    const replica = new Replica();
    for (const update of dumpUpdates(objects, KIND_DEFINITIONS, context)) {
      await replica.sink(update);
    }
    const kinds = KIND_DEFINITIONS.map(({ id }) => kindText(id));
    const held = objects
      .map(({ apiVersion, kind }) => {
        const [version, group] = apiVersion.split('/').reverse();
        expect(version).toMatch(/^v\d/);
        return kindText({ group: group ?? '', kind });
      })
      .filter(kind => kinds.includes(kind));
    expect(replica.objects.size).toBe(held.length);
    expect(Object.fromEntries(replica.kinds)).toEqual(
      Object.fromEntries(
        kinds.map(kind => [kind, held.includes(kind) ? 'listed' : 'absent']),
      ),
    );
    expect(replica.kinds.get('PersistentVolumeClaim')).toBe('listed');
    expect(replica.kinds.get('ReplicationController')).toBe('absent');
  });
});
