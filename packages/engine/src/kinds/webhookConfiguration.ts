import { authorityVerdict, readAuthorities } from './certificateAuthority';
import { KindId } from './identity';
import {
  ContextNode,
  KindDefinition,
  KubernetesObject,
  Neighbours,
} from './kindDefinition';
import {
  kindType,
  MUTATING_WEBHOOK,
  SECRET,
  SERVICE,
  VALIDATING_WEBHOOK,
} from './kindIds';
import { observation, ownVerdict } from './metadata';
import { interceptedNamespaces, ruleTexts } from './interception';
import { Json, Reference, SelectorReference } from './observation';
import { Evidence, Verdict } from './status';
import { verdict, worstVerdict } from './verdict';

const CERTIFICATE: KindId = { group: 'cert-manager.io', kind: 'Certificate' };

function webhookKind(id: KindId, plural: string): KindDefinition {
  const type = kindType(id);
  return {
    id,
    type,
    version: 'v1',
    plural,
    namespaced: false,
    observe(configuration, context) {
      const webhooks = webhooksOf(configuration);
      return observation(id, false, configuration, context, {
        properties: { Webhooks: webhooks.map(webhookProperties) },
        verdict: ownVerdict(configuration, certificateVerdict(webhooks)),
        facts: { services: serviceFacts(webhooks) },
        references: [
          ...serviceReferences(type, webhooks),
          ...certificateSources(type, configuration),
        ],
        selectors: webhooks.flatMap(webhook => intercepted(type, webhook)),
      });
    },
    contextRelations: [`${type}-service`],
    judgeInContext: (node, neighbours) => judge(type, node, neighbours),
  };
}

export const validatingWebhookKind = webhookKind(
  VALIDATING_WEBHOOK,
  'validatingwebhookconfigurations',
);
export const mutatingWebhookKind = webhookKind(
  MUTATING_WEBHOOK,
  'mutatingwebhookconfigurations',
);

function webhooksOf({ webhooks }: KubernetesObject): any[] {
  return webhooks ?? [];
}

/** Since `v1` an absent policy is `Fail`: what the webhook does not answer is refused. */
function isBlocking({ failurePolicy }: any): boolean {
  return failurePolicy !== 'Ignore';
}

function webhookProperties(webhook: any): Json {
  const { service, url } = webhook.clientConfig ?? {};
  return {
    Name: String(webhook.name),
    FailurePolicy: webhook.failurePolicy ?? 'Fail',
    TimeoutSeconds: webhook.timeoutSeconds ?? 10,
    Rules: ruleTexts(webhook.rules),
    NamespaceSelector: webhook.namespaceSelector ?? {},
    ObjectSelector: webhook.objectSelector ?? {},
    // A path may hold a token.
    Calls: service ? `${service.namespace}/${service.name}` : hostOf(url),
  };
}

function hostOf(url: unknown): string {
  try {
    return new URL(String(url)).host;
  } catch {
    return '';
  }
}

interface ServiceFact {
  service: string;
  webhook: string;
  blocking: boolean;
}

function serviceFacts(webhooks: readonly any[]): Json {
  return webhooks.flatMap(webhook => {
    const { service } = webhook.clientConfig ?? {};
    return service
      ? [
          {
            service: `${service.namespace}/${service.name}`,
            webhook: String(webhook.name),
            blocking: isBlocking(webhook),
          },
        ]
      : [];
  });
}

/** R158: a webhook that only advises (`Ignore`) takes nothing away when nobody answers. */
function serviceReferences(
  type: string,
  webhooks: readonly any[],
): Reference[] {
  const called = webhooks.filter(({ clientConfig }) => clientConfig?.service);
  const keyOf = ({ clientConfig: { service } }: any) =>
    `${service.namespace}/${service.name}`;
  return [...new Set(called.map(keyOf))].map(key => {
    const own = called.filter(webhook => keyOf(webhook) === key);
    const { namespace, name, port = 443 } = own[0].clientConfig.service;
    return {
      relation: `${type}-service`,
      end: 'source',
      other: { kind: SERVICE, namespace, name },
      required: own.some(isBlocking),
      details: {
        webhooks: own.map((webhook): Json => String(webhook.name)),
        failurePolicy: own.some(isBlocking) ? 'Fail' : 'Ignore',
        port,
      },
    };
  });
}

