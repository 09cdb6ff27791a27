import { KubernetesObject, OwnerReference } from '../objects/kubernetesObject';
import { nameHash } from '../writes/randomNames';
import { GeneratedPods, podTemplate } from './generatedPods';
import { Stamp } from './stamp';

export interface Application {
  namespace: string;
  name: string;
  replicas: number;
  /** How many pods came before: they go round the nodes. */
  firstReplica: number;
  nodes: number;
  isDown(): boolean;
  withClaim: boolean;
  withIngress: boolean;
}

/** A Deployment with all that belongs to it. */
export function* generatedApplication(
  stamp: Stamp,
  application: Application,
): Generator<KubernetesObject> {
  const { namespace, name, replicas, withClaim, withIngress } = application;
  const labels = {
    'app.kubernetes.io/name': name,
    'app.kubernetes.io/part-of': namespace,
  };
  yield stamp.object(
    'v1',
    'ConfigMap',
    { name: `${name}-config`, namespace, labels },
    { data: { 'application.yaml': `name: ${name}\nlogLevel: info\n` } },
  );
  yield stamp.object(
    'v1',
    'Secret',
    { name: `${name}-credentials`, namespace, labels },
    {
      type: 'Opaque',
      data: {
        password: Buffer.from('not-a-real-password').toString('base64'),
        username: Buffer.from(name).toString('base64'),
      },
    },
  );
  if (withClaim) {
    yield* claimWithVolume(stamp, application, labels);
  }
  const template = podTemplate(application, labels);
  const hash = nameHash([namespace, name, template]);
  const hashed = { ...labels, 'pod-template-hash': hash };
  const downs = Array.from({ length: replicas }, () => application.isDown());
  const ready = downs.filter(down => !down).length;
  const deployment = stamp.object(
    'apps/v1',
    'Deployment',
    {
      name,
      namespace,
      labels,
      annotations: { 'deployment.kubernetes.io/revision': '1' },
    },
    {
      spec: {
        replicas,
        selector: { matchLabels: labels },
        template,
        strategy: {
          type: 'RollingUpdate',
          rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' },
        },
        revisionHistoryLimit: 10,
        progressDeadlineSeconds: 600,
      },
      status: deploymentStatus(stamp, name, hash, replicas, ready),
    },
  );
  yield deployment;
  const replicaSet = stamp.object(
    'apps/v1',
    'ReplicaSet',
    {
      name: `${name}-${hash}`,
      namespace,
      labels: hashed,
      annotations: {
        'deployment.kubernetes.io/desired-replicas': String(replicas),
        'deployment.kubernetes.io/max-replicas': String(
          replicas + Math.ceil(replicas / 4),
        ),
        'deployment.kubernetes.io/revision': '1',
      },
      ownerReferences: [ownerReference(deployment)],
    },
    {
      spec: {
        replicas,
        selector: { matchLabels: hashed },
        template: {
          ...template,
          metadata: { ...template.metadata, labels: hashed },
        },
      },
      status: {
        replicas,
        fullyLabeledReplicas: replicas,
        ...(ready > 0 && { readyReplicas: ready, availableReplicas: ready }),
        observedGeneration: 1,
      },
    },
  );
  yield replicaSet;
  const pods = new GeneratedPods(stamp, replicaSet, ownerReference(replicaSet));
  const endpoints = [];
  for (let index = 0; index < replicas; index++) {
    const pod = pods.make(
      (application.firstReplica + index) % application.nodes,
      downs[index],
    );
    endpoints.push(endpointOf(pod, !downs[index]));
    yield pod;
  }
  yield* service(stamp, application, labels, endpoints);
  if (withIngress) {
    yield ingress(stamp, application);
  }
}

function deploymentStatus(
  stamp: Stamp,
  name: string,
  hash: string,
  replicas: number,
  ready: number,
) {
  const enough = ready >= replicas - Math.floor(replicas / 4);
  const times = { lastUpdateTime: stamp.time, lastTransitionTime: stamp.time };
  return {
    observedGeneration: 1,
    replicas,
    updatedReplicas: replicas,
    ...(ready > 0 && { readyReplicas: ready, availableReplicas: ready }),
    ...(ready < replicas && { unavailableReplicas: replicas - ready }),
    conditions: [
      {
        type: 'Available',
        status: enough ? 'True' : 'False',
        ...times,
        reason: `MinimumReplicas${enough ? 'A' : 'Una'}vailable`,
        message: `Deployment ${
          enough ? 'has' : 'does not have'
        } minimum availability.`,
      },
      {
        type: 'Progressing',
        status: 'True',
        ...times,
        reason: 'NewReplicaSetAvailable',
        message: `ReplicaSet "${name}-${hash}" has successfully progressed.`,
      },
    ],
  };
}

