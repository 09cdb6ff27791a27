import {
  CausalNode,
  kindText,
  parseNodeKey,
  StoredNode,
  Verdict as EngineVerdict,
} from '@kubernetes-topology/engine';
import {
  TopologyNode,
  Verdict,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';

/** A node as the REST API shows it. */
export function topologyNode(node: StoredNode): TopologyNode {
  return {
    key: node.key,
    cluster: node.cluster,
    group: node.kind.group,
    kind: node.kind.kind,
    namespace: node.namespace,
    name: node.name,
    verdict: verdict(node.verdict),
    ...(node.createdAt !== undefined && { createdAt: node.createdAt }),
  };
}

/** A node of a causal answer; its cluster and group stand in its key. */
export function causalTopologyNode(node: CausalNode): TopologyNode {
  const identity = parseNodeKey(node.key);
  if (!identity) {
    throw new Error(`The engine gave a node without a valid key: ${node.key}`);
  }
  return {
    key: node.key,
    cluster: identity.cluster,
    group: identity.kind.group,
    kind: node.kind,
    namespace: node.namespace,
    name: node.name,
    verdict: verdict(node.verdict),
  };
}

/** `Pod cart-1 in namespace shop`, for messages. */
export function nodeText(key: string): string {
  const identity = parseNodeKey(key);
  if (!identity) {
    return key;
  }
  const { kind, namespace, name } = identity;
  return `${kindText(kind)} ${name}${
    namespace === '' ? '' : ` in namespace ${namespace}`
  }`;
}

/** The sequel is the engine's own business. */
function verdict({ sequel: _, ...shown }: EngineVerdict): Verdict {
  return shown;
}
