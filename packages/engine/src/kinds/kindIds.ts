import { KindId } from './identity';

const core = (kind: string): KindId => ({ group: '', kind });

export const POD = core('Pod');
/** A part of its pod; `name` in the key is `<pod>/<container>`. */
export const CONTAINER = core('Container');
/** Synthetic: one per watched cluster, named like it. */
export const CLUSTER = core('Cluster');
export const NAMESPACE = core('Namespace');
export const NODE = core('Node');
export const SERVICE = core('Service');
export const ENDPOINTS = core('Endpoints');
export const CONFIG_MAP = core('ConfigMap');
export const SECRET = core('Secret');
export const PERSISTENT_VOLUME_CLAIM = core('PersistentVolumeClaim');
export const PERSISTENT_VOLUME = core('PersistentVolume');
export const REPLICATION_CONTROLLER = core('ReplicationController');
export const EVENT = core('Event');
export const DEPLOYMENT: KindId = { group: 'apps', kind: 'Deployment' };
export const REPLICA_SET: KindId = { group: 'apps', kind: 'ReplicaSet' };
export const STATEFUL_SET: KindId = { group: 'apps', kind: 'StatefulSet' };
export const DAEMON_SET: KindId = { group: 'apps', kind: 'DaemonSet' };
export const JOB: KindId = { group: 'batch', kind: 'Job' };
export const CRON_JOB: KindId = { group: 'batch', kind: 'CronJob' };
export const INGRESS: KindId = { group: 'networking.k8s.io', kind: 'Ingress' };
export const NETWORK_POLICY: KindId = {
  group: 'networking.k8s.io',
  kind: 'NetworkPolicy',
};
export const ENDPOINT_SLICE: KindId = {
  group: 'discovery.k8s.io',
  kind: 'EndpointSlice',
};
export const STORAGE_CLASS: KindId = {
  group: 'storage.k8s.io',
  kind: 'StorageClass',
};

/** Skydive's `Type` of any kind, also of one that is only referred to: the kind in lower case. */
export function kindType(id: KindId): string {
  return id.kind.toLowerCase();
}

export function sameKind(a: KindId, b: KindId): boolean {
  return a.kind === b.kind && a.group === b.group;
}
