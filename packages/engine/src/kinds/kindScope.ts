import { KindId, kindText } from './identity';

/** Which kinds are read, in configuration's words: `Lease.coordination.k8s.io`, `Pod`, or `*.cilium.io` for a group. */
export interface KindScope {
  /** Only these; default: every kind that can be. */
  include?: readonly string[];
  /** Not these, though they may be included. */
  exclude?: readonly string[];
}

/**
 * Groups that show what other groups hold, or what is no object at all: numbers that change by the second, questions
 * that are asked of the API server, and views of core objects.
 */
const UNREAD_GROUPS: ReadonlySet<string> = new Set([
  'authentication.k8s.io',
  'authorization.k8s.io',
  'authorization.openshift.io',
  'custom.metrics.k8s.io',
  'events.k8s.io',
  'extensions',
  'external.metrics.k8s.io',
  'metrics.k8s.io',
  'packages.operators.coreos.com',
  'project.openshift.io',
  'subresources.kubevirt.io',
]);

const UNREAD_KINDS: ReadonlySet<string> = new Set([
  'Binding',
  'ComponentStatus',
]);

/** Whether the kind's objects belong into the picture at all, whatever the configuration says. */
export function isWorthReading(id: KindId): boolean {
  return !UNREAD_GROUPS.has(id.group) && !UNREAD_KINDS.has(kindText(id));
}

export function isInScope(
  id: KindId,
  { include, exclude }: KindScope,
): boolean {
  const matches = (pattern: string) => matchesPattern(id, pattern);
  return (!include || include.some(matches)) && !exclude?.some(matches);
}

function matchesPattern(id: KindId, pattern: string): boolean {
  return pattern.startsWith('*.')
    ? pattern.slice(2) === id.group
    : pattern === kindText(id);
}
