import { openSavedGraph, SavedGraph } from '@kubernetes-topology/engine';
import type { OpenTopology } from '../openTopology';
import { findObject, findObjects } from './findObjects';
import { objectSelection, ObjectOptions } from './objectOptions';

const node = (id: string, labels: Record<string, string> = {}) => {
  const [ClusterName, kind, Namespace, Name] = id.split('/');
  const Type = kind.split('.')[0].toLowerCase();
  return {
    ID: id,
    Metadata: {
      Type,
      Name,
      ClusterName,
      K8s: { Name, Namespace, Labels: labels },
    },
  };
};

const NODES = [
  node('one/Pod/default/web-0', { app: 'web' }),
  node('one/Pod/shop/web-0', { app: 'web' }),
  node('one/Pod/shop/web-1', { app: 'web', track: 'canary' }),
  node('one/Pod/shop/db-0', { app: 'db' }),
  node('one/Node//n1'),
  node('two/Node//n1'),
  node('one/Service/shop/api'),
  node('one/Service.serving.knative.dev/shop/api'),
  node('one/Widget.example.com/shop/w'),
  node('one/Policy.kyverno.io/a/same'),
  node('one/Policy.other.io/a/same'),
];

describe('findObjects', () => {
  let graph: SavedGraph;
  let topology: Pick<OpenTopology, 'query'>;
  beforeAll(async () => {
    graph = await openSavedGraph(JSON.stringify({ Nodes: NODES, Edges: [] }));
    topology = graph as typeof topology;
  });
  afterAll(() => graph.close());

  const find = async (words: string[], options: ObjectOptions = {}) =>
    (await findObjects(topology, objectSelection(words, options)))
      .map(({ ID }) => ID)
      .sort();

  it.each<[string[], ObjectOptions, string[]]>([
    // As kubectl: the default namespace, unless another one is given.
    [['pod/web-0'], {}, ['one/Pod/default/web-0']],
    [['po/web-0'], { namespace: 'shop' }, ['one/Pod/shop/web-0']],
    [
      ['pod/web-0'],
      { allNamespaces: true },
      ['one/Pod/default/web-0', 'one/Pod/shop/web-0'],
    ],
    // More than kubectl: the only one there is.
    [['pod/db-0'], {}, ['one/Pod/shop/db-0']],
    [
      ['pods', 'web-1', 'db-0'],
      { namespace: 'shop' },
      ['one/Pod/shop/db-0', 'one/Pod/shop/web-1'],
    ],
    [['pods'], {}, ['one/Pod/default/web-0']],
    [
      ['pods'],
      { allNamespaces: true, selector: 'app=web,!track' },
      ['one/Pod/default/web-0', 'one/Pod/shop/web-0'],
    ],
    [['no/n1'], { cluster: 'two' }, ['two/Node//n1']],
    [['no/n1'], { cluster: 'two', namespace: 'shop' }, ['two/Node//n1']],
    [['svc/api'], { namespace: 'shop' }, ['one/Service/shop/api']],
    [
      ['services.serving.knative.dev/api'],
      {},
      ['one/Service.serving.knative.dev/shop/api'],
    ],
    [['widgets/w'], {}, ['one/Widget.example.com/shop/w']],
    [['one/Node//n1'], {}, ['one/Node//n1']],
    [
      [],
      { namespace: 'a' },
      [
        'one/Node//n1',
        'one/Policy.kyverno.io/a/same',
        'one/Policy.other.io/a/same',
        'two/Node//n1',
      ],
    ],
  ])('%j with %j', async (words, options, expected) => {
    await expect(find(words, options)).resolves.toEqual(expected);
  });

  it.each<[string[], ObjectOptions, RegExp]>([
    [
      ['pod/db-0'],
      { namespace: 'default' },
      /no pod\/db-0 in the namespace default; there is one in shop/,
    ],
    [['pod/web-0'], { namespace: 'nowhere' }, /there is one in default, shop/],
    [['no/n1'], {}, /in the clusters one, two; say which with --cluster/],
    [['cm/x'], {}, /nothing of this kind/],
    [['gadgets'], {}, /nothing of a kind "gadgets"/],
    [
      ['policies/same'],
      {},
      /policy.kyverno.io\/same and policy.other.io\/same; write which one/,
    ],
    [['one/Pod/x/y'], {}, /there is no one\/Pod\/x\/y/],
  ])('says about %j with %j what is wrong', async (words, options, message) => {
    await expect(find(words, options)).rejects.toThrow(message);
  });

  it('wants one object where one is needed', async () => {
    const selection = objectSelection(['pods'], { namespace: 'shop' });
    await expect(findObject(topology, selection)).rejects.toThrow(
      /one object is needed, and 3 are named/,
    );
  });
});