/** R160: who writes the authority into it. */
function certificateSources(
  type: string,
  { metadata }: KubernetesObject,
): Reference[] {
  const source = (annotation: string, kind: KindId): Reference[] => {
    const text: unknown =
      metadata.annotations?.[`cert-manager.io/${annotation}`];
    const [namespace, name] = String(text ?? '').split('/');
    return namespace && name
      ? [
          {
            relation: `${type}-${kindType(kind)}`,
            end: 'source',
            other: { kind, namespace, name },
            required: true,
          },
        ]
      : [];
  };
  return [
    ...source('inject-ca-from', CERTIFICATE),
    ...source('inject-ca-from-secret', SECRET),
  ];
}

/** R159: the namespaces in which it is asked. That it is asked everywhere is a property, not an edge to each. */
function intercepted(type: string, webhook: any): SelectorReference[] {
  return interceptedNamespaces(`${type}-namespace`, webhook.namespaceSelector, {
    webhooks: [String(webhook.name)],
    rules: ruleTexts(webhook.rules),
    failurePolicy: webhook.failurePolicy ?? 'Fail',
  });
}

/** H146: without a valid authority the API server trusts nobody who answers. */
function certificateVerdict(webhooks: readonly any[]): Verdict {
  return worstVerdict([
    verdict('ok', 'Exists'),
    ...webhooks.flatMap((webhook, nth) => {
      const read = readAuthorities(webhook.clientConfig?.caBundle);
      return read
        ? [
            authorityVerdict(read, {
              level: isBlocking(webhook) ? 'down' : 'degraded',
              reason: 'WebhookCABad',
              rule: 'H146',
              who: `webhook ${webhook.name}`,
              field: `webhooks[${nth}].clientConfig.caBundle`,
            }),
          ]
        : [];
    }),
  ]);
}

/** Without an endpoint: nobody answers, whether on purpose (`idle`) or not. */
const ANSWERLESS: ReadonlySet<string> = new Set(['missing', 'down', 'idle']);

/** H144, H145: nobody answers behind a webhook; who must be asked (`Fail`) then blocks what it would judge. */
function judge(
  type: string,
  node: ContextNode,
  neighbours: Neighbours,
): Verdict | undefined {
  if (node.own.level === 'terminating') {
    return undefined;
  }
  const facts: ServiceFact[] = node.facts.services ?? [];
  const found = neighbours(`${type}-service`, 'out')
    .filter(({ level }) => ANSWERLESS.has(level))
    .map((service): Verdict => {
      const own = facts.filter(one => service.key.endsWith(`/${one.service}`));
      const blocking = own.some(one => one.blocking);
      return verdict(blocking ? 'down' : 'degraded', 'WebhookBackendDown', {
        rule: blocking ? 'H144' : 'H145',
        message: `nobody answers for ${own
          .map(one => one.webhook)
          .join(', ')}: Service ${own[0]?.service} ${
          service.level === 'missing' ? 'does not exist' : 'has no endpoints'
        }`,
        since: service.own.since,
        evidence: [
          {
            source: service.level === 'missing' ? 'absence' : 'structure',
            field: service.key,
            value: service.level,
          },
          policyEvidence(blocking),
        ],
      });
    });
  return found.length > 0 ? worstVerdict([...found, node.own]) : undefined;
}

function policyEvidence(blocking: boolean): Evidence {
  return {
    source: 'field',
    field: 'webhooks[].failurePolicy',
    value: blocking ? 'Fail' : 'Ignore',
  };
}
