import { nodeKey } from '../kinds/identity';
import { API_SERVICE } from '../kinds/kindIds';
import { CausalGraph, CausalGraphNode, isWell } from './causalGraph';
import { Explainer, Finding, called } from './finding';
import { finalizing } from './finalizer';

/** `metrics.k8s.io/v1beta1: stale GroupVersion discovery: metrics.k8s.io/v1beta1`. */
const GROUP_VERSION =
  /\b([a-z0-9-]+(?:\.[a-z0-9-]+)+)\/(v\d+(?:(?:alpha|beta)\d+)?)\b/g;
/** `x/y in 1 resource instances`. */
const FINALIZER = /([a-z0-9.-]+\/[A-Za-z0-9_.-]+) in \d+ resource instances/g;

/**
 * A namespace that does not come to its end (S058, S059). Its conditions say what it waits for: an API that nobody
 * answers, so that nobody knows whether something of it is left; or a finalizer, whose controller has to take it away.
 */
export const namespaceStuck: Explainer = (namespace, graph) => {
  const { reason, message = '', evidence } = namespace.verdict;
  if (reason !== 'StuckTerminating') {
    return undefined;
  }
  const text = [message, ...evidence.map(({ value }) => value)].join('\n');
  const apis = /discovery|server APIs/i.test(text)
    ? apisIn(namespace, text, graph)
    : [];
  if (apis.length > 0) {
    return apis.map(
      (api): Finding => ({
        type: 'dependency',
        on: api.key,
        confidence: 'proven',
        says: `${called(
          namespace,
        )} cannot be deleted before it is known what is left of ${
          api.name
        }, and nobody answers for it.`,
        evidence,
        quote: { who: 'the namespace controller', text: message },
      }),
    );
  }
  const finalizers = [
    ...new Set([...text.matchAll(FINALIZER)].map(([, name]) => name)),
  ];
  return finalizing(namespace, finalizers, graph);
};

/** The API services that the message names, unless they answer by now. */
function apisIn(
  { cluster }: CausalGraphNode,
  text: string,
  graph: CausalGraph,
): CausalGraphNode[] {
  const keys = new Set(
    [...text.matchAll(GROUP_VERSION)].map(([, group, version]) =>
      nodeKey({
        cluster,
        kind: API_SERVICE,
        namespace: '',
        name: `${version}.${group}`,
      }),
    ),
  );
  return [...keys]
    .flatMap(key => graph.reach(key) ?? [])
    .filter(api => !isWell(api));
}

/** Anything else that is being deleted and does not come to its end: who holds it is told by its finalizers. */
export const stuckInDeletion: Explainer = (node, graph) => {
  if (node.verdict.reason !== 'StuckTerminating') {
    return undefined;
  }
  const field = node.verdict.evidence.find(
    one => one.field === 'metadata.finalizers',
  );
  return field ? finalizing(node, field.value.split(', '), graph) : undefined;
};
