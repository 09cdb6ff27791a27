import { EventRow } from '../../graph/delta';
import { NodeKey } from '../../kinds/identity';
import {
  CONFIG_MAP,
  CONTAINER,
  DEPLOYMENT,
  INGRESS,
  NAMESPACE,
  NETWORK_POLICY,
  NODE,
  PERSISTENT_VOLUME,
  PERSISTENT_VOLUME_CLAIM,
  POD,
  REPLICA_SET,
  SECRET,
  SERVICE,
  STORAGE_CLASS,
} from '../../kinds';
import { StatusLevel } from '../../kinds/status';
import { HandMade } from './handMade';

/** Two workloads that share a node and a storage class, and nothing else. */
export function shop(): { made: HandMade; event: EventRow } {
  const made = new HandMade();
  const namespace = made.node(NAMESPACE, 'shop');
  const node = made.node(NODE, 'node-1');
  const storageClass = made.node(STORAGE_CLASS, 'fast');

  const cart = made.node(DEPLOYMENT, 'shop/cart', {
    labels: { app: 'cart', 'backstage.io/kubernetes-id': 'cart' },
    level: 'degraded',
  });
  const replicaSet = made.node(REPLICA_SET, 'shop/cart-1');
  made.edge(cart, 'deployment-replicaset', replicaSet);
  const old = made.node(REPLICA_SET, 'shop/cart-0', { level: 'history' });
  made.edge(cart, 'deployment-replicaset', old);

  const password = made.node(SECRET, 'shop/password', {
    level: 'missing',
    reason: 'NotFound',
    uid: false,
  });
  const extras = made.node(CONFIG_MAP, 'shop/extras', {
    level: 'missing',
    reason: 'OptionalNotFound',
    uid: false,
  });
  const claim = made.node(PERSISTENT_VOLUME_CLAIM, 'shop/cart-data');
  const volume = made.node(PERSISTENT_VOLUME, 'volume-1');
  made.edge(claim, 'persistentvolumeclaim-persistentvolume', volume);
  made.edge(storageClass, 'storageclass-persistentvolumeclaim', claim);

  const service = made.node(SERVICE, 'shop/cart');
  const ingress = made.node(INGRESS, 'shop/web');
  made.edge(ingress, 'ingress-service', service);
  const policy = made.node(NETWORK_POLICY, 'shop/deny-all');

  const pod = (name: string, level: StatusLevel): NodeKey => {
    const key = made.node(POD, `shop/${name}`, {
      level,
      labels: { app: 'cart', pod: name },
    });
    made.edge(replicaSet, 'replicaset-pod', key);
    const container = made.node(CONTAINER, `shop/${name}/app`, {
      uid: false,
      labels: { app: 'cart' },
    });
    made.edge(key, 'pod-container', container);
    made.edge(key, 'pod-secret', password, {
      required: true,
      details: { keys: ['user', 'password'], via: ['env'] },
    });
    made.edge(key, 'pod-configmap', extras, { required: false });
    made.edge(key, 'pod-persistentvolumeclaim', claim);
    made.edge(node, 'node-pod', key);
    made.edge(service, 'service-pod', key);
    made.edge(policy, 'networkpolicy-pod-ingress-begin', key);
    made.edge(namespace, 'namespace-pod', key);
    return key;
  };
  const first = pod('cart-1-a', 'down');
  pod('cart-1-b', 'ok');

  const other = made.node(POD, 'shop/other', { labels: { app: 'other' } });
  const otherClaim = made.node(PERSISTENT_VOLUME_CLAIM, 'shop/other-data');
  made.edge(other, 'pod-persistentvolumeclaim', otherClaim);
  made.edge(storageClass, 'storageclass-persistentvolumeclaim', otherClaim);
  made.edge(node, 'node-pod', other);
  made.edge(namespace, 'namespace-pod', other);

  const event: EventRow = {
    about: first,
    reason: 'Failed',
    source: 'kubelet',
    eventType: 'Warning',
    message: 'secret "password" not found',
    count: 4,
    firstAt: 1_700_000_000_000,
    lastAt: 1_700_000_100_000,
  };
  return { made, event };
}
