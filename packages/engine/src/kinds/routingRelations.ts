import { Relation } from './relation';
import {
  Family,
  POD_SPEC_TYPES,
  inCluster,
  inNamespace,
  typed,
} from './relationFamily';

const routing = (
  rules: readonly string[],
  more: Partial<Family> = {},
): Family => ({
  class: 'routing',
  rules,
  suffers: 'source',
  strength: 'hard',
  bitesAt: ['run'],
  ...more,
});

const CALLED: Partial<Family> = { strength: 'soft', inferred: true };
/**
 * Section D of `relationships.md`, beyond what Skydive has (`relations.ts`). A Service's workload is exact: its template
 * has all the labels that the Service asks for.
 */
export const ROUTING_RELATIONS: readonly Relation[] = [
  ...inCluster('ingressclass', 'ipaddress', 'servicecidr'),
  ...inNamespace('networkattachmentdefinition'),
  typed('service', 'deployment', routing(['R062'])),
  typed('service', 'statefulset', routing(['R062'])),
  typed('service', 'service', routing(['R068'])),
  typed('service', 'ipaddress', routing(['R071'], { bitesAt: ['admission'] })),
  typed(
    'endpointslice',
    'node',
    routing(['R065', 'R070'], { strength: 'soft' }),
  ),
  typed('ingress', 'ingressclass', routing(['R075'])),
  typed('ingress', 'object', routing(['R073'])),
  ...['ingress', 'service'].map(type =>
    typed(type, 'annotated', routing(['R078'], { strength: 'soft' })),
  ),
  // Drawn from texts of the pod spec (R080, R081); on the template, too, for workloads without pods.
  ...POD_SPEC_TYPES.flatMap(type => [
    typed(type, 'service-called', routing(['R080'], CALLED)),
    typed(
      type,
      'service-awaited',
      routing(['R081'], { ...CALLED, bitesAt: ['start'] }),
    ),
  ]),
  typed(
    'pod',
    'networkattachmentdefinition',
    routing(['R082'], { bitesAt: ['start'] }),
  ),
  typed('ingressclass', 'object', routing(['R077'])),
  ...['deployment', 'daemonset'].map(type =>
    typed('ingressclass', type, routing(['R076'], { inferred: true })),
  ),
];
