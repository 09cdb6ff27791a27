import { KubernetesObject } from '../objects/kubernetesObject';

/** A ConfigMap with one key, the plainest of objects. */
export function configMap(
  name: string,
  options: {
    namespace?: string;
    labels?: Record<string, string>;
    value?: string;
  } = {},
): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name,
      namespace: options.namespace ?? 'default',
      labels: options.labels,
    },
    data: { key: options.value ?? 'value' },
  };
}

export function pod(
  name: string,
  options: {
    namespace?: string;
    labels?: Record<string, string>;
    spec?: Record<string, unknown>;
    uid?: string;
    status?: Record<string, unknown>;
  } = {},
): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: options.namespace ?? 'default',
      labels: options.labels,
      ...(options.uid && { uid: options.uid }),
    },
    spec: {
      containers: [{ name: 'main', image: 'nginx:1.27' }],
      ...options.spec,
    },
    ...(options.status && { status: options.status }),
  };
}

export function deployment(
  name: string,
  options: {
    namespace?: string;
    replicas?: number;
    podSpec?: Record<string, unknown>;
    annotations?: Record<string, string>;
  } = {},
): KubernetesObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: options.namespace ?? 'default' },
    spec: {
      replicas: options.replicas ?? 1,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name }, annotations: options.annotations },
        spec: {
          containers: [{ name: 'main', image: 'nginx:1.27' }],
          ...options.podSpec,
        },
      },
    },
  };
}
