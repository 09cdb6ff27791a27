import { LIMIT_RANGE, MUTATING_WEBHOOK, NAMESPACE } from '../kinds/kindIds';
import { nodeKey } from '../kinds/identity';
import { matchesLabels, selectorFromObject } from '../kinds/labelSelector';
import { Json } from '../kinds/observation';
import { CausalGraph, CausalGraphNode, isKind } from './causalGraph';
import { Explainer, Root, called, namespaceFlag } from './finding';
import { parseQuantity } from './quantity';
import { Symptom, symptomsOf } from './symptom';

/**
 * A container that runs out of a memory limit which its template does not give it (S049): between template and pod
 * something wrote another one. A LimitRange that has this very default, or the one mutating webhook that is asked about
 * the pods of the namespace. Several of these: nobody is named, and the container's own explanation stands.
 */
export const mutatedLimit: Explainer = (pod, graph) => {
  const symptom = symptomsOf(pod, graph).find(isOutOfMemory);
  const container = symptom?.container;
  const controller = graph
    .controllers(pod.key)
    .find(({ node }) => isKind(node, 'ReplicaSet'))?.node;
  const template = record(controller?.properties.Template);
  const limit = record(container?.properties.Limits)?.memory;
  if (!symptom || !container || !template || limit === undefined) {
    return undefined;
  }
  const name = container.name.split('/').pop()!;
  const asked = template[`${name}.limits.memory`];
  if (parseQuantity(asked) === parseQuantity(limit)) {
    return undefined;
  }
  const told = {
    container: name,
    limit: String(limit),
    asked: asked === undefined ? 'none' : String(asked),
  };
  const root =
    (asked === undefined ? byDefault(pod, told, graph) : undefined) ??
    byWebhook(pod, told, graph);
  return (
    root && [
      {
        type: 'root',
        confidence: 'likely',
        says: `${called(
          pod,
        )}: container ${name} is killed because it needs more memory than its limit of ${
          told.limit
        }.`,
        evidence: symptom.evidence,
        root: { ...root, since: symptom.since ?? pod.verdict.since },
      },
    ]
  );
};

interface Told {
  container: string;
  limit: string;
  /** The template's; `none` without. */
  asked: string;
}

function isOutOfMemory({ reason, evidence, container }: Symptom): boolean {
  return (
    container !== undefined &&
    (reason === 'OOMKilled' ||
      evidence.some(
        ({ field, value }) =>
          field === 'lastState.terminated' && value.startsWith('OOMKilled'),
      ))
  );
}

function byDefault(
  { cluster, namespace }: CausalGraphNode,
  { container, limit }: Told,
  graph: CausalGraph,
): Root | undefined {
  const ranges = graph.inventory({ cluster, kind: LIMIT_RANGE, namespace });
  const range = ranges?.nodes.find(
    ({ properties: { Limits } }) =>
      Array.isArray(Limits) &&
      Limits.some(
        one =>
          record(one)?.Type === 'Container' &&
          parseQuantity(record(record(one)?.default)?.memory) ===
            parseQuantity(limit),
      ),
  );
  return (
    range && {
      node: range,
      fault: 'LimitRangeDefault',
      predicate: `gives containers without a memory limit ${limit}, and container ${container} needs more`,
      nextStep: `Set resources.limits.memory in the pod template, or raise the default: kubectl edit limitrange ${
        range.name
      }${namespaceFlag(range)}`,
      evidence: [
        {
          source: 'field',
          field: 'spec.limits[type=Container].default.memory',
          value: limit,
        },
      ],
    }
  );
}

function byWebhook(
  { cluster, namespace }: CausalGraphNode,
  { container, limit, asked }: Told,
  graph: CausalGraph,
): Root | undefined {
  const place = graph.reach(
    nodeKey({ cluster, kind: NAMESPACE, namespace: '', name: namespace }),
  );
  const asking = (
    graph.inventory({ cluster, kind: MUTATING_WEBHOOK })?.nodes ?? []
  ).filter(({ properties: { Webhooks } }) =>
    Array.isArray(Webhooks)
      ? Webhooks.some(one => isAsked(record(one), place?.labels ?? {}))
      : false,
  );
  const [webhook] = asking;
  return asking.length === 1
    ? {
        node: webhook,
        fault: 'WebhookRewritesPods',
        predicate: `writes other resources into pods than their template has: container ${container} gets a memory limit of ${limit} where the template says ${asked}`,
        nextStep: `Correct what the webhook sets, or let the namespace out: kubectl get mutatingwebhookconfigurations ${webhook.name} -o yaml`,
        evidence: [
          {
            source: 'structure',
            field: `resources.limits.memory of container ${container}`,
            value: `${limit} in the pod, ${asked} in its template`,
          },
          {
            source: 'structure',
            field:
              'mutating webhooks that are asked about pods of the namespace',
            value: webhook.name,
          },
        ],
      }
    : undefined;
}

function isAsked(
  webhook: { [name: string]: Json } | undefined,
  labels: Record<string, string>,
): boolean {
  const { Rules, NamespaceSelector } = webhook ?? {};
  const asks =
    Array.isArray(Rules) && Rules.some(rule => createsPods(String(rule)));
  const selector = selectorFromObject(record(NamespaceSelector));
  return asks && (selector === undefined || matchesLabels(selector, labels));
}

/** `CREATE,UPDATE pods,services`. */
function createsPods(rule: string): boolean {
  const [operations = '', resources = ''] = rule.split(' ');
  return (
    /(^|,)(CREATE|\*)(,|$)/.test(operations) &&
    /(^|,)(pods|\*)(,|$)/.test(resources)
  );
}

function record(value: Json | undefined): { [name: string]: Json } | undefined {
  return value && typeof value === 'object' && !Array.isArray(value)
    ? value
    : undefined;
}
