import { KubernetesObject } from '../../kinds/kindDefinition';
import { PodState, pod, running } from './templatePods';
import {
  ago,
  withParts,
  condition,
  event,
  FAULT,
  object,
  ObjectParts,
  OLD,
  placeOf,
  uidOf,
} from './templateObjects';

export interface WorkloadOptions extends Omit<ObjectParts, 'spec' | 'status'> {
  /** Default: 2. */
  replicas?: number;
  image?: string;
  /** Parts of the first container: `env`, `resources`, `livenessProbe`, `command`. */
  container?: object;
  /** Beside the first one, or instead of it when `containers` of `template` are given. */
  sidecars?: readonly object[];
  /** More of the pod template's spec: `volumes`, `nodeSelector`, `serviceAccountName`. */
  template?: object;
  templateLabels?: Record<string, string>;
  /** The state of all pods, or of each by its place; default: running. */
  pods?: PodState | readonly PodState[];
  /** Where each pod is; default: node-1, node-2, node-3 in turn. */
  nodes?: readonly string[];
  /** The API server refuses the pods with these words; `replicas` of which `created` are there. */
  refused?: string;
  created?: number;
  /** Of the rollout; pods of revision 2 and later are as old as the fault. */
  revision?: number;
  /**
   * The ReplicaSet of the revision before, with pods of its own where it still has `replicas`; default from revision 2
   * on: scaled to zero, the same template.
   */
  former?: WorkloadOptions;
  /** More of the workload's own spec: `strategy`, `serviceName`, `paused`. */
  spec?: object;
  /** Minutes before `NOW` at which the rollout (or the loss) began. */
  since?: number;
}

const NODES = ['node-1', 'node-2', 'node-3'];

/** `Deployment → ReplicaSet → pods` and what the controllers say of them. */
export function deployment(
  reference: string,
  options: WorkloadOptions = {},
): KubernetesObject[] {
  const { replicas = 2, revision = 1, since = FAULT, age = OLD } = options;
  const { namespace, name } = placeOf(reference);
  const labels = labelsOf(reference, options);
  const setName = `${name}-${hashOf(revision)}`;
  const setOf = (number: number, given: WorkloadOptions) => {
    const ownLabels = { ...labels, 'pod-template-hash': hashOf(number) };
    return replicaSet(`${namespace}/${name}-${hashOf(number)}`, {
      ...given,
      metadata: undefined,
      manager: 'kube-controller-manager',
      changed: undefined,
      spec: undefined,
      labels: ownLabels,
      templateLabels: ownLabels,
      annotations: { 'deployment.kubernetes.io/revision': String(number) },
      image: given.image ?? `registry.example/${name}:1.0`,
      owner: {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name, uid: uidOf('Deployment', reference) },
      },
    });
  };
  const below = setOf(revision, {
    ...options,
    age: revision > 1 ? since : age,
  });
  const former =
    revision > 1 || options.former
      ? setOf(revision - 1, {
          image: options.image,
          container: options.container,
          sidecars: options.sidecars,
          template: options.template,
          replicas: 0,
          age,
          ...options.former,
        })
      : [];
  const updated = countsOf(below);
  const counts = countsOf([...below, ...former]);
  const down = counts.ready < replicas - Math.floor(replicas / 4);
  const own = object('apps/v1', 'Deployment', reference, {
    ...options,
    labels: { app: placeOf(reference).name, ...options.labels },
    annotations: {
      'deployment.kubernetes.io/revision': String(revision),
      ...options.annotations,
    },
    changed: options.changed ?? (revision > 1 ? since : age),
    spec: {
      replicas,
      selector: { matchLabels: labels },
      strategy: {
        type: 'RollingUpdate',
        rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' },
      },
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
      template: templateOf(reference, labels, options),
      ...options.spec,
    },
    status: {
      observedGeneration:
        (options.changed ?? age) < age || revision > 1 ? 2 : 1,
      ...numbers({
        replicas: counts.total,
        updatedReplicas: updated.total,
        readyReplicas: counts.ready,
        availableReplicas: counts.ready,
        unavailableReplicas: Math.max(replicas - counts.ready, 0),
      }),
      conditions: [
        down
          ? condition(
              'Available',
              'False',
              'MinimumReplicasUnavailable',
              'Deployment does not have minimum availability.',
              since,
            )
          : condition(
              'Available',
              'True',
              'MinimumReplicasAvailable',
              'Deployment has minimum availability.',
              age,
            ),
        progressing(setName, options, updated.ready < replicas),
        ...(options.refused
          ? [
              condition(
                'ReplicaFailure',
                'True',
                'FailedCreate',
                options.refused,
                since,
              ),
            ]
          : []),
      ],
    },
  });
  return [own, ...former, ...below];
}

