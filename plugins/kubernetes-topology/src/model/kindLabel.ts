/** Groups of Kubernetes itself: its kinds are known by their names alone. */
const OWN_GROUPS: ReadonlySet<string> = new Set([
  '',
  'apps',
  'autoscaling',
  'batch',
  'policy',
]);

/**
 * A kind as its users write it: `Deployment`; with its group where others than Kubernetes define it, because their
 * names repeat: `Service (serving.knative.dev)` is no Service.
 */
export function kindLabel({ kind, group }: { kind: string; group: string }) {
  return OWN_GROUPS.has(group) || group.endsWith('.k8s.io')
    ? kind
    : `${kind} (${group})`;
}
