import {
  DAEMON_SET,
  DEPLOYMENT,
  MUTATING_WEBHOOK,
  SERVICE,
  STATEFUL_SET,
  VALIDATING_WEBHOOK,
} from '../kinds/kindIds';
import { PROBLEM_LEVELS } from '../kinds/status';
import { ApiRefusal } from './apiRefusal';
import { CausalGraph, CausalGraphNode } from './causalGraph';
import { Finding, Root, called, namespaceFlag } from './finding';
import { objectNamed } from './namedObject';
import { missingRoot } from './missingReference';
import { Refused, rooted, suffersFrom, words } from './refused';
import { specOwner } from './specOwner';
import { untrusted } from './webhookCertificate';
import {
  asksAboutPods,
  configurationOf,
  failurePolicy,
  plural,
  record,
  webhooksOf,
} from './webhookConfigurations';

type Unheard = Extract<ApiRefusal, { type: 'webhookUnheard' }>;

/** A request's time limit at the API server: webhooks that take longer together break it. */
const REQUEST_LIMIT_SECONDS = 30;

/**
 * A webhook that must answer and was not heard (S045–S047): nobody behind its Service, a certificate that the API server
 * does not trust, no answer in time. Nobody behind it because it refuses its own pods is a deadlock: then the
 * configuration is at fault, and nothing heals by itself.
 */
export function webhookUnheard(
  refused: Refused,
  refusal: Unheard,
  graph: CausalGraph,
): Finding | undefined {
  const { node } = refused;
  const configuration = configurationOf(node.cluster, refusal.webhook, graph);
  const service =
    refusal.service &&
    objectNamed(
      graph,
      {
        cluster: node.cluster,
        kind: SERVICE,
        namespace: refusal.service.namespace,
        name: refusal.service.name,
      },
      refusal.silence === 'no Service' ? 'missing' : 'unknown',
      words(refused),
    );
  switch (refusal.silence) {
    case 'no endpoints':
    case 'no Service':
      return (
        service && nobodyThere(refused, refusal, service, configuration, graph)
      );
    case 'certificate':
      return untrusted(refused, refusal, configuration, graph);
    default:
      return (
        (service &&
        PROBLEM_LEVELS.has(service.verdict.level) &&
        graph.node(service.key)
          ? behind(refused, service, graph)
          : undefined) ??
        (configuration && slow(refused, refusal, configuration, graph))
      );
  }
}

/** Without its slices in view nothing is told of a Service. */
const UNTOLD: ReadonlySet<string> = new Set(['ok', 'unknown']);

function nobodyThere(
  refused: Refused,
  refusal: Unheard,
  service: CausalGraphNode,
  configuration: CausalGraphNode | undefined,
  graph: CausalGraph,
): Finding | undefined {
  if (configuration && servedBy(service, refused.node)) {
    return rooted(refused, graph, deadlock(configuration, service, refusal));
  }
  if (service.verdict.reason === 'Serving') {
    return {
      type: 'silent',
      because: `${refused.says} "${refused.text}", but ${called(
        service,
      )} has endpoints by now; its controller tries again.`,
    };
  }
  if (graph.node(service.key) && !UNTOLD.has(service.verdict.level)) {
    return behind(refused, service, graph);
  }
  const workload = workloadBehind(service, graph);
  if (workload && workload.key !== specOwner(refused.node, graph).node.key) {
    return {
      ...behind(refused, workload, graph),
      confidence: 'likely',
    } as Finding;
  }
  if (workload && configuration) {
    return rooted(
      refused,
      graph,
      deadlock(configuration, service, refusal),
      'likely',
    );
  }
  const proof = { source: 'field' as const, ...words(refused) };
  return rooted(
    refused,
    graph,
    refusal.silence === 'no Service'
      ? missingRoot(service, graph, [proof])
      : {
          node: service,
          fault: 'NoEndpoints',
          predicate: `has no endpoints, so nobody answers webhook ${refusal.webhook}, and what the API server must ask it about is refused`,
          nextStep: `See why nobody is behind it: kubectl describe service ${
            service.name
          }${namespaceFlag(service)}; kubectl get pods${namespaceFlag(
            service,
          )}`,
          evidence: [proof],
        },
  );
}

