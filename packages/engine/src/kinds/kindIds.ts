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

export const SERVICE_ACCOUNT = core('ServiceAccount');
export const RESOURCE_QUOTA = core('ResourceQuota');
export const LIMIT_RANGE = core('LimitRange');
export const POD_TEMPLATE = core('PodTemplate');
export const CONTROLLER_REVISION: KindId = {
  group: 'apps',
  kind: 'ControllerRevision',
};
const rbac = (kind: string): KindId => ({
  group: 'rbac.authorization.k8s.io',
  kind,
});
export const ROLE = rbac('Role');
export const CLUSTER_ROLE = rbac('ClusterRole');
export const ROLE_BINDING = rbac('RoleBinding');
export const CLUSTER_ROLE_BINDING = rbac('ClusterRoleBinding');
/** A name that a binding grants something to; the cluster keeps no object of it. */
export const USER = rbac('User');
/** As with `USER`. */
export const GROUP = rbac('Group');
export const PRIORITY_CLASS: KindId = {
  group: 'scheduling.k8s.io',
  kind: 'PriorityClass',
};
export const RUNTIME_CLASS: KindId = {
  group: 'node.k8s.io',
  kind: 'RuntimeClass',
};
export const LEASE: KindId = { group: 'coordination.k8s.io', kind: 'Lease' };
const resource = (kind: string): KindId => ({ group: 'resource.k8s.io', kind });
export const RESOURCE_CLAIM = resource('ResourceClaim');
export const RESOURCE_CLAIM_TEMPLATE = resource('ResourceClaimTemplate');
export const DEVICE_CLASS = resource('DeviceClass');
export const RESOURCE_SLICE = resource('ResourceSlice');

/** Whether nothing but a name is ever known of objects of the kind: their absence proves nothing. */
export function isNameOnly(id: KindId): boolean {
  return sameKind(id, USER) || sameKind(id, GROUP);
}

const networking = (kind: string): KindId => ({
  group: 'networking.k8s.io',
  kind,
});
export const INGRESS_CLASS = networking('IngressClass');
export const IP_ADDRESS = networking('IPAddress');
export const SERVICE_CIDR = networking('ServiceCIDR');
const gatewayApi = (kind: string): KindId => ({
  group: 'gateway.networking.k8s.io',
  kind,
});
export const GATEWAY_CLASS = gatewayApi('GatewayClass');
export const GATEWAY = gatewayApi('Gateway');
export const LISTENER_SET = gatewayApi('ListenerSet');
/** `ListenerSet` while it was an experiment. */
export const X_LISTENER_SET: KindId = {
  group: 'gateway.networking.x-k8s.io',
  kind: 'XListenerSet',
};
export const HTTP_ROUTE = gatewayApi('HTTPRoute');
export const GRPC_ROUTE = gatewayApi('GRPCRoute');
export const TLS_ROUTE = gatewayApi('TLSRoute');
export const TCP_ROUTE = gatewayApi('TCPRoute');
export const UDP_ROUTE = gatewayApi('UDPRoute');
export const REFERENCE_GRANT = gatewayApi('ReferenceGrant');
export const BACKEND_TLS_POLICY = gatewayApi('BackendTLSPolicy');
const networkPolicyApi = (kind: string): KindId => ({
  group: 'policy.networking.k8s.io',
  kind,
});
export const ADMIN_NETWORK_POLICY = networkPolicyApi('AdminNetworkPolicy');
export const BASELINE_ADMIN_NETWORK_POLICY = networkPolicyApi(
  'BaselineAdminNetworkPolicy',
);
export const CLUSTER_NETWORK_POLICY = networkPolicyApi('ClusterNetworkPolicy');
const cilium = (kind: string): KindId => ({ group: 'cilium.io', kind });
export const CILIUM_NETWORK_POLICY = cilium('CiliumNetworkPolicy');
export const CILIUM_CLUSTERWIDE_NETWORK_POLICY = cilium(
  'CiliumClusterwideNetworkPolicy',
);
export const CILIUM_ENDPOINT = cilium('CiliumEndpoint');
export const CILIUM_IDENTITY = cilium('CiliumIdentity');
export const NETWORK_ATTACHMENT_DEFINITION: KindId = {
  group: 'k8s.cni.cncf.io',
  kind: 'NetworkAttachmentDefinition',
};
export const HORIZONTAL_POD_AUTOSCALER: KindId = {
  group: 'autoscaling',
  kind: 'HorizontalPodAutoscaler',
};
export const VERTICAL_POD_AUTOSCALER: KindId = {
  group: 'autoscaling.k8s.io',
  kind: 'VerticalPodAutoscaler',
};
export const POD_DISRUPTION_BUDGET: KindId = {
  group: 'policy',
  kind: 'PodDisruptionBudget',
};
const admission = (kind: string): KindId => ({
  group: 'admissionregistration.k8s.io',
  kind,
});
export const VALIDATING_WEBHOOK = admission('ValidatingWebhookConfiguration');
export const MUTATING_WEBHOOK = admission('MutatingWebhookConfiguration');
export const VALIDATING_POLICY = admission('ValidatingAdmissionPolicy');
export const VALIDATING_POLICY_BINDING = admission(
  'ValidatingAdmissionPolicyBinding',
);
export const MUTATING_POLICY = admission('MutatingAdmissionPolicy');
export const MUTATING_POLICY_BINDING = admission(
  'MutatingAdmissionPolicyBinding',
);
export const API_SERVICE: KindId = {
  group: 'apiregistration.k8s.io',
  kind: 'APIService',
};
export const CUSTOM_RESOURCE_DEFINITION: KindId = {
  group: 'apiextensions.k8s.io',
  kind: 'CustomResourceDefinition',
};
const flowControl = (kind: string): KindId => ({
  group: 'flowcontrol.apiserver.k8s.io',
  kind,
});
export const FLOW_SCHEMA = flowControl('FlowSchema');
export const PRIORITY_LEVEL = flowControl('PriorityLevelConfiguration');
export const CERTIFICATE_SIGNING_REQUEST: KindId = {
  group: 'certificates.k8s.io',
  kind: 'CertificateSigningRequest',
};

const storage = (kind: string): KindId => ({ group: 'storage.k8s.io', kind });
export const CSI_DRIVER = storage('CSIDriver');
export const CSI_NODE = storage('CSINode');
export const CSI_STORAGE_CAPACITY = storage('CSIStorageCapacity');
export const VOLUME_ATTACHMENT = storage('VolumeAttachment');
export const VOLUME_ATTRIBUTES_CLASS = storage('VolumeAttributesClass');
const snapshots = (kind: string): KindId => ({
  group: 'snapshot.storage.k8s.io',
  kind,
});
export const VOLUME_SNAPSHOT = snapshots('VolumeSnapshot');
export const VOLUME_SNAPSHOT_CLASS = snapshots('VolumeSnapshotClass');
export const VOLUME_SNAPSHOT_CONTENT = snapshots('VolumeSnapshotContent');
