import { KubernetesObject } from '../objects/kubernetesObject';
import { nameHash } from '../writes/randomNames';
import { GeneratedPods, podTemplate } from './generatedPods';
import { claimWithVolume } from './generatedClaim';
import { endpointOf, ingress, service } from './generatedService';
import { ownerReference, Stamp } from './stamp';

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
