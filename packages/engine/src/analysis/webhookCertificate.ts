import { DEPLOYMENT } from '../kinds/kindIds';
import { PROBLEM_LEVELS } from '../kinds/status';
import { ApiRefusal } from './apiRefusal';
import { CausalGraph, CausalGraphNode } from './causalGraph';
import { Explainer, Finding, Root, called } from './finding';
import { isNamedBy } from './naming';
import { Refused, rooted, suffersFrom } from './refused';
import { plural } from './webhookConfigurations';

/** S046: whoever writes the authority into it, if that is broken; else the configuration. */
export function untrusted(
  refused: Refused,
  refusal: Extract<ApiRefusal, { type: 'webhookUnheard' }>,
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
