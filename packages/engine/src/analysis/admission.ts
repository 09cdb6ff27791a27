import { nodeKey } from '../kinds/identity';
import { SERVICE } from '../kinds/kindIds';
import { CausalGraph, CausalGraphNode } from './causalGraph';
import { Explainer, Finding, called } from './finding';

const REFUSED =
  /forbidden|exceeded quota|failed quota|failed calling webhook|denied the request|violates PodSecurity|error looking up service account|no PriorityClass|RuntimeClass|being terminated|is invalid/i;

/** `https://policy-webhook.policy-system.svc:443/validate`: the webhook's Service. */
const WEBHOOK_SERVICE = /https:\/\/([^./\s]+)\.([^./\s]+)\.svc[:/]/;

/**
 * A controller whose pods the API server refuses (S045–S057): no pod exists to blame. The refusing objects (quotas,
 * webhook configurations, policies, service accounts) are not among the watched kinds, so they are quoted, not named.
 * Only the Service behind a webhook is one: where the message says that nobody answers there, it is followed.
 */
export const refused: Explainer = (workload, graph) => {
  const message = refusal(workload, graph);
  if (!message) {
    return undefined;
  }
  const webhook = webhookBackend(workload, message, graph);
  return [
    webhook ?? {
      type: 'silent',
      because: `The API server refuses the pods of ${called(
        workload,
      )}: "${message}"`,
    },
  ];
};

function refusal(
  workload: CausalGraphNode,
  graph: CausalGraph,
): string | undefined {
  const { message, evidence, reason } = workload.verdict;
  const fields = [message ?? '', ...evidence.map(({ value }) => value)];
  const failing =
    /FailedCreate|CannotCreatePods|ReplicaFailure/.test(reason) ||
    evidence.some(({ field, value }) =>
      /ReplicaFailure|FailedCreate/.test(`${field} ${value}`),
    );
  if (!failing) {
    return undefined;
  }
  const events = graph
    .events(workload.key)
    .filter(event => event.reason === 'FailedCreate')
    .map(event => event.message);
  return [...fields, ...events].find(text => REFUSED.test(text));
}

function webhookBackend(
  workload: CausalGraphNode,
  message: string,
  graph: CausalGraph,
): Finding | undefined {
  const match = WEBHOOK_SERVICE.exec(message);
  if (
    !match ||
    !/no endpoints available|service "[^"]+" not found/.test(message)
  ) {
    return undefined;
  }
  const [, name, namespace] = match;
  const key = nodeKey({
    cluster: workload.cluster,
    kind: SERVICE,
    namespace,
    name,
  });
  const service = graph.reach(key);
  return (
    service && {
      type: 'dependency',
      on: service.key,
      confidence: 'proven',
      says: `The API server refuses the pods of ${called(
        workload,
      )}: a webhook must answer first, and nobody answers behind ${called(
        service,
      )}.`,
      evidence: workload.verdict.evidence,
      quote: { who: 'the API server', text: message },
    }
  );
}