/** Once a rollout has completed, `Progressing` stays true whatever dies later; only one in flight meets its deadline. */
function progressing(
  setName: string,
  { revision = 1, since = FAULT, age = OLD, refused }: WorkloadOptions,
  isUnready: boolean,
): KubernetesObject {
  const inFlight = isUnready && (revision > 1 || age <= since);
  const name = `ReplicaSet "${setName}"`;
  if (!inFlight && !(refused && isUnready && age <= since)) {
    return condition(
      'Progressing',
      'True',
      'NewReplicaSetAvailable',
      `${name} has successfully progressed.`,
      age,
    );
  }
  return since > 10
    ? condition(
        'Progressing',
        'False',
        'ProgressDeadlineExceeded',
        `${name} has timed out progressing.`,
        since - 10,
      )
    : condition(
        'Progressing',
        'True',
        'ReplicaSetUpdated',
        `${name} is progressing.`,
        since,
      );
}

/** A ReplicaSet with its pods. */
export function replicaSet(
  reference: string,
  options: WorkloadOptions = {},
): KubernetesObject[] {
  const { replicas = 2, refused, since = FAULT } = options;
  const labels = labelsOf(reference, options);
  const set = object('apps/v1', 'ReplicaSet', reference, {
    manager: 'kube-controller-manager',
    ...options,
    labels,
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: templateOf(reference, labels, options),
    },
  });
  const pods = podsOf(set, labels, options);
  const { total, ready } = countsOf(pods);
  return [
    withParts(set, {
      status: {
        observedGeneration: 1,
        replicas: total,
        ...numbers({
          fullyLabeledReplicas: total,
          readyReplicas: ready,
          availableReplicas: ready,
        }),
        ...(refused && {
          conditions: [
            condition('ReplicaFailure', 'True', 'FailedCreate', refused, since),
          ],
        }),
      },
    }),
    ...pods,
    ...refusedEvents(set, `Error creating: ${refused}`, options),
  ];
}

/** Pods `name-0`, `name-1`…; with `created` fewer, the rest waits for its turn. */
export function statefulSet(
  reference: string,
  options: WorkloadOptions = {},
): KubernetesObject[] {
  const { replicas = 2, refused } = options;
  const { name } = placeOf(reference);
  const labels = labelsOf(reference, options);
  const set = object('apps/v1', 'StatefulSet', reference, {
    ...options,
    labels: { ...labels, ...options.labels },
    spec: {
      replicas,
      serviceName: name,
      podManagementPolicy: 'OrderedReady',
      updateStrategy: { type: 'RollingUpdate' },
      selector: { matchLabels: labels },
      template: templateOf(reference, labels, options),
      ...options.spec,
    },
  });
  const pods = podsOf(set, labels, options);
  const { total, ready } = countsOf(pods);
  const said = `create Pod ${name}-${total} in StatefulSet ${name} failed error: ${refused}`;
  return [
    withParts(set, {
      status: {
        observedGeneration: 1,
        replicas: total,
        ...numbers({
          readyReplicas: ready,
          availableReplicas: ready,
          currentReplicas: total,
          updatedReplicas: total,
        }),
        currentRevision: `${name}-${hashOf(1)}`,
        updateRevision: `${name}-${hashOf(1)}`,
      },
    }),
    ...pods,
    ...refusedEvents(set, said, options),
  ];
}

/** One pod on each of `nodes`; with `created` fewer, the last ones have none. */
export function daemonSet(
  reference: string,
  options: WorkloadOptions = {},
): KubernetesObject[] {
  const { nodes = NODES, refused } = options;
  const labels = labelsOf(reference, options);
  const set = object('apps/v1', 'DaemonSet', reference, {
    ...options,
    labels: { ...labels, ...options.labels },
    spec: {
      selector: { matchLabels: labels },
      updateStrategy: { type: 'RollingUpdate' },
      template: templateOf(reference, labels, options),
      ...options.spec,
    },
  });
  const { replicas = nodes.length } = options;
  const pods = podsOf(set, labels, { ...options, replicas, nodes });
  const { total, ready } = countsOf(pods);
  return [
    withParts(set, {
      status: {
        observedGeneration: 1,
        desiredNumberScheduled: replicas,
        currentNumberScheduled: total,
        updatedNumberScheduled: total,
        numberMisscheduled: 0,
        numberReady: ready,
        ...numbers({
          numberAvailable: ready,
          numberUnavailable: replicas - ready,
        }),
      },
    }),
    ...pods,
    ...refusedEvents(set, `Error creating: ${refused}`, options),
  ];
}

export interface JobOptions extends WorkloadOptions {
  status?: object;
}

