import { RandomNames } from '../randomNames';

/* The fields that the API server fills in; each function fills in place. */

type Fields = Record<string, any>;

const TOKEN_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';
const TOLERATION_SECONDS = 300;

/** Defaults of a pod template's spec. */
export function defaultPodSpec(spec: Fields): void {
  for (const container of [
    ...(spec.containers ?? []),
    ...(spec.initContainers ?? []),
  ]) {
    defaultContainer(container);
  }
  (spec.volumes ?? []).forEach(defaultVolume);
  spec.restartPolicy ??= 'Always';
  spec.terminationGracePeriodSeconds ??= 30;
  spec.dnsPolicy ??= 'ClusterFirst';
  if (spec.serviceAccountName) {
    spec.serviceAccount ??= spec.serviceAccountName;
  }
  spec.securityContext ??= {};
  spec.schedulerName ??= 'default-scheduler';
}

/** Defaults and admission of a pod: service account with its token, priority, tolerations, quality of service. */
export function defaultPod(pod: Fields, names: RandomNames): void {
  const { spec } = pod;
  defaultPodSpec(spec);
  spec.serviceAccountName ??= 'default';
  spec.serviceAccount ??= spec.serviceAccountName;
  spec.priority ??= 0;
  spec.enableServiceLinks ??= true;
  spec.preemptionPolicy ??= 'PreemptLowerPriority';
  if (spec.automountServiceAccountToken !== false) {
    mountToken(spec, names);
  }
  spec.tolerations = [
    ...(spec.tolerations ?? []),
    ...['not-ready', 'unreachable']
      .map(state => `node.kubernetes.io/${state}`)
      .filter(key => !toleratesAlways(spec.tolerations ?? [], key))
      .map(key => ({
        key,
        operator: 'Exists',
        effect: 'NoExecute',
        tolerationSeconds: TOLERATION_SECONDS,
      })),
  ];
  pod.status = { phase: 'Pending', qosClass: qualityOfService(spec) };
}

function defaultContainer(container: Fields): void {
  container.resources ??= {};
  container.terminationMessagePath ??= '/dev/termination-log';
  container.terminationMessagePolicy ??= 'File';
  const tag = /:([^/:@]+)$/.exec(container.image ?? '')?.[1] ?? 'latest';
  container.imagePullPolicy ??= tag === 'latest' ? 'Always' : 'IfNotPresent';
  for (const port of container.ports ?? []) {
    port.protocol ??= 'TCP';
  }
  for (const probe of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    if (container[probe]) {
      container[probe].timeoutSeconds ??= 1;
      container[probe].periodSeconds ??= 10;
      container[probe].successThreshold ??= 1;
      container[probe].failureThreshold ??= 3;
      if (container[probe].httpGet) {
        container[probe].httpGet.scheme ??= 'HTTP';
      }
    }
  }
}

function defaultVolume(volume: Fields): void {
  for (const source of ['secret', 'configMap', 'projected', 'downwardAPI']) {
    if (volume[source]) {
      volume[source].defaultMode ??= 420;
    }
  }
  if (volume.hostPath) {
    volume.hostPath.type ??= '';
  }
}

function mountToken(spec: Fields, names: RandomNames): void {
  const mounted = (spec.volumes ?? []).some((volume: Fields) =>
    volume.name.startsWith('kube-api-access-'),
  );
  if (mounted) {
    return;
  }
  const name = `kube-api-access-${names.suffix()}`;
  spec.volumes = [
    ...(spec.volumes ?? []),
    {
      name,
      projected: {
        sources: [
          { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
          {
            configMap: {
              name: 'kube-root-ca.crt',
              items: [{ key: 'ca.crt', path: 'ca.crt' }],
            },
          },
          {
            downwardAPI: {
              items: [
                {
                  path: 'namespace',
                  fieldRef: {
                    apiVersion: 'v1',
                    fieldPath: 'metadata.namespace',
                  },
                },
              ],
            },
          },
        ],
        defaultMode: 420,
      },
    },
  ];
  for (const container of [
    ...spec.containers,
    ...(spec.initContainers ?? []),
  ]) {
    container.volumeMounts = [
      ...(container.volumeMounts ?? []),
      { name, readOnly: true, mountPath: TOKEN_PATH },
    ];
  }
}

function toleratesAlways(tolerations: Fields[], key: string): boolean {
  return tolerations.some(
    toleration =>
      toleration.operator === 'Exists' &&
      (toleration.key === undefined || toleration.key === key) &&
      (toleration.effect === undefined || toleration.effect === 'NoExecute'),
  );
}

function qualityOfService(spec: Fields): string {
  const containers: Fields[] = [
    ...spec.containers,
    ...(spec.initContainers ?? []),
  ];
  const some = containers.some(
    ({ resources }) => resources?.requests || resources?.limits,
  );
  if (!some) {
    return 'BestEffort';
  }
  const all = containers.every(({ resources }) =>
    ['cpu', 'memory'].every(
      what =>
        resources?.limits?.[what] !== undefined &&
        (resources.requests?.[what] ?? resources.limits[what]) ===
          resources.limits[what],
    ),
  );
  return all ? 'Guaranteed' : 'Burstable';
}
