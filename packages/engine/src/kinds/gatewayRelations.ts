import { Relation } from './relation';
import { Family, inCluster, inNamespace, typed } from './relationFamily';

const routing = (rule: string, more: Partial<Family> = {}): Family => ({
  class: 'routing',
  rules: [rule],
  suffers: 'source',
  strength: 'hard',
  bitesAt: ['run'],
  ...more,
});
const ROUTES = [
  'httproute',
  'grpcroute',
  'tlsroute',
  'tcproute',
  'udproute',
] as const;
const LISTENER_SETS = ['listenerset', 'xlistenerset'] as const;

/** The Gateway API part of section E of `relationships.md`. */
export const GATEWAY_RELATIONS: readonly Relation[] = [
  ...inCluster('gatewayclass'),
  ...inNamespace(
    'gateway',
    ...ROUTES,
    ...LISTENER_SETS,
    'referencegrant',
    'backendtlspolicy',
  ),
  typed('gateway', 'gatewayclass', routing('R083')),
  typed('gatewayclass', 'object', routing('R084')),
  ...['deployment', 'daemonset'].map(type =>
    typed('gatewayclass', type, routing('R084', { inferred: true })),
  ),
  // One listener without its certificate leaves the others.
  ...['secret', 'configmap', 'object'].map(type =>
    typed('gateway', type, routing('R085', { strength: 'soft' })),
  ),
  ...['service', 'deployment'].map(type =>
    typed('gateway', type, routing('R086')),
  ),
  ...ROUTES.flatMap(route => [
    typed(route, 'gateway', routing('R087')),
    ...LISTENER_SETS.map(type => typed(route, type, routing('R087'))),
    // A route over a mesh changes how its Service is reached.
    typed(
      route,
      'parentservice',
      routing('R088', { suffers: 'target', strength: 'soft' }),
    ),
    typed(route, 'service', routing('R089')),
    typed(route, 'object', routing('R089')),
  ]),
  ...['namespace', 'object'].map(type =>
    typed('referencegrant', type, routing('R090', { suffers: 'none' })),
  ),
  ...['service', 'object'].map(type =>
    typed('backendtlspolicy', type, routing('R091', { suffers: 'target' })),
  ),
  ...['configmap', 'secret'].map(type =>
    typed('backendtlspolicy', type, routing('R091')),
  ),
  ...LISTENER_SETS.flatMap(type => [
    typed(type, 'gateway', routing('R092')),
    typed(type, 'secret', routing('R085', { strength: 'soft' })),
  ]),
];
