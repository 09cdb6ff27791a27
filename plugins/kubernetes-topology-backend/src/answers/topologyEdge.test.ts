import { NodeKey, StoredEdge } from '@kubernetes-topology/engine';
import { topologyEdge } from './topologyEdge';

const stored: StoredEdge = {
  source: 'demo/Pod/shop/cart' as NodeKey,
  target: 'demo/Secret/shop/token' as NodeKey,
  relation: {
    name: 'pod-secret',
    relationType: 'pod',
    class: 'config',
    rules: ['R040'],
    suffers: 'source',
    strength: 'hard',
    bitesAt: ['start'],
  },
  required: true,
};
const shown = {
  source: 'demo/Pod/shop/cart',
  target: 'demo/Secret/shop/token',
  relation: 'pod-secret',
  relationType: 'pod',
  class: 'config',
  required: true,
};

describe('topologyEdge', () => {
  it('shows an edge without its details', () => {
    expect(
      topologyEdge({ ...stored, details: { keys: ['user'], as: 'env' } }),
    ).toEqual(shown);
  });

  it('names the keys that are missing', () => {
    expect(
      topologyEdge({ ...stored, details: { missingKeys: ['password'] } }),
    ).toEqual({ ...shown, missingKeys: ['password'] });
  });
});
