import { parseNodeKey, StoredNode, NodeKey } from '@kubernetes-topology/engine';

/** A well node for tests, its identity read from the key. */
export function storedNode(
  key: string,
  rest: Partial<StoredNode> = {},
): StoredNode {
  const identity = parseNodeKey(key);
  if (!identity) {
    throw new Error(`${key} is no node key`);
  }
  return {
    ...identity,
    name: identity.name.split('/').pop()!,
    key: key as NodeKey,
    uid: `uid of ${key}`,
    labels: {},
    properties: {},
    verdict: { level: 'ok', reason: 'Ready', evidence: [] },
    createdAt: 1_000,
    updatedAt: 2_000,
    revision: 1,
    ...rest,
  };
}
