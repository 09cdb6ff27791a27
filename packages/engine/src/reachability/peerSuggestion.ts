import { KubernetesObject } from '../kinds/kindDefinition';
import { parseIpRange, shortRangeText } from './ipRange';
import { Reachability } from './reachability';
import { ReachablePod } from './reachabilityInput';
import { ReachEnd } from './reachEnds';

/** Labels that controllers give; the next pod has others. */
const PASSING = new Set([
  'pod-template-hash',
  'controller-revision-hash',
  'pod-template-generation',
  'statefulset.kubernetes.io/pod-name',
  'apps.kubernetes.io/pod-index',
  'batch.kubernetes.io/controller-uid',
  'batch.kubernetes.io/job-completion-index',
  'controller-uid',
]);
/** Labels that say which application a pod is of, the best first. */
const NAMING = [
  ['app.kubernetes.io/name', 'app.kubernetes.io/instance'],
  ['app'],
  ['k8s-app'],
];

/** A peer of a policy in that namespace that means this end. */
export function peerFor(
  model: Reachability,
  { pod: index, text }: ReachEnd,
  namespace: string,
): KubernetesObject {
  const pod = index === undefined ? undefined : model.pods[index];
  if (!pod || pod.hostNetwork) {
    return { ipBlock: { cidr: cidrOf(pod?.addresses[0] ?? text) } };
  }
  const podSelector = selectorFor(pod);
  return pod.namespace === namespace
    ? { podSelector }
    : {
        namespaceSelector: {
          matchLabels: { 'kubernetes.io/metadata.name': pod.namespace },
        },
        podSelector,
      };
}

/** A selector that the pod matches, and its replicas do. */
export function selectorFor({ labels }: ReachablePod): KubernetesObject {
  const lasting = Object.entries(labels).filter(([key]) => !PASSING.has(key));
  const named = NAMING.find(([first]) => labels[first] !== undefined);
  const chosen = named
    ? lasting.filter(([key]) => named.includes(key))
    : lasting;
  return chosen.length > 0 ? { matchLabels: Object.fromEntries(chosen) } : {};
}

function cidrOf(text: string): string {
  if (text.includes('/')) {
    return text;
  }
  const range = parseIpRange(text);
  return range && range.first === range.last
    ? `${shortRangeText(range)}/${range.family === 4 ? 32 : 128}`
    : text;
}
