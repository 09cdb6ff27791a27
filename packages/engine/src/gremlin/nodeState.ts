import { StatusLevel } from '../kinds/status';

export const STATUS_LEVELS: readonly StatusLevel[] = [
  'ok',
  'progressing',
  'degraded',
  'down',
  'idle',
  'suspended',
  'maintenance',
  'terminating',
  'history',
  'unknown',
  'missing',
];

/** Skydive's `State` of a status level: of what is not known, none. */
export function stateOf(level: StatusLevel): 'UP' | 'DOWN' | undefined {
  switch (level) {
    case 'down':
    case 'degraded':
    case 'missing':
      return 'DOWN';
    case 'unknown':
      return undefined;
    default:
      return 'UP';
  }
}

/** Skydive's `Origin`. */
export const ORIGIN_PREFIX = 'kubernetes-topology.';
/** Skydive's `Manager` of whatever comes from Kubernetes. */
export const MANAGER = 'k8s';
/** The `RelationType` of containment: such edges have no other metadata. */
export const OWNERSHIP = 'ownership';

/** `Type` of what runs no pods: they are stale only themselves. */
export const UNSTALE_TYPES: readonly string[] = [
  'pod',
  'container',
  'cluster',
  'namespace',
  'node',
  'secret',
  'configmap',
  'service',
  'endpoints',
  'endpointslice',
  'ingress',
  'networkpolicy',
  'serviceaccount',
  'persistentvolume',
  'persistentvolumeclaim',
];
