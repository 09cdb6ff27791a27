import {
  KubernetesObject,
  ManagedFieldsEntry,
  OwnerReference,
} from '../objects/kubernetesObject';
import { defaultPodSpec } from '../writes/defaults/podDefaults';
import type { Application } from './generatedApplication';
import { nodeAddress, nodeName } from './generatedNode';
import { Stamp } from './stamp';

type Fields = Record<string, any>;

const IMAGE = 'registry.example.com/platform/service:1.42.0';
const PROXY_IMAGE = 'registry.example.com/mesh/proxy:1.24.1';

/** A template as teams write them: an application and a proxy, configuration, probes, limits. */
export function podTemplate(
  { name, namespace, withClaim }: Application,
  labels: Record<string, string>,
): Fields {
  const spec = {
    containers: [
      {
        name: 'application',
        image: IMAGE,
        ports: [
          { name: 'http', containerPort: 8080 },
          { name: 'metrics', containerPort: 9090 },
        ],
        envFrom: [{ secretRef: { name: `${name}-credentials` } }],
        env: [
          fieldVariable('POD_NAME', 'metadata.name'),
          fieldVariable('POD_NAMESPACE', 'metadata.namespace'),
          fieldVariable('POD_IP', 'status.podIP'),
          {
            name: 'DATABASE_PASSWORD',
            valueFrom: {
              secretKeyRef: { name: `${name}-credentials`, key: 'password' },
            },
          },
          ...['LOG_LEVEL', 'REGION', 'CACHE_SIZE', 'HTTP_TIMEOUT'].map(
            variable => ({ name: variable, value: `${variable}-of-${name}` }),
          ),
        ],
        resources: {
          requests: { cpu: '100m', memory: '256Mi' },
          limits: { memory: '512Mi' },
        },
        volumeMounts: [
          { name: 'config', mountPath: '/etc/application', readOnly: true },
          { name: 'temporary', mountPath: '/tmp' },
          ...(withClaim ? [{ name: 'data', mountPath: '/data' }] : []),
        ],
        livenessProbe: { httpGet: { path: '/healthz', port: 'http' } },
        readinessProbe: { httpGet: { path: '/ready', port: 'http' } },
        securityContext: {
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
          runAsNonRoot: true,
        },
      },
      {
        name: 'proxy',
        image: PROXY_IMAGE,
        args: ['--service', `${name}.${namespace}`, '--log-level', 'warning'],
        ports: [{ name: 'admin', containerPort: 15000 }],
        resources: { requests: { cpu: '10m', memory: '64Mi' } },
        readinessProbe: { httpGet: { path: '/ready', port: 'admin' } },
      },
    ],
    volumes: [
      { name: 'config', configMap: { name: `${name}-config` } },
      { name: 'temporary', emptyDir: {} },
      ...(withClaim
        ? [
            {
              name: 'data',
              persistentVolumeClaim: { claimName: `${name}-data` },
            },
          ]
        : []),
    ],
    serviceAccountName: 'default',
  };
  defaultPodSpec(spec);
  return {
    metadata: {
      creationTimestamp: null,
      labels,
      annotations: { 'prometheus.io/scrape': 'true' },
    },
    spec,
  };
}

/** The pods of one ReplicaSet. Their managedFields differ in nothing but the address, so they are made once. */
export class GeneratedPods {
  readonly #stamp: Stamp;
  readonly #replicaSet: KubernetesObject;
  readonly #owner: OwnerReference;
  #managedFields: ManagedFieldsEntry[] | undefined;

  constructor(
    stamp: Stamp,
    replicaSet: KubernetesObject,
    owner: OwnerReference,
  ) {
    this.#stamp = stamp;
    this.#replicaSet = replicaSet;
    this.#owner = owner;
  }

  make(node: number, down: boolean): KubernetesObject {
    const { names } = this.#stamp;
    const { template } = this.#replicaSet.spec;
    const generateName = `${this.#replicaSet.metadata.name}-`;
    const podIP = `10.${100 + Math.floor(node / 256)}.${node % 256}.${
      2 + names.below(250)
    }`;
    const pod: KubernetesObject = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: generateName + names.suffix(),
        generateName,
        namespace: this.#replicaSet.metadata.namespace,
        labels: template.metadata.labels,
        annotations: template.metadata.annotations,
        ownerReferences: [this.#owner],
      },
      spec: {
        ...template.spec,
        nodeName: nodeName(node),
        tolerations: ['not-ready', 'unreachable'].map(state => ({
          key: `node.kubernetes.io/${state}`,
          operator: 'Exists',
          effect: 'NoExecute',
          tolerationSeconds: 300,
        })),
        priority: 0,
        enableServiceLinks: true,
        preemptionPolicy: 'PreemptLowerPriority',
      },
      status: this.#status(template.spec, nodeAddress(node), podIP, down),
    };
    this.#managedFields ??= this.#stamp.managedBy(
      pod,
      { manager: 'kube-controller-manager' },
      'kubelet',
    );
    return this.#stamp.identified(pod, this.#managedFields);
  }

  #status(spec: Fields, hostIP: string, podIP: string, down: boolean): Fields {
    const { time } = this.#stamp;
    const condition = (type: string, holds: boolean) => ({
      type,
      status: holds ? 'True' : 'False',
      lastProbeTime: null,
      lastTransitionTime: time,
      ...(!holds && {
        reason: 'ContainersNotReady',
        message: 'containers with unready status: [application]',
      }),
    });
    return {
      phase: 'Running',
      conditions: [
        condition('PodReadyToStartContainers', true),
        condition('Initialized', true),
        condition('Ready', !down),
        condition('ContainersReady', !down),
        condition('PodScheduled', true),
      ],
      hostIP,
      hostIPs: [{ ip: hostIP }],
      podIP,
      podIPs: [{ ip: podIP }],
      startTime: time,
      containerStatuses: spec.containers.map(({ name, image }: Fields) =>
        this.#containerStatus(name, image, down && name === 'application'),
      ),
      qosClass: 'Burstable',
    };
  }

  #containerStatus(name: string, image: string, down: boolean): Fields {
    const { names, time } = this.#stamp;
    const containerID = `containerd://${names.hex(64)}`;
    const terminated = {
      exitCode: 1,
      reason: 'Error',
      startedAt: time,
      finishedAt: time,
      containerID,
    };
    return {
      name,
      state: down
        ? {
            waiting: {
              reason: 'CrashLoopBackOff',
              message: `back-off 5m0s restarting failed container=${name}`,
            },
          }
        : { running: { startedAt: time } },
      lastState: down ? { terminated } : {},
      ready: !down,
      restartCount: down ? 12 : 0,
      image,
      imageID: `${image.replace(/:[^:]*$/, '')}@sha256:${names.hex(64)}`,
      containerID,
      started: !down,
    };
  }
}

function fieldVariable(name: string, fieldPath: string): Fields {
  return { name, valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath } } };
}