function endpointOf(pod: KubernetesObject, ready: boolean) {
  const { namespace, name, uid } = pod.metadata;
  return {
    addresses: [pod.status.podIP],
    conditions: { ready, serving: ready, terminating: false },
    nodeName: pod.spec.nodeName,
    targetRef: { kind: 'Pod', namespace, name, uid },
  };
}

function* service(
  stamp: Stamp,
  { namespace, name }: Application,
  labels: Record<string, string>,
  endpoints: object[],
): Generator<KubernetesObject> {
  const { names } = stamp;
  const clusterIP = `10.96.${names.below(255)}.${1 + names.below(254)}`;
  const made = stamp.object(
    'v1',
    'Service',
    { name, namespace, labels },
    {
      spec: {
        ports: [
          { name: 'http', protocol: 'TCP', port: 80, targetPort: 'http' },
        ],
        selector: labels,
        clusterIP,
        clusterIPs: [clusterIP],
        type: 'ClusterIP',
        sessionAffinity: 'None',
        ipFamilies: ['IPv4'],
        ipFamilyPolicy: 'SingleStack',
        internalTrafficPolicy: 'Cluster',
      },
      status: { loadBalancer: {} },
    },
  );
  yield made;
  yield stamp.object(
    'discovery.k8s.io/v1',
    'EndpointSlice',
    {
      name: `${name}-${names.suffix()}`,
      generateName: `${name}-`,
      namespace,
      labels: {
        ...labels,
        'endpointslice.kubernetes.io/managed-by':
          'endpointslice-controller.k8s.io',
        'kubernetes.io/service-name': name,
      },
      ownerReferences: [ownerReference(made)],
    },
    {
      addressType: 'IPv4',
      endpoints,
      ports: [{ name: 'http', protocol: 'TCP', port: 8080 }],
    },
  );
}

function ingress(
  stamp: Stamp,
  { namespace, name }: Application,
): KubernetesObject {
  return stamp.object(
    'networking.k8s.io/v1',
    'Ingress',
    { name, namespace },
    {
      spec: {
        ingressClassName: 'nginx',
        rules: [
          {
            host: `${name}.${namespace}.example.com`,
            http: {
              paths: [
                {
                  path: '/',
                  pathType: 'Prefix',
                  backend: { service: { name, port: { name: 'http' } } },
                },
              ],
            },
          },
        ],
      },
      status: { loadBalancer: { ingress: [{ ip: '203.0.113.10' }] } },
    },
  );
}

function* claimWithVolume(
  stamp: Stamp,
  { namespace, name }: Application,
  labels: Record<string, string>,
): Generator<KubernetesObject> {
  const volumeName = `pvc-${stamp.names.uid()}`;
  const accessModes = ['ReadWriteMany'];
  const claim = stamp.object(
    'v1',
    'PersistentVolumeClaim',
    {
      name: `${name}-data`,
      namespace,
      labels,
      finalizers: ['kubernetes.io/pvc-protection'],
    },
    {
      spec: {
        accessModes,
        resources: { requests: { storage: '10Gi' } },
        volumeName,
        storageClassName: 'standard',
        volumeMode: 'Filesystem',
      },
      status: { phase: 'Bound', accessModes, capacity: { storage: '10Gi' } },
    },
  );
  yield claim;
  const { uid } = claim.metadata;
  yield stamp.object(
    'v1',
    'PersistentVolume',
    { name: volumeName, finalizers: ['kubernetes.io/pv-protection'] },
    {
      spec: {
        capacity: { storage: '10Gi' },
        csi: {
          driver: 'hostpath.csi.simulator.example',
          volumeHandle: volumeName,
        },
        accessModes,
        claimRef: {
          kind: 'PersistentVolumeClaim',
          namespace,
          name: `${name}-data`,
          uid,
          apiVersion: 'v1',
        },
        persistentVolumeReclaimPolicy: 'Delete',
        storageClassName: 'standard',
        volumeMode: 'Filesystem',
      },
      status: { phase: 'Bound', lastPhaseTransitionTime: stamp.time },
    },
  );
}

function ownerReference({
  apiVersion,
  kind,
  metadata,
}: KubernetesObject): OwnerReference {
  return {
    apiVersion,
    kind,
    name: metadata.name,
    uid: metadata.uid!,
    controller: true,
    blockOwnerDeletion: true,
  };
}
