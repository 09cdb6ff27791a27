import { TopologyBuilder } from '../fixtures/topologyBuilder';
import { missingKeysAt } from './missingKeys';

const build = new TopologyBuilder();
const pod = build.add('Pod', 'shop', 'cart');
const secret = build.add('Secret', 'shop', 'token');
const other = build.add('Secret', 'shop', 'other');
const { nodes, edges } = build
  .link('pod-secret', pod, secret)
  .link('container-secret', pod, secret)
  .link('pod-secret', pod, other)
  .topology('component:default/cart');
const topology = {
  nodes,
  edges: [
    { ...edges[0], missingKeys: ['user'] },
    { ...edges[1], missingKeys: ['password', 'user'] },
    edges[2],
  ],
};

it.each([
  [
    'who asks',
    pod,
    [{ direction: 'out', keys: ['password', 'user'], node: secret }],
  ],
  [
    'who is asked',
    secret,
    [{ direction: 'in', keys: ['password', 'user'], node: pod }],
  ],
  ['who has all keys', other, []],
])('%s', (_, node, expected) => {
  expect(missingKeysAt(node.key, topology)).toEqual(expected);
});
