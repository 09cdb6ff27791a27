import { mockServices } from '@backstage/backend-test-utils';
import { readTopologyConfig } from './topologyConfig';

const read = (kubernetesTopology: unknown) =>
  readTopologyConfig(
    mockServices.rootConfig({ data: { kubernetesTopology } as any }),
  );

const MINUTE = 60_000;
const nothing = {
  clusterRefresh: MINUTE,
  scopes: new Map(),
  staticSources: [],
  rules: undefined,
  ruleFiles: [],
  notifications: true,
  history: {},
  query: {},
  reading: {},
  writing: {},
};

describe('readTopologyConfig', () => {
  it.each<[string, unknown, object]>([
    ['no configuration', undefined, {}],
    ['an empty one', {}, {}],
    ['no notices', { notifications: false }, { notifications: false }],
    [
      'durations in all ways',
      {
        clusterRefresh: { minutes: 2, seconds: 30 },
        history: { maxAge: 'P2D', maxVersions: 0 },
        limits: { query: { timeout: '250ms' } },
      },
      {
        clusterRefresh: 2.5 * MINUTE,
        history: { maxAge: 2 * 24 * 60 * MINUTE, maxVersions: 0 },
        query: { milliseconds: 250 },
      },
    ],
    [
      'scopes',
      {
        scopes: [
          {
            cluster: '*',
            kinds: { exclude: ['Lease.coordination.k8s.io', '*.cilium.io'] },
          },
          {
            cluster: 'prod',
            namespaces: ['shop'],
            kinds: { include: ['Pod'] },
          },
        ],
      },
      {
        scopes: new Map([
          [
            '*',
            {
              kinds: { exclude: ['Lease.coordination.k8s.io', '*.cilium.io'] },
            },
          ],
          ['prod', { namespaces: ['shop'], kinds: { include: ['Pod'] } }],
        ]),
      },
    ],
    [
      'files',
      {
        staticSources: [
          { name: 'git', path: './manifests', holds: ['Deployment.apps'] },
        ],
        ruleFiles: ['./rules'],
        rules: { kinds: [] },
      },
      {
        staticSources: [
          { name: 'git', path: './manifests', holds: ['Deployment.apps'] },
        ],
        ruleFiles: ['./rules'],
        rules: { kinds: [] },
      },
    ],
    [
      'limits',
      {
        limits: {
          query: { rows: 5, depth: 6 },
          reading: { pageSize: 7, listsAtOnce: 8 },
          writing: { queuedObjects: 9 },
        },
      },
      {
        query: { rows: 5, depth: 6 },
        reading: { pageSize: 7, listsAtOnce: 8 },
        writing: { queueCapacity: 9 },
      },
    ],
  ])('reads %s', (_, given, expected) => {
    expect(read(given)).toEqual({ ...nothing, ...expected });
  });

  it.each<[string, unknown, RegExp]>([
    [
      'a key that is not known',
      { scope: [] },
      /kubernetesTopology: unknown key 'scope'; known here are clusterRefresh, scopes, /,
    ],
    ['no fields', 'on', /kubernetesTopology: .*expected object/],
    ['a scope of no cluster', { scopes: [{}] }, /\.scopes\[0\]\.cluster: /],
    [
      'no namespace',
      { scopes: [{ cluster: 'a', namespaces: [] }] },
      /\.scopes\[0\]\.namespaces: expected at least one entry; leave the key out for all/,
    ],
    [
      'a name that is no namespace',
      { scopes: [{ cluster: 'a', namespaces: ['ok', 'Not ok'] }] },
      /\.scopes\[0\]\.namespaces\[1\]: expected the name of a namespace/,
    ],
    [
      'a text for a list',
      { scopes: [{ cluster: 'a', namespaces: 'shop' }] },
      /\.scopes\[0\]\.namespaces: .*expected array/,
    ],
    [
      'a plural for a kind',
      { scopes: [{ cluster: 'a', kinds: { include: ['pods'] } }] },
      /\.scopes\[0\]\.kinds\.include\[0\]: expected a kind with its API group/,
    ],
    [
      'a pattern within a name',
      { scopes: [{ cluster: 'a', kinds: { exclude: ['Cilium*.cilium.io'] } }] },
      /\.scopes\[0\]\.kinds\.exclude\[0\]: expected a kind/,
    ],
    [
      'a cluster with two scopes',
      { scopes: [{ cluster: 'a' }, { cluster: 'b' }, { cluster: 'a' }] },
      /\.scopes\[2\]: 'a' stands in kubernetesTopology\.scopes\[0\] already/,
    ],
    [
      'files without a name',
      { staticSources: [{ path: 'x' }] },
      /\.staticSources\[0\]\.name: /,
    ],
    [
      'two files of one name',
      {
        staticSources: [
          { name: 'git', path: 'x' },
          { name: 'git', path: 'y' },
        ],
      },
      /\.staticSources\[1\]: 'git' stands in/,
    ],
    [
      'a group for a held kind',
      { staticSources: [{ name: 'git', path: 'x', holds: ['*.apps'] }] },
      /\.staticSources\[0\]\.holds\[0\]: expected a kind/,
    ],
    ['a text for rule files', { ruleFiles: './rules' }, /\.ruleFiles: /],
    [
      'no duration',
      { history: { maxAge: 'a week' } },
      /\.history\.maxAge: .*write a duration as/s,
    ],
    [
      'a duration that is too short',
      { history: { maxAge: { seconds: 0 } } },
      /\.history\.maxAge: expected at least 1000 ms/,
    ],
    [
      'a part of a version',
      { history: { maxVersions: 1.5 } },
      /\.history\.maxVersions: /,
    ],
    ['no rows', { limits: { query: { rows: 0 } } }, /\.limits\.query\.rows: /],
    [
      'a page that no server answers',
      { limits: { reading: { pageSize: 1_000_000 } } },
      /\.limits\.reading\.pageSize: /,
    ],
    [
      'an unknown limit',
      { limits: { memory: 1 } },
      /\.limits: unknown key 'memory'; known here are query, reading, writing/,
    ],
  ])('refuses %s and names the key', (_, given, message) => {
    expect(() => read(given)).toThrow(message);
  });

  it('tells all mistakes at once', () => {
    expect(() => read({ ruleFiles: [''], scopes: [{ cluster: '' }] })).toThrow(
      /scopes\[0\]\.cluster: [^]*ruleFiles\[0\]: /,
    );
  });
});
