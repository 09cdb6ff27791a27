import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { KindCatalog } from '../kinds/kindCatalog';
import { ManifestError, manifestFiles, parseManifests } from './manifests';

const catalog = KindCatalog.create();
const parse = (text: string) =>
  parseManifests(Buffer.from(text), 'shop.yaml', catalog);
const names = (text: string) =>
  parse(text).objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);

const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' } };
const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 's' } };

describe('parseManifests', () => {
  it.each<[string, string]>([
    ['documents of YAML', `${stringify(pod)}---\n${stringify(service)}`],
    [
      'documents of YAML with empty ones and comments',
      `---\n# a\n---\n${stringify(pod)}---\n${stringify(service)}---\n`,
    ],
    ['a list in YAML', stringify({ kind: 'List', items: [pod, service] })],
    ['a list in JSON', JSON.stringify({ kind: 'List', items: [pod, service] })],
    ['an array', JSON.stringify([pod, service])],
    [
      'documents of JSON one after the other',
      `${JSON.stringify(pod)}\n---\n${JSON.stringify(service)}`,
    ],
    [
      'JSON, a line each',
      `${JSON.stringify(pod)}\n${JSON.stringify(service)}\n`,
    ],
    [
      'indented JSON one after the other',
      `${JSON.stringify(pod, null, 2)}\n${JSON.stringify(service, null, 2)}\n`,
    ],
    [
      'a list in a list',
      JSON.stringify({
        kind: 'List',
        items: [
          { apiVersion: 'v1', kind: 'List', items: [pod] },
          {
            apiVersion: 'v1',
            kind: 'ServiceList',
            items: [{ metadata: { name: 's' } }],
          },
        ],
      }),
    ],
    [
      'YAML in braces',
      '[{apiVersion: v1, kind: Pod, metadata: {name: p}}, {apiVersion: v1, kind: Service, metadata: {name: s}}]',
    ],
    [
      'a byte order mark before JSON',
      `\ufeff${JSON.stringify([pod, service])}`,
    ],
    ['a byte order mark before YAML', `\ufeff${stringify([pod, service])}`],
    [
      'the line ends of Windows',
      `${stringify(pod)}---\n${stringify(service)}`.replace(/\n/g, '\r\n'),
    ],
  ])('reads %s', (_, text) => {
    expect(names(text)).toEqual(['Pod p', 'Service s']);
  });

  it('gives items of a typed list its kind, and says that it holds the kind', () => {
    const { objects, holds } = parse(
      JSON.stringify({
        apiVersion: 'apps/v1',
        kind: 'DeploymentList',
        items: [{ metadata: { name: 'd' } }],
      }),
    );
    expect(objects).toEqual([
      { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'd' } },
    ]);
    expect(holds).toEqual(['Deployment.apps']);
    expect(
      parse('{"apiVersion":"v1","kind":"SecretList","items":[]}').holds,
    ).toEqual(['Secret']);
    expect(parse('{"apiVersion":"v1","kind":"List","items":[]}').holds).toEqual(
      [],
    );
  });

  it('counts documents that are no objects', () => {
    const { objects, skipped } = parse(
      `replicas: 3\n---\njust text\n---\n${stringify(pod)}`,
    );
    expect(objects).toHaveLength(1);
    expect(skipped).toEqual({ count: 2, first: 'shop.yaml' });
  });

  it.each([
    ['YAML', 'a: [1\nb: }'],
    ['JSON', '{"kind": "Secret", "data": {"hush": '],
  ])('says what is no valid %s, and where, and quotes nothing', (_, text) => {
    expect(() => parse(text)).toThrow(ManifestError);
    expect(() => parse(text)).toThrow(/^shop.yaml is neither valid YAML/);
    expect(() => parse(text)).not.toThrow(/hush/);
  });

  it('reads UTF-16, as the shell of Windows redirects', () => {
    const bytes = Buffer.from(`\ufeff${JSON.stringify(pod)}`, 'utf16le');
    const swapped = Buffer.from(bytes).swap16();
    for (const each of [bytes, swapped]) {
      const { objects } = parseManifests(each, 'shop.json', catalog);
      expect(objects).toEqual([pod]);
    }
  });

  it('leaves the items of an object of one’s own alone', () => {
    const { objects } = parse(
      JSON.stringify([
        pod,
        {
          kind: 'List',
          items: [{ ...service, kind: 'Menu', items: [{ metadata: {} }] }],
        },
      ]),
    );
    expect(objects.map(({ kind }) => kind)).toEqual(['Pod', 'Menu']);
  });

  it.each<[string, string, RegExp]>([
    ['ends too early', `{"kind": "Secret",\n "data": {"hush": `, /line 2/],
    ['goes on wrongly', `${JSON.stringify(pod)}\n{"hush": 1`, /line 2/],
    ['YAML', 'a:\n  - b\n  c: [', /line 3/],
    ['braces', '{hush: [\n  a', /line 2/],
  ])('says in which line it is wrong: %s', (_, text, place) => {
    expect(() => parse(text)).toThrow(place);
    expect(() => parse(text)).not.toThrow(/hush/);
  });

  it('does not let aliases blow it up', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
    for (let nth = 1; nth < 12; nth++) {
      const before = `*a${nth - 1}`;
      lines.push(`a${nth}: &a${nth} [${Array(9).fill(before).join(', ')}]`);
    }
    expect(() => parse(lines.join('\n'))).toThrow(ManifestError);
  });

  it.each(['YAML', 'JSON'])(
    'never keeps a value of a Secret or a ConfigMap, whatever form it stands in: %s',
    form => {
      fc.assert(
        fc.property(
          fc.constantFrom('Secret', 'ConfigMap'),
          fc.subarray(['data', 'stringData', 'binaryData', 'applied', 'odd'], {
            minLength: 1,
          }),
          fc.stringMatching(/^key[a-z]{1,8}$/),
          fc.boolean(),
          (kind, places, key, inList) => {
            const value = 'correct-horse-battery';
            const object = {
              apiVersion: 'v1',
              kind,
              metadata: {
                name: 'n',
                annotations: places.includes('applied')
                  ? {
                      'kubectl.kubernetes.io/last-applied-configuration':
                        JSON.stringify({ data: { [key]: value } }),
                    }
                  : undefined,
              },
              ...Object.fromEntries(
                places
                  .filter(place => place.endsWith('ata'))
                  .map(place => [place, { [key]: value }]),
              ),
              ...(places.includes('odd') && { somewhere: [value] }),
            };
            const root = inList
              ? { apiVersion: 'v1', kind: `${kind}List`, items: [object] }
              : object;
            const { objects } = parse(
              form === 'YAML' ? stringify(root) : JSON.stringify(root),
            );
            expect(objects).toHaveLength(1);
            expect(JSON.stringify(objects)).not.toContain(value);
            const hasKey = places.some(place => place.endsWith('ata'));
            expect(JSON.stringify(objects).includes(`"f:${key}"`)).toBe(hasKey);
          },
        ),
      );
    },
  );
});

describe('manifestFiles', () => {
  it('finds manifests in a folder and the folders in it, hidden ones apart', async () => {
    const root = mkdtempSync(join(tmpdir(), 'manifests-'));
    for (const folder of ['b', '.git']) {
      mkdirSync(join(root, folder));
    }
    for (const file of [
      'z.yml',
      'a.json',
      'b/c.yaml',
      '.git/x.yaml',
      'README.md',
    ]) {
      writeFileSync(join(root, file), '');
    }
    const found = await manifestFiles(root);
    expect(found.map(file => file.slice(root.length + 1))).toEqual([
      'a.json',
      'b/c.yaml',
      'z.yml',
    ]);
    expect(await manifestFiles(join(root, 'z.yml'))).toEqual([
      join(root, 'z.yml'),
    ]);
    rmSync(root, { recursive: true });
  });
});
