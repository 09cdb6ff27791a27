import { KubernetesObject } from '../objects/kubernetesObject';
import type { Application } from './generatedApplication';
import { ownerReference, Stamp } from './stamp';

/** A pod as its Service's slice lists it. */
export function endpointOf(pod: KubernetesObject, ready: boolean) {
  const { namespace, name, uid } = pod.metadata;
  return {
    addresses: [pod.status.podIP],
    conditions: { ready, serving: ready, terminating: false },
    nodeName: pod.spec.nodeName,
    targetRef: { kind: 'Pod', namespace, name, uid },
  };
}

/** A Service with its slice. */
export function* service(
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

export function ingress(
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
