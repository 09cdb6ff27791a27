import { KubernetesObject } from '../../kinds/kindDefinition';
import {
  condition,
  FAULT,
  object,
  ObjectParts,
  placeOf,
  uidOf,
} from './templateObjects';

export interface ServiceOptions extends Omit<ObjectParts, 'spec'> {
  /** Default: `app=<name>`. `null`: none. */
  selector?: Record<string, string> | null;
  /** Default: port 80 to the port named `http`. */
  ports?: readonly object[];
  spec?: object;
}

/** A Service; `world` gives it the slice that fits its pods. */
export function service(
  reference: string,
  options: ServiceOptions = {},
): KubernetesObject {
  const { name } = placeOf(reference);
  const { selector = { app: name } } = options;
  return object('v1', 'Service', reference, {
    ...options,
    spec: {
      type: 'ClusterIP',
      clusterIP: '10.96.0.10',
      clusterIPs: ['10.96.0.10'],
      ports: options.ports ?? [
        { name: 'http', port: 80, targetPort: 'http', protocol: 'TCP' },
      ],
      ...(selector && { selector }),
      ...options.spec,
    },
    status: options.status ?? { loadBalancer: {} },
  });
}

export interface IngressOptions extends ObjectParts {
  /** Service and port behind `/`; default: the Ingress' own name, port 80. */
  backend?: string;
  port?: number;
  host?: string;
  /** Secret of its certificate. */
  tls?: string;
  className?: string;
}

export function ingress(
  reference: string,
  options: IngressOptions = {},
): KubernetesObject {
  const { name } = placeOf(reference);
  const { backend = name, port = 80, tls, className } = options;
  const { host = `${name}.example.com` } = options;
  return object('networking.k8s.io/v1', 'Ingress', reference, {
    ...options,
    spec: {
      ...(className && { ingressClassName: className }),
      rules: [
        {
          host,
          http: {
            paths: [
              {
                path: '/',
                pathType: 'Prefix',
                backend: { service: { name: backend, port: { number: port } } },
              },
            ],
          },
        },
      ],
      ...(tls && { tls: [{ hosts: [host], secretName: tls }] }),
      ...options.spec,
    },
    status: options.status ?? {
      loadBalancer: { ingress: [{ ip: '192.0.2.10' }] },
    },
  });
}

/** With the names of its keys; `changed`: when its data was written last. */
export function configMap(
  reference: string,
  keys: readonly string[] = ['config.yaml'],
  parts: ObjectParts = {},
): KubernetesObject {
  return object('v1', 'ConfigMap', reference, {
    ...parts,
    fields: { data: Object.fromEntries(keys.map(key => [key, ''])) },
  });
}

export function secret(
  reference: string,
  keys: readonly string[] = ['password'],
  parts: ObjectParts = {},
): KubernetesObject {
  return object('v1', 'Secret', reference, {
    ...parts,
    fields: {
      type: 'Opaque',
      data: Object.fromEntries(keys.map(key => [key, ''])),
    },
  });
}

export function serviceAccount(
  reference: string,
  fields: object = {},
  parts: ObjectParts = {},
): KubernetesObject {
  return object('v1', 'ServiceAccount', reference, { ...parts, fields });
}

export interface ClaimOptions extends Omit<ObjectParts, 'spec' | 'status'> {
  /** Default: `Bound`. */
  phase?: 'Bound' | 'Pending' | 'Lost';
  /** Default: `standard`. */
  className?: string;
  size?: string;
  modes?: readonly string[];
  /** Default, when bound: `pv-<name>`. */
  volume?: string;
  conditions?: readonly object[];
  spec?: object;
}

export function claim(
  reference: string,
  options: ClaimOptions = {},
): KubernetesObject {
  const { name } = placeOf(reference);
  const { phase = 'Bound', className = 'standard', size = '10Gi' } = options;
  const { modes = ['ReadWriteOnce'], conditions } = options;
  const bound =
    options.volume ?? (phase === 'Pending' ? undefined : `pv-${name}`);
  return object('v1', 'PersistentVolumeClaim', reference, {
    ...options,
    metadata: {
      finalizers: ['kubernetes.io/pvc-protection'],
      ...options.metadata,
    },
    spec: {
      accessModes: modes,
      resources: { requests: { storage: size } },
      storageClassName: className,
      volumeMode: 'Filesystem',
      ...(bound && { volumeName: bound }),
      ...options.spec,
    },
    status: {
      phase,
      ...(phase === 'Bound' && {
        accessModes: modes,
        capacity: { storage: size },
      }),
      ...(conditions && { conditions }),
    },
  });
}

