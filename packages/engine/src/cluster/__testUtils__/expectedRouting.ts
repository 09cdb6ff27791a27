/*
 * What objects imply of routing, autoscaling, disruption and admission, worked out from the raw objects alone (sections
 * D, F, I, J and K of `relationships.md`), as far as the captured states have it.
 */

import { ExpectedEdge } from './expectedPlacement';

type RawObject = { readonly [field: string]: any };

export const ROUTING_GROUPS: Record<string, string> = {
  IngressClass: 'networking.k8s.io',
  HorizontalPodAutoscaler: 'autoscaling',
  PodDisruptionBudget: 'policy',
  ValidatingWebhookConfiguration: 'admissionregistration.k8s.io',
  APIService: 'apiregistration.k8s.io',
};
export const ROUTING_CLUSTER_SCOPED = [
  'IngressClass',
  'ValidatingWebhookConfiguration',
  'APIService',
];

const CALL = /([a-z0-9-]+)\.([a-z0-9-]+)\.svc/g;
/** A host without dots is a Service of the same namespace. */
const CALL_HERE = /:\/\/([a-z0-9-]+)(?![a-z0-9.-])/g;

export function routingEdges(
  object: RawObject,
  podSpec: RawObject | undefined,
  objects: readonly RawObject[],
): ExpectedEdge[] {
  const { kind, metadata, spec = {} } = object;
  const { namespace } = metadata;
  const type = kind.toLowerCase();
  const found: ExpectedEdge[] = [];
  const to = (target: string, other: string, where: string, name: string) =>
    found.push(['source', `${type}-${target}`, other, where, name]);
  const selected = (
    kinds: readonly string[],
    labels: Record<string, string>,
    labelsOf: (one: RawObject) => Record<string, string> | undefined,
    inside: string | undefined,
  ) =>
    objects
      .filter(
        one =>
          kinds.includes(one.kind) &&
          (inside === undefined || one.metadata.namespace === inside) &&
          Object.entries(labels).every(
            ([name, value]) => labelsOf(one)?.[name] === value,
          ),
      )
      .forEach(one =>
        to(
          one.kind.toLowerCase(),
          one.kind,
          one.metadata.namespace ?? '',
          one.metadata.name,
        ),
      );
  for (const [containers, how] of [
    [podSpec?.containers, 'called'],
    [podSpec?.initContainers, 'awaited'],
  ] as const) {
    for (const { env = [], args = [], command = [] } of containers ?? []) {
      const texts = [...env.map((one: any) => one.value), ...args, ...command];
      for (const [, name, where] of texts.join('\n').matchAll(CALL)) {
        to(`service-${how}`, 'Service', where, name);
      }
      for (const [, name] of texts.join('\n').matchAll(CALL_HERE)) {
        if (name !== 'localhost') {
          to(`service-${how}`, 'Service', namespace, name);
        }
      }
    }
  }
  switch (kind) {
    case 'Service':
      if (Object.keys(spec.selector ?? {}).length > 0) {
        selected(
          ['Deployment', 'StatefulSet'],
          spec.selector,
          one => one.spec.template.metadata.labels,
          namespace,
        );
      }
      break;
    case 'EndpointSlice':
      for (const { nodeName } of object.endpoints ?? []) {
        if (nodeName) {
          to('node', 'Node', '', nodeName);
        }
      }
      break;
    case 'Ingress':
      if (spec.ingressClassName) {
        to('ingressclass', 'IngressClass', '', spec.ingressClassName);
      }
      break;
    case 'IngressClass':
      selected(
        ['Deployment', 'DaemonSet'],
        { 'app.kubernetes.io/name': spec.controller.split('/').at(-1) },
        one => one.metadata.labels,
        undefined,
      );
      break;
    case 'HorizontalPodAutoscaler': {
      const { kind: scaled, name } = spec.scaleTargetRef;
      to(scaled.toLowerCase(), scaled, namespace, name);
      if (spec.metrics.some((one: RawObject) => one.type === 'Resource')) {
        to('apiservice', 'APIService', '', 'v1beta1.metrics.k8s.io');
      }
      break;
    }
    case 'PodDisruptionBudget':
      selected(
        ['Pod'],
        spec.selector.matchLabels,
        one => one.metadata.labels,
        namespace,
      );
      break;
    case 'ValidatingWebhookConfiguration':
      for (const { clientConfig, namespaceSelector } of object.webhooks) {
        const { service } = clientConfig;
        to('service', 'Service', service.namespace, service.name);
        selected(
          ['Namespace'],
          namespaceSelector.matchLabels,
          one => one.metadata.labels,
          undefined,
        );
      }
      break;
    default:
  }
  return found;
}