function behind(
  refused: Refused,
  service: CausalGraphNode,
  graph: CausalGraph,
): Finding {
  return suffersFrom(
    refused,
    graph,
    service,
    `The API server refuses the pods of ${called(
      refused.node,
    )}: a webhook must answer first, and nobody answers behind ${called(
      service,
    )}.`,
  );
}

/**
 * The workload that should answer, where the Service tells nothing of its endpoints: the one whose labels it selects,
 * or that has its name; only one that is not well.
 */
function workloadBehind(
  service: CausalGraphNode,
  graph: CausalGraph,
): CausalGraphNode | undefined {
  const { cluster, namespace } = service;
  const all = [DEPLOYMENT, STATEFUL_SET, DAEMON_SET].flatMap(
    kind => graph.inventory({ cluster, namespace, kind })?.nodes ?? [],
  );
  const own = all.filter(
    one => servedBy(service, one) || one.name === service.name,
  );
  const [first] = own;
  return own.length === 1 && first.verdict.level !== 'ok'
    ? graph.reach(first.key)
    : undefined;
}

/** Whether the Service selects the pods that the workload makes; its labels are its template's. */
function servedBy(
  service: CausalGraphNode,
  workload: CausalGraphNode,
): boolean {
  const selector = record(service.properties.Selector);
  const entries = Object.entries(selector ?? {});
  return (
    workload.namespace === service.namespace &&
    entries.length > 0 &&
    entries.every(([key, value]) => workload.labels[key] === value)
  );
}

function deadlock(
  configuration: CausalGraphNode,
  service: CausalGraphNode,
  { webhook }: Unheard,
): Root {
  return {
    node: configuration,
    fault: 'WebhookDeadlock',
    predicate: `has webhook ${webhook} asked about the very pods that answer for it (${called(
      service,
    )}${
      service.namespace ? ` in namespace ${service.namespace}` : ''
    }): they are refused because nobody answers, and nobody answers because they are refused`,
    nextStep: `Let the webhook's own namespace out, then let its pods start: kubectl label namespace ${
      service.namespace
    } <key>=<value> and a namespaceSelector that excludes it, or set failurePolicy to Ignore until they run: kubectl edit ${plural(
      configuration.kind,
    )} ${configuration.name}`,
    evidence: [
      {
        source: 'field',
        field: 'webhooks[].failurePolicy',
        value: failurePolicy(configuration, webhook),
      },
      {
        source: 'structure',
        field: `webhooks[${webhook}].clientConfig.service`,
        value: `${service.namespace}/${service.name}, whose own pods it judges`,
      },
    ],
    since: service.verdict.since,
  };
}

/** S047: who did not answer, or not in time, as a suspect: it may as well be the network between. */
function slow(
  refused: Refused,
  { webhook, words: said, silence }: Unheard,
  configuration: CausalGraphNode,
  graph: CausalGraph,
): Finding | undefined {
  const { cluster } = configuration;
  const seconds = [VALIDATING_WEBHOOK, MUTATING_WEBHOOK]
    .flatMap(kind => graph.inventory({ cluster, kind })?.nodes ?? [])
    .flatMap(one => webhooksOf(one))
    .filter(asksAboutPods)
    .map(one => Number(one.TimeoutSeconds ?? 10));
  const sum = seconds.reduce((total, one) => total + one, 0);
  const tooMany =
    sum >= REQUEST_LIMIT_SECONDS
      ? `; ${seconds.length} webhooks are asked about pods and may take ${sum} s together, more than a request may`
      : '';
  const isLate = silence === 'timeout';
  return rooted(
    refused,
    graph,
    {
      node: configuration,
      fault: isLate ? 'WebhookTimeout' : 'WebhookUnreachable',
      predicate: `has webhook ${webhook}, which ${
        isLate
          ? `does not answer in time${tooMany}`
          : `cannot be reached (${said.replace(/^.*": /s, '')})`
      }`,
      nextStep: `See whether what answers is overloaded, or out of the API server's reach (port, NetworkPolicy)${
        isLate ? ', and lower timeoutSeconds' : ''
      }: kubectl get ${plural(configuration.kind)} ${
        configuration.name
      } -o yaml`,
      evidence: [
        { source: 'field', field: refused.field, value: said },
        {
          source: 'field',
          field: 'webhooks[].timeoutSeconds',
          value: seconds.length > 0 ? `${seconds.join(' + ')} s` : 'not known',
        },
      ],
    },
    'likely',
  );
}
