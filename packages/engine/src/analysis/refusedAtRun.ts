import { ApiRefusal, readRefusal } from './apiRefusal';
import { Explainer, called } from './finding';
import { refusedBy } from './refusedBy';
import { symptomsOf, textsOf } from './symptom';

/** What a pod may be told of while it runs or starts: the rest of the refusals come before a pod exists. */
const OF_PODS: ReadonlySet<ApiRefusal['type']> = new Set([
  'noPermission',
  'notFound',
]);
/** What names who refuses; of anything else a controller's own words are as good. */
const TELLING: ReadonlySet<ApiRefusal['type']> = new Set([
  'quotaExceeded',
  'quotaDemands',
  'limits',
  'podSecurity',
  'webhookUnheard',
  'webhookDenied',
  'policyDenied',
  'notFound',
  'namespaceTerminating',
  'noPermission',
]);

/**
 * A pod that ends with, or waits with, the API server's refusal: its account may not do what it does (S061), or is gone
 * and gives no token.
 */
export const podRefused: Explainer = (pod, graph) => {
  for (const symptom of symptomsOf(pod, graph)) {
    for (const text of textsOf(symptom)) {
      const refusal = readRefusal(text);
      if (refusal && OF_PODS.has(refusal.type)) {
        return [
          refusedBy(
            {
              node: pod,
              says: `${called(pod)} is refused what it needs (${
                symptom.reason
              }).`,
              text,
              field:
                symptom.evidence.find(({ value }) => value.includes(text))
                  ?.field ?? 'message',
              evidence: symptom.evidence,
            },
            graph,
          ),
        ];
      }
    }
  }
  return undefined;
};

/** A custom resource whose controller quotes the API server: it was refused what it wanted to make. */
export const controllerRefused: Explainer = (node, graph) => {
  const { level, message, evidence } = node.verdict;
  if ((level !== 'down' && level !== 'degraded') || !message) {
    return undefined;
  }
  const refusal = readRefusal(message);
  if (!refusal || !TELLING.has(refusal.type)) {
    return undefined;
  }
  const finding = refusedBy(
    {
      node,
      says: `${called(node)}: its controller is refused what it needs.`,
      text: message,
      field: evidence[0]?.field ?? 'status',
      evidence,
    },
    graph,
  );
  return finding.type === 'silent' ? undefined : [finding];
};