/** A Job with its pods (default: 1, running); without a `status` it has one active pod. */
export function job(
  reference: string,
  options: JobOptions = {},
): KubernetesObject[] {
  const labels = {
    'batch.kubernetes.io/job-name': placeOf(reference).name,
    ...options.templateLabels,
  };
  const withTemplate = {
    replicas: 1,
    ...options,
    template: { restartPolicy: 'Never', ...options.template },
  };
  const own = object('batch/v1', 'Job', reference, {
    ...options,
    labels: { ...labels, ...options.labels },
    spec: {
      parallelism: 1,
      completions: 1,
      backoffLimit: 6,
      selector: { matchLabels: labels },
      template: templateOf(reference, labels, withTemplate),
      ...options.spec,
    },
  });
  const pods = podsOf(own, labels, withTemplate);
  const { age = OLD, refused } = options;
  const { total, ready } = countsOf(pods);
  return [
    withParts(own, {
      status: options.status ?? {
        startTime: ago(age),
        ...numbers({ active: total, ready }),
      },
    }),
    ...pods,
    ...refusedEvents(own, `Error creating: ${refused}`, options),
  ];
}

export interface CronJobOptions extends ObjectParts {
  schedule?: string;
  image?: string;
  container?: object;
  template?: object;
}

/** Without its Jobs: give them with `job(…, { owner })`. */
export function cronJob(
  reference: string,
  options: CronJobOptions = {},
): KubernetesObject {
  return object('batch/v1', 'CronJob', reference, {
    ...options,
    spec: {
      schedule: options.schedule ?? '*/10 * * * *',
      concurrencyPolicy: 'Allow',
      suspend: false,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 1,
      jobTemplate: {
        spec: {
          template: {
            spec: {
              restartPolicy: 'Never',
              containers: [firstContainer(reference, options)],
              ...options.template,
            },
          },
        },
      },
      ...options.spec,
    },
    status: options.status ?? {},
  });
}

function firstContainer(
  reference: string,
  { image, container }: Pick<WorkloadOptions, 'image' | 'container'>,
): KubernetesObject {
  const { name } = placeOf(reference);
  return {
    name: 'app',
    image: image ?? `registry.example/${name}:1.0`,
    imagePullPolicy: 'IfNotPresent',
    ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
    resources: {
      requests: { cpu: '100m', memory: '128Mi' },
      limits: { memory: '256Mi' },
    },
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    ...container,
  };
}

const NAME_LETTERS = 'bcdfghjklmnpqrstvwxz2456789';

function labelsOf(
  reference: string,
  { templateLabels }: WorkloadOptions,
): Record<string, string> {
  return { app: placeOf(reference).name, ...templateLabels };
}

function hashOf(revision: number): string {
  return `${revision}f6d8c9b${revision}`;
}

function templateOf(
  reference: string,
  labels: Record<string, string>,
  options: WorkloadOptions,
): KubernetesObject {
  return {
    metadata: { labels },
    spec: {
      containers: [
        firstContainer(reference, options),
        ...(options.sidecars ?? []),
      ],
      ...options.template,
    },
  };
}

function podsOf(
  owner: KubernetesObject,
  labels: Record<string, string>,
  options: WorkloadOptions,
): KubernetesObject[] {
  const { namespace, name } = owner.metadata;
  const { replicas = 2, age = OLD, nodes = NODES, pods = running } = options;
  const count = options.created ?? (options.refused ? 0 : replicas);
  return Array.from({ length: count }, (_, index) =>
    pod(
      `${namespace}/${name}-${
        owner.kind === 'StatefulSet' ? index : suffix(index)
      }`,
      owner.spec.template.spec,
      {
        labels,
        age,
        owner,
        node: nodes[index % nodes.length],
        state:
          typeof pods === 'function'
            ? pods
            : (pods as readonly PodState[])[index] ?? running,
      },
    ),
  ).flat();
}

function countsOf(objects: readonly KubernetesObject[]): {
  total: number;
  ready: number;
} {
  const pods = objects.filter(
    ({ kind, metadata, status }) =>
      kind === 'Pod' &&
      !metadata.deletionTimestamp &&
      status.phase !== 'Failed' &&
      status.phase !== 'Succeeded',
  );
  return {
    total: pods.length,
    ready: pods.filter(({ status }) => isReady(status)).length,
  };
}

export function isReady(status: KubernetesObject): boolean {
  return (status.conditions ?? []).some(
    (one: any) => one.type === 'Ready' && one.status === 'True',
  );
}

function refusedEvents(
  owner: KubernetesObject,
  message: string,
  { refused, since = FAULT }: WorkloadOptions,
): KubernetesObject[] {
  const component = `${String(owner.kind).toLowerCase()}-controller`;
  return refused
    ? [event(owner, 'FailedCreate', message, { first: since, component })]
    : [];
}

/** As the end of a pod's name. */
function suffix(index: number): string {
  const letters = NAME_LETTERS.length;
  return [0, 1, 2, 3, 4]
    .map(place => NAME_LETTERS[(index * (place + 3) + place * 7) % letters])
    .join('')
    .concat(index >= letters ? String(index) : '');
}

/** Zero fields are absent in Kubernetes' JSON. */
function numbers(fields: Record<string, number>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== 0),
  );
}
