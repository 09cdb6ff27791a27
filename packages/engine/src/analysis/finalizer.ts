import { DEPLOYMENT, STATEFUL_SET } from '../kinds/kindIds';
import { CausalGraph, CausalGraphNode } from './causalGraph';
import { Finding, called } from './finding';
import { isStopped } from './provisioning';

/** Finalizers that Kubernetes itself takes away. */
const BUILT_IN =
  /^(kubernetes\.io\/|kubernetes$|foregroundDeletion$|orphan$|service\.kubernetes\.io\/|batch\.kubernetes\.io\/|external-attacher\/|snapshot\.storage\.kubernetes\.io\/)/;
/** Words of a domain that say nothing about whose it is. */
const PLAIN = new Set(
  'com net org io dev app apps sh co k8s kubernetes finalizer finalizers cleanup controller operator example the protection www api'.split(
    ' ',
  ),
);

/**
 * Who has to take finalizers away and does not (S059). Nothing in the API links a finalizer with its controller; by
 * convention its domain holds the controller's name. A single workload of such a name that does not run is a suspect;
 * without one the finalizers are all that is known.
 */
export function finalizing(
  held: CausalGraphNode,
  finalizers: readonly string[],
  graph: CausalGraph,
): Finding[] | undefined {
  const foreign = finalizers.filter(name => !BUILT_IN.test(name));
  if (foreign.length === 0) {
    return undefined;
  }
  const { message, evidence } = held.verdict;
  const stopped = controllersOf(held, foreign, graph).filter(isStopped);
  const says = `${called(
    held,
  )} waits until its finalizers are taken away: ${foreign.join(', ')}.`;
  if (stopped.length !== 1) {
    return [
      {
        type: 'silent',
        because: `${says} Whose they are is not in Kubernetes' state: look for a controller of that name, and for its logs.`,
      },
    ];
  }
  const [controller] = stopped;
  return [
    {
      type: 'dependency',
      on: (graph.reach(controller.key) ?? controller).key,
      confidence: 'likely',
      says: `${says} ${called(controller)}${
        controller.namespace ? ` in namespace ${controller.namespace}` : ''
      }, which by its name has to do it, does not run.`,
      evidence,
      quote: message
        ? { who: 'the namespace controller', text: message }
        : undefined,
    },
  ];
}

/** Workloads whose name or labels share a telling word with the finalizers' domains. */
function controllersOf(
  { cluster }: CausalGraphNode,
  finalizers: readonly string[],
  graph: CausalGraph,
): CausalGraphNode[] {
  const words = new Set(
    finalizers.flatMap(name => name.split('/')[0].split('.')).flatMap(tell),
  );
  return [DEPLOYMENT, STATEFUL_SET]
    .flatMap(kind => graph.inventory({ cluster, kind })?.nodes ?? [])
    .filter(({ verdict }) => verdict.level !== 'missing')
    .filter(({ name, namespace, labels }) =>
      [
        name,
        namespace,
        labels['app.kubernetes.io/name'] ?? '',
        labels['app.kubernetes.io/part-of'] ?? '',
      ]
        .flatMap(text => text.split(/[-.]/))
        .flatMap(tell)
        .some(word => words.has(word)),
    );
}

function tell(word: string): string[] {
  const lower = word.toLowerCase();
  return lower.length > 2 && !PLAIN.has(lower) ? [lower] : [];
}
