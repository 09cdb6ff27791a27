/** API group and kind; the core group is `''`. The version is not part of an object's identity. */
export interface KindId {
  readonly group: string;
  readonly kind: string;
}

/** `Deployment.apps`, or `Pod` for the core group: how a kind reads in keys, logs and answers. */
export function kindText(id: KindId): string {
  return id.group === '' ? id.kind : `${id.kind}.${id.group}`;
}

/** What names an object: a recreated object is a new version of the same node. */
export interface Identity {
  readonly cluster: string;
  readonly kind: KindId;
  /** `''` for cluster-scoped objects. */
  readonly namespace: string;
  /** For a container: `<pod>/<container>`. */
  readonly name: string;
}

declare const nodeKeyBrand: unique symbol;
/**
 * The stable, readable name of a node at every interface:
 * `<cluster>/<Kind[.group]>/<namespace>/<name>`, e.g. `demo/Deployment.apps/shop/cart`, `demo/Node//node-1`,
 * `demo/Container/shop/cart-1/app`.
 */
export type NodeKey = string & { readonly [nodeKeyBrand]: true };

export function nodeKey(identity: Identity): NodeKey {
  const { cluster, kind, namespace, name } = identity;
  return `${encodedCluster(cluster)}/${kindText(
    kind,
  )}/${namespace}/${name}` as NodeKey;
}

/** Keys are made by the thousand for one cluster after another. */
let encoded = { cluster: '', text: '' };

function encodedCluster(cluster: string): string {
  if (encoded.cluster !== cluster) {
    encoded = { cluster, text: encodeURIComponent(cluster) };
  }
  return encoded.text;
}

/** The parts of a key, or `undefined` when the text is no key. */
export function parseNodeKey(text: string): Identity | undefined {
  const match = /^([^/]+)\/([^/.]+)(?:\.([^/]+))?\/([^/]*)\/(.+)$/.exec(text);
  if (!match) {
    return undefined;
  }
  const [, cluster, kind, group = '', namespace, name] = match;
  try {
    return {
      cluster: decodeURIComponent(cluster),
      kind: { group, kind },
      namespace,
      name,
    };
  } catch {
    return undefined;
  }
}
