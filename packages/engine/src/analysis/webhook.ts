import { KindId } from '../kinds/identity';
import {
  DAEMON_SET,
  DEPLOYMENT,
  MUTATING_WEBHOOK,
  SERVICE,
  STATEFUL_SET,
  VALIDATING_WEBHOOK,
} from '../kinds/kindIds';
import { Json } from '../kinds/observation';
import { PROBLEM_LEVELS } from '../kinds/status';
import { ApiRefusal } from './apiRefusal';
import { CausalGraph, CausalGraphNode } from './causalGraph';
import { Explainer, Finding, Root, called, namespaceFlag } from './finding';
import { isNamedBy } from './naming';
import { objectNamed } from './namedObject';
import { missingRoot } from './missingReference';
import { Refused, rooted, suffersFrom, words } from './refused';
import { specOwner } from './specOwner';

const POLICIES: readonly KindId[] = [
  { group: 'kyverno.io', kind: 'ClusterPolicy' },
  { group: 'kyverno.io', kind: 'Policy' },
];

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

/** S046: whoever writes the authority into it, if that is broken; else the configuration. */
function untrusted(
  refused: Refused,
  refusal: Unheard,
  configuration: CausalGraphNode | undefined,
  graph: CausalGraph,
): Finding | undefined {
  if (!configuration) {
    return undefined;
  }
  const broken =
    certificateSources(configuration, graph)[0] ??
    injector(configuration, graph);
  if (broken) {
    return suffersFrom(refused, graph, broken);
  }
  return rooted(
    refused,
    graph,
    certificateRoot(configuration, refusal.webhook, refusal.words, refused),
  );
}

function certificateSources(
  configuration: CausalGraphNode,
  graph: CausalGraph,
): CausalGraphNode[] {
  return graph
    .dependencies(configuration.key)
    .map(({ node }) => node)
    .filter(
      node =>
        (node.kind.kind === 'Certificate' || node.kind.kind === 'Secret') &&
        PROBLEM_LEVELS.has(node.verdict.level),
    );
}

/** Who writes the authority into configurations that ask cert-manager for it, where that is down (S159). */
function injector(
  configuration: CausalGraphNode,
  graph: CausalGraph,
): CausalGraphNode | undefined {
  const asks = graph
    .dependencies(configuration.key)
    .some(({ edge }) =>
      /webhookconfiguration-(certificate|secret)$/.test(edge.relation.name),
    );
  const { cluster } = configuration;
  const down = asks
    ? graph.inventory({ cluster, kind: DEPLOYMENT, troubled: true })
    : undefined;
  const found = down?.nodes.find(({ name }) => name.includes('cainjector'));
  return found && graph.reach(found.key);
}

function certificateRoot(
  configuration: CausalGraphNode,
  webhook: string,
  said: string,
  where: { field: string; text: string },
): Root {
  const expired = /expired|not yet valid/.test(said);
  const why = /x509:.*$|tls:.*$/s.exec(said)?.[0] ?? said;
  return {
    node: configuration,
    fault: 'WebhookCertificateRefused',
    predicate: `is of no use to the API server, which cannot trust who answers for ${webhook} (${why.trim()}): ${
      expired
        ? 'the serving certificate or its authority is out of date'
        : 'its caBundle does not match the serving certificate'
    }`,
    nextStep: `Write the authority of the serving certificate into webhooks[].clientConfig.caBundle, or renew the certificate: kubectl edit ${plural(
      configuration.kind,
    )} ${configuration.name}`,
    evidence: [
      {
        source: 'field',
        field: `webhooks[${webhook}].clientConfig.caBundle`,
        value: why.trim(),
      },
      { source: 'field', field: where.field, value: where.text },
    ],
    since: configuration.verdict.since,
  };
}