export interface VolumeOptions extends Omit<ObjectParts, 'spec' | 'status'> {
  /** `namespace/name` of the claim that has it, and its uid where it is another one's. */
  claim?: string;
  claimUid?: string;
  phase?: 'Bound' | 'Available' | 'Released' | 'Failed';
  className?: string;
  size?: string;
  modes?: readonly string[];
  spec?: object;
}

export function volume(
  name: string,
  options: VolumeOptions = {},
): KubernetesObject {
  const { claim: bound, className = 'standard', size = '10Gi' } = options;
  const { phase = bound ? 'Bound' : 'Available' } = options;
  const { modes = ['ReadWriteOnce'] } = options;
  return object('v1', 'PersistentVolume', name, {
    ...options,
    spec: {
      accessModes: modes,
      capacity: { storage: size },
      storageClassName: className,
      volumeMode: 'Filesystem',
      persistentVolumeReclaimPolicy: 'Delete',
      csi: { driver: 'csi.example.com', volumeHandle: name },
      ...(bound && {
        claimRef: {
          apiVersion: 'v1',
          kind: 'PersistentVolumeClaim',
          ...placeOf(bound),
          uid: options.claimUid ?? uidOf('PersistentVolumeClaim', bound),
        },
      }),
      ...options.spec,
    },
    status: { phase },
  });
}

export function storageClass(
  name: string,
  options: ObjectParts & {
    provisioner?: string;
    mode?: 'Immediate' | 'WaitForFirstConsumer';
    isDefault?: boolean;
  } = {},
): KubernetesObject {
  const { provisioner = 'csi.example.com', mode = 'Immediate' } = options;
  return object('storage.k8s.io/v1', 'StorageClass', name, {
    ...options,
    annotations: {
      ...(options.isDefault && {
        'storageclass.kubernetes.io/is-default-class': 'true',
      }),
      ...options.annotations,
    },
    fields: {
      provisioner,
      reclaimPolicy: 'Delete',
      volumeBindingMode: mode,
      ...options.fields,
    },
  });
}

export interface AutoscalerOptions extends ObjectParts {
  /** `Deployment/cart`; default: the Deployment of its own name. */
  target?: string;
  min?: number;
  max?: number;
  current?: number;
  /** T-HPA-BAD: reason and words of `ScalingActive=False`. */
  bad?: { reason: string; message: string };
  conditions?: readonly object[];
}

export function autoscaler(
  reference: string,
  options: AutoscalerOptions = {},
): KubernetesObject {
  const { name } = placeOf(reference);
  const { target = `Deployment/${name}`, min = 2, max = 10, bad } = options;
  const [kind, targetName] = target.split('/');
  const { current = min } = options;
  return object('autoscaling/v2', 'HorizontalPodAutoscaler', reference, {
    ...options,
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind, name: targetName },
      minReplicas: min,
      maxReplicas: max,
      metrics: [
        {
          type: 'Resource',
          resource: {
            name: 'cpu',
            target: { type: 'Utilization', averageUtilization: 60 },
          },
        },
      ],
      ...options.spec,
    },
    status: {
      currentReplicas: current,
      desiredReplicas: current,
      conditions: options.conditions ?? [
        condition(
          'AbleToScale',
          'True',
          'SucceededGetScale',
          "the HPA controller was able to get the target's current scale",
        ),
        bad
          ? condition('ScalingActive', 'False', bad.reason, bad.message)
          : condition(
              'ScalingActive',
              'True',
              'ValidMetricFound',
              'the HPA was able to successfully calculate a replica count from cpu resource utilization',
            ),
        condition('ScalingLimited', 'False', 'DesiredWithinRange'),
      ],
      ...options.status,
    },
  });
}

/** A CustomResourceDefinition: that its kind is served, also where there is no object of it. */
export function definition(
  group: string,
  kind: string,
  plural: string,
  options: ObjectParts & {
    version?: string;
    scope?: 'Namespaced' | 'Cluster';
  } = {},
): KubernetesObject {
  const { version = 'v1', scope = 'Namespaced' } = options;
  return object(
    'apiextensions.k8s.io/v1',
    'CustomResourceDefinition',
    `${plural}.${group}`,
    {
      ...options,
      spec: {
        group,
        names: { kind, plural, singular: kind.toLowerCase() },
        scope,
        versions: [{ name: version, served: true, storage: true }],
        ...options.spec,
      },
      status: options.status ?? {
        acceptedNames: { kind, plural },
        storedVersions: [version],
        conditions: [
          condition('NamesAccepted', 'True', 'NoConflicts'),
          condition('Established', 'True', 'InitialNamesAccepted'),
        ],
      },
    },
  );
}

/** `Ready` of a custom resource, as most controllers write it. */
export function readyStatus(
  status: 'True' | 'False' | 'Unknown',
  reason: string,
  message?: string,
  since: number = FAULT,
): object {
  return { conditions: [condition('Ready', status, reason, message, since)] };
}
