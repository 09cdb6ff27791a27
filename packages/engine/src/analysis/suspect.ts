import { StatusLevel } from '../kinds/status';
import { EXPERIMENT_KINDS, INJECTED } from './experimentKinds';

/** Objects whose own status says nothing wrong, and that can be at fault all the same. */
export interface SuspectKind {
  /** `Kind.group`. */
  kind: string;
  level: StatusLevel;
  /** Only with one of these verdict reasons; default: with any. */
  reasons?: readonly string[];
}

/**
 * What is examined although it is well: configuration that no status ever speaks of (`rca-scenarios.md`: "no status
 * anywhere"). Only a computed contradiction makes one of them a root; without it they are well.
 */
export const SUSPECT_KINDS: readonly SuspectKind[] = [
  { kind: 'NetworkPolicy.networking.k8s.io', level: 'ok' },
  {
    kind: 'AuthorizationPolicy.security.istio.io',
    level: 'ok',
    reasons: ['AllowsNobody', 'DeniesEverybody'],
  },
  {
    kind: 'PeerAuthentication.security.istio.io',
    level: 'ok',
    reasons: ['Strict'],
  },
  {
    kind: 'Service',
    level: 'ok',
    reasons: [
      'PortUndeclared',
      'MixedBackends',
      'ServingLocally',
      'NobodyInView',
    ],
  },
  {
    kind: 'Service',
    level: 'idle',
    reasons: ['NoMatchingPods', 'BackendScaledToZero'],
  },
  { kind: 'Node', level: 'maintenance', reasons: ['Cordoned'] },
  // It asks again and again, and is set back each time (S124).
  {
    kind: 'HorizontalPodAutoscaler.autoscaling',
    level: 'progressing',
    reasons: ['Rescaling'],
  },
  // What they do to pods most often shows nowhere (S152, S154).
  ...EXPERIMENT_KINDS.map(
    (kind): SuspectKind => ({
      kind,
      level: 'maintenance',
      reasons: [INJECTED],
    }),
  ),
];

/** @param kind `kindText` */
export function isSuspect({
  kind,
  level,
  reason,
}: {
  kind: string;
  level: StatusLevel;
  reason: string;
}): boolean {
  return SUSPECT_KINDS.some(
    one =>
      one.kind === kind &&
      one.level === level &&
      (!one.reasons || one.reasons.includes(reason)),
  );
}
