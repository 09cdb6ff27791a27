import { openSavedGraph, SavedGraph } from '@kubernetes-topology/engine';
import type { OpenTopology } from '../openTopology';
import { findObjects } from '../objects/findObjects';
import { objectSelection } from '../objects/objectOptions';
import { Style } from '../output/style';
import { objectTrees, topmost } from './objectTree';
import { readTree, TreeDirection } from './readTree';
import { treeText } from './treeText';

const KINDS: Record<string, string> = {
  deployment: 'Deployment.apps',
  replicaset: 'ReplicaSet.apps',
  pod: 'Pod',
  secret: 'Secret',
  service: 'Service',
  endpointslice: 'EndpointSlice.discovery.k8s.io',
  namespace: 'Namespace',
  node: 'Node',
  persistentvolumeclaim: 'PersistentVolumeClaim',
  storageclass: 'StorageClass.storage.k8s.io',
};
const SCOPELESS = ['namespace', 'node', 'storageclass'];

/** `pod/web-0 down` and `pod/web-0 > secret/creds`, the relation after a colon where it is not plain. */
function graphOf(lines: string) {
  const ids = new Map<string, string>();
  const Nodes: object[] = [];
  const Edges: object[] = [];
  const id = (name: string, status = 'ok') => {
    if (!ids.has(name)) {
      const [type, own] = name.split('/');
      const Namespace = SCOPELESS.includes(type) ? '' : 'shop';
      ids.set(name, `one/${KINDS[type]}/${Namespace}/${own}`);
      Nodes.push({
        ID: ids.get(name),
        Metadata: {
          Type: type,
          Name: own,
          Status: status,
          ClusterName: 'one',
          K8s: { Name: own, Namespace },
        },
      });
    }
    return ids.get(name)!;
  };
  for (const line of lines.trim().split('\n')) {
    const [arrow, relation] = line.trim().split(': ');
    const [parent, child] = arrow.split(' > ');
    if (child === undefined) {
      const [name, status] = arrow.split(' ');
      id(name, status);
      continue;
    }
    const [from, to] = [parent.split('/')[0], child.split('/')[0]];
    const RelationType = from === 'namespace' ? 'ownership' : from;
    const [Parent, Child] = [id(parent), id(child)];
    Edges.push({
      ID: `${Parent}|${relation ?? `${from}-${to}`}|${Child}`,
      Parent,
      Child,
      Metadata: { RelationType },
    });
  }
  return JSON.stringify({ Nodes, Edges });
}

const SHOP = `
  pod/web-1 down
  secret/lost missing
  deployment/web > replicaset/web-1
  replicaset/web-1 > pod/web-0
  replicaset/web-1 > pod/web-1
  deployment/web > secret/creds
  pod/web-0 > secret/creds
  pod/web-1 > secret/creds
  pod/web-1 > secret/lost
  service/web > deployment/web
  service/web > pod/web-0
  service/web > pod/web-1
  service/web > endpointslice/web-x
  endpointslice/web-x > pod/web-0
  node/n1 > pod/web-0
  deployment/web > pod/db-0: deployment-pod-affinity
  pod/db-0 > persistentvolumeclaim/data
  storageclass/fast > persistentvolumeclaim/data
  namespace/shop > pod/web-0
  namespace/shop > pod/web-1
  namespace/shop > deployment/web
  namespace/shop > service/web
  namespace/shop > replicaset/web-1
  namespace/shop > secret/creds
  namespace/shop > pod/db-0
  namespace/shop > endpointslice/web-x
`;

describe('trees', () => {
  const opened: SavedGraph[] = [];
  afterAll(() => Promise.all(opened.map(each => each.close())));

  async function tree(
    lines: string,
    object: string,
    direction: TreeDirection = 'needs',
    isUnfolded = false,
  ): Promise<string[]> {
    const saved = await openSavedGraph(graphOf(lines));
    opened.push(saved);
    const topology = saved as Pick<OpenTopology, 'query'>;
    const roots = await findObjects(topology, objectSelection([object], {}));
    const graph = await readTree(topology, roots, direction, 12);
    const text = treeText(
      objectTrees(
        graph,
        roots.map(({ ID }) => ID),
      ),
      { style: Style.of({}), isUnfolded, reasons: new Map() },
    );
    return text.split('\n').map(line => line.replace(/ (✓ ok|\(shop\))/g, ''));
  }

  it('shows what it owns and needs, common needs at the owner', async () => {
    await expect(tree(SHOP, 'deploy/web')).resolves.toEqual([
      'deployment/web',
      '├─ replicaset/web-1',
      '│  ├─ pod/web-0',
      '│  │  └─ node/n1',
      '│  └─ pod/web-1 ✗ down',
      '│     └─ secret/lost ∅ missing',
      '├─ pod/db-0',
      '│  └─ persistentvolumeclaim/data',
      '│     └─ storageclass/fast',
      '└─ secret/creds',
    ]);
  });

  it('shows pods under who made them, not under who refers to them, too', async () => {
    const lines = await tree(SHOP, 'svc/web');
    expect(lines.slice(0, 4)).toEqual([
      'service/web',
      '├─ deployment/web',
      '│  ├─ replicaset/web-1',
      '│  │  ├─ pod/web-0',
    ]);
    expect(lines.filter(line => line.includes('pod/web-0'))).toHaveLength(1);
    expect(lines.at(-1)).toBe('└─ endpointslice/web-x');
  });

  it('shows upwards who depends on it', async () => {
    await expect(tree(SHOP, 'secret/lost', 'dependents')).resolves.toEqual([
      'secret/lost ∅ missing',
      '└─ pod/web-1 ✗ down',
      '   ├─ replicaset/web-1',
      '   │  └─ deployment/web',
      '   └─ service/web',
    ]);
  });

  it('ends at circles', async () => {
    await expect(
      tree(
        'pod/a > secret/b\nsecret/b > service/c\nservice/c > pod/a\nservice/c > secret/d',
        'pod/a',
      ),
    ).resolves.toEqual([
      'pod/a',
      '└─ secret/b',
      '   └─ service/c',
      '      └─ secret/d',
    ]);
  });

  it('folds what is well and alike, and says how many', async () => {
    const pods = Array.from(
      { length: 20 },
      (_, nth) => `replicaset/r > pod/p-${String(nth).padStart(2, '0')}`,
    );
    const lines = `pod/p-13 down\n${pods.join('\n')}`;
    const folded = await tree(lines, 'rs/r');
    expect(folded).toHaveLength(7);
    expect(folded).toContain('└─ pod/p-13 ✗ down');
    expect(folded.join('\n')).toContain('and 15 more of kind pod, all well');
    await expect(tree(lines, 'rs/r', 'needs', true)).resolves.toHaveLength(21);
  });

  it('has the topmost objects of a namespace, circles with their first one', () => {
    const edge = (from: string, to: string) => ({
      from,
      to,
      isControl: false,
      edge: {} as never,
    });
    const graph = {
      nodes: new Map(),
      edges: new Map([
        ['a', [edge('a', 'b')]],
        ['c', [edge('c', 'd')]],
        ['d', [edge('d', 'c')]],
      ]),
    };
    expect(topmost(graph, ['a', 'b', 'c', 'd'])).toEqual(['a', 'c']);
  });
});