/** S047: who did not answer in time, as a suspect: the network may be slow as well. */
function slow(
  refused: Refused,
  { webhook, words: said }: Unheard,
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
  return rooted(
    refused,
    graph,
    {
      node: configuration,
      fault: 'WebhookTimeout',
      predicate: `has webhook ${webhook}, which does not answer in time${tooMany}`,
      nextStep: `See whether what answers is overloaded or out of reach, and lower timeoutSeconds: kubectl get ${plural(
        configuration.kind,
      )} ${configuration.name} -o yaml`,
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

/** S048: a policy that the webhook's words name, else the configuration that has it asked. */
export function webhookDenied(
  refused: Refused,
  { webhook, words: said }: Extract<ApiRefusal, { type: 'webhookDenied' }>,
  graph: CausalGraph,
): Finding | undefined {
  const { cluster, namespace } = refused.node;
  const policy = kyvernoPolicy(said);
  const named = policy
    ? POLICIES.map(kind =>
        graph.inventory({
          cluster,
          kind,
          ...(kind.kind === 'Policy' && { namespace }),
        }),
      )
        .flatMap(found => found?.nodes ?? [])
        .find(
          ({ name, verdict }) => name === policy && verdict.level !== 'missing',
        )
    : undefined;
  const judge = named ?? configurationOf(cluster, webhook, graph);
  return (
    judge &&
    rooted(refused, graph, {
      node: judge,
      fault: 'WebhookDenies',
      predicate: `denies what is to be made${
        named ? '' : `, by webhook ${webhook}`
      }: ${said}`,
      nextStep: `Change the pod template as the message says, or the policy behind it: kubectl get ${
        named
          ? `${named.kind.kind.toLowerCase()}.kyverno.io`
          : plural(judge.kind)
      } ${judge.name}${namespaceFlag(judge)} -o yaml`,
      evidence: [
        { source: 'field', field: refused.field, value: refused.text },
      ],
      since: judge.createdAt,
    })
  );
}

/** `… was blocked due to the following policies \n\nrequire-labels:\n  check: …`. */
function kyvernoPolicy(said: string): string | undefined {
  return /following policies\s+([a-z0-9][a-z0-9.-]*):/.exec(said)?.[1];
}

/** The configuration that has a webhook of this name. */
function configurationOf(
  cluster: string,
  webhook: string,
  graph: CausalGraph,
): CausalGraphNode | undefined {
  for (const kind of [VALIDATING_WEBHOOK, MUTATING_WEBHOOK]) {
    const found = graph
      .inventory({ cluster, kind })
      ?.nodes.find(
        one =>
          one.verdict.level !== 'missing' &&
          webhooksOf(one).some(({ Name }) => Name === webhook),
      );
    if (found) {
      // With what it needs: who writes its authority.
      return graph.reach(found.key) ?? found;
    }
  }
  return undefined;
}

/** An authority that is not valid (H146): the configuration, or who should write it. */
export const webhookAuthority: Explainer = (configuration, graph) => {
  const { reason, message, evidence, level } = configuration.verdict;
  if (reason !== 'WebhookCABad' || !PROBLEM_LEVELS.has(level)) {
    return undefined;
  }
  const sources = certificateSources(configuration, graph);
  if (sources.length > 0) {
    return sources.map(source => ({
      type: 'dependency',
      on: source.key,
      edge: graph
        .dependencies(configuration.key)
        .find(({ node }) => node.key === source.key)?.edge,
      confidence: isNamedBy(configuration, source) ? 'proven' : 'likely',
      says: `${called(configuration)}: ${message ?? reason}.`,
      evidence,
    }));
  }
  return [
    {
      type: 'root',
      confidence: 'proven',
      says: `${called(configuration)}: ${message ?? reason}.`,
      evidence,
      root: {
        ...certificateRoot(configuration, '', message ?? '', {
          field: 'webhooks[].clientConfig.caBundle',
          text: message ?? reason,
        }),
        predicate: `cannot be asked: ${message ?? 'its caBundle is not valid'}`,
        evidence,
      },
    },
  ];
};

function webhooksOf({
  properties,
}: CausalGraphNode): { [name: string]: Json }[] {
  const { Webhooks } = properties;
  return Array.isArray(Webhooks)
    ? Webhooks.map(record).filter(one => one !== undefined)
    : [];
}

function asksAboutPods({ Rules }: { [name: string]: Json }): boolean {
  return (
    Array.isArray(Rules) &&
    Rules.some(rule => /(^|[ ,])(pods|\*)($|[ ,])/.test(String(rule)))
  );
}

function failurePolicy(
  configuration: CausalGraphNode,
  webhook: string,
): string {
  const own = webhooksOf(configuration).find(({ Name }) => Name === webhook);
  return String(own?.FailurePolicy ?? 'Fail');
}

function plural({ kind }: KindId): string {
  return `${kind.toLowerCase()}s`;
}

function record(value: Json | undefined): { [name: string]: Json } | undefined {
  return value && typeof value === 'object' && !Array.isArray(value)
    ? value
    : undefined;
}
