import {
  PRIORITY_CLASS,
  RUNTIME_CLASS,
  SERVICE_ACCOUNT,
} from '../kinds/kindIds';
import { KindId } from '../kinds/identity';
import { LimitViolation, limitViolations } from './limitViolation';

/** How many of a resource: `limits.memory=512Mi`. */
export interface Amount {
  resource: string;
  quantity: string;
}

/** Why a webhook was not heard. */
export type WebhookSilence =
  | 'no Service'
  | 'no endpoints'
  | 'certificate'
  | 'timeout'
  | 'connection'
  | 'other';

/**
 * What the API server answers instead of creating an object, read from its sentence (S045–S057). Who refuses is named in
 * it, but for LimitRanges, which are told by the bound that is not kept.
 */
export type ApiRefusal =
  | {
      type: 'quotaExceeded';
      quota: string;
      requested: Amount[];
      used: Amount[];
      limited: Amount[];
    }
  | { type: 'quotaDemands'; quota: string; demands: string }
  | { type: 'limits'; violations: LimitViolation[] }
  | { type: 'podSecurity'; level: string; violations: string }
  | {
      type: 'webhookUnheard';
      webhook: string;
      service?: { namespace: string; name: string; port?: string };
      silence: WebhookSilence;
      /** What it was asked for in vain, as the API server says it. */
      words: string;
    }
  | { type: 'webhookDenied'; webhook: string; words: string }
  | { type: 'policyDenied'; policy: string; binding: string; words: string }
  | {
      type: 'notFound';
      kind: KindId;
      /** Default: that of the object that is refused. */
      namespace?: string;
      name: string;
    }
  | { type: 'namespaceTerminating'; namespace: string }
  | { type: 'noPermission'; user: string; words: string }
  | { type: 'invalid'; words: string }
  | { type: 'other' };

/** Sentences that tell of a refusal at all. */
const REFUSED =
  /forbidden|exceeded quota|failed quota|failed calling webhook|denied the request|violates PodSecurity|error looking up service account|no PriorityClass|RuntimeClass|being terminated|is invalid|unable to validate against any security context/i;

type Reader = (text: string) => ApiRefusal | undefined;

/** The most specific first: a quota's refusal is "forbidden", too. */
const READERS: readonly Reader[] = [
  quotaExceeded,
  quotaDemands,
  webhookUnheard,
  webhookDenied,
  policyDenied,
  podSecurity,
  notFound,
  namespaceTerminating,
  limits,
  noPermission,
  invalid,
];

/** `undefined` when the sentence tells of no refusal. */
export function readRefusal(text: string): ApiRefusal | undefined {
  for (const reader of READERS) {
    const found = reader(text);
    if (found) {
      return found;
    }
  }
  return REFUSED.test(text) ? { type: 'other' } : undefined;
}

/** `exceeded quota: compute, requested: limits.memory=512Mi, used: …, limited: …`. */
function quotaExceeded(text: string): ApiRefusal | undefined {
  const quota = /exceeded quota: ([a-z0-9][a-z0-9.-]*)/.exec(text)?.[1];
  const amountsOf = (word: string) =>
    amounts(
      new RegExp(`${word}: (.*?)(?:, (?:used|limited): |["\\s;]|$)`, 's').exec(
        text,
      )?.[1] ?? '',
    );
  return quota
    ? {
        type: 'quotaExceeded',
        quota,
        requested: amountsOf('requested'),
        used: amountsOf('used'),
        limited: amountsOf('limited'),
      }
    : undefined;
}

/** `requests.cpu=1,limits.memory=2Gi`. */
function amounts(text: string): Amount[] {
  return text.split(',').flatMap(part => {
    const at = part.lastIndexOf('=');
    return at > 0
      ? [{ resource: part.slice(0, at).trim(), quantity: part.slice(at + 1) }]
      : [];
  });
}

/** `failed quota: q: must specify limits.memory for: c; requests.cpu for: c,d`. */
function quotaDemands(text: string): ApiRefusal | undefined {
  const match =
    /failed quota: ([a-z0-9][a-z0-9.-]*): must specify ([^"]+?)\.?$/m.exec(
      text,
    );
  return match
    ? { type: 'quotaDemands', quota: match[1], demands: match[2].trim() }
    : undefined;
}

function limits(text: string): ApiRefusal | undefined {
  const violations = limitViolations(text);
  return violations.length > 0 ? { type: 'limits', violations } : undefined;
}

function podSecurity(text: string): ApiRefusal | undefined {
  const match = /violates PodSecurity "([a-z]+)(?::[^"]*)?"(?:: (.*))?$/s.exec(
    text,
  );
  return match
    ? {
        type: 'podSecurity',
        level: match[1],
        violations: match[2]?.trim() ?? '',
      }
    : undefined;
}

/** `https://policy-webhook.policy-system.svc:443/validate`. */
const WEBHOOK_SERVICE = /https:\/\/([^./\s]+)\.([^./\s]+)\.svc(?::(\d+))?[:/]/;

function webhookUnheard(text: string): ApiRefusal | undefined {
  const match = /failed calling webhook "([^"]+)": (.*)$/s.exec(text);
  if (!match) {
    return undefined;
  }
  const [, webhook, words] = match;
  const address = WEBHOOK_SERVICE.exec(words);
  const service = address
    ? {
        name: address[1],
        namespace: address[2],
        ...(address[3] && { port: address[3] }),
      }
    : undefined;
  return {
    type: 'webhookUnheard',
    webhook,
    service,
    silence: silenceOf(words),
    words,
  };
}

function silenceOf(words: string): WebhookSilence {
  if (/no endpoints available for service/.test(words)) {
    return 'no endpoints';
  }
  if (/service "[^"]+" not found/.test(words)) {
    return 'no Service';
  }
  if (/x509:|tls:|certificate/.test(words)) {
    return 'certificate';
  }
  if (
    /deadline exceeded|Client\.Timeout|i\/o timeout|timed out|request canceled/.test(
      words,
    )
  ) {
    return 'timeout';
  }
  return /connection refused|no route to host|connection reset|EOF/.test(words)
    ? 'connection'
    : 'other';
}

function webhookDenied(text: string): ApiRefusal | undefined {
  const match =
    /admission webhook "([^"]+)" denied the request:?\s*(.*)$/s.exec(text);
  return match
    ? { type: 'webhookDenied', webhook: match[1], words: match[2].trim() }
    : undefined;
}

function policyDenied(text: string): ApiRefusal | undefined {
  const match =
    /ValidatingAdmissionPolicy '([^']+)' with binding '([^']+)' denied request:?\s*(.*)$/s.exec(
      text,
    );
  return match
    ? {
        type: 'policyDenied',
        policy: match[1],
        binding: match[2],
        words: match[3].trim(),
      }
    : undefined;
}

function notFound(text: string): ApiRefusal | undefined {
  const account =
    /error looking up service account ([^/\s]+)\/([^:\s]+): serviceaccounts? "[^"]+" not found/.exec(
      text,
    );
  if (account) {
    return {
      type: 'notFound',
      kind: SERVICE_ACCOUNT,
      namespace: account[1],
      name: account[2],
    };
  }
  const token =
    /failed to fetch token: serviceaccounts? "([^"]+)" not found/.exec(text);
  if (token) {
    return { type: 'notFound', kind: SERVICE_ACCOUNT, name: token[1] };
  }
  const priority = /no PriorityClass with name (\S+) was found/.exec(text);
  if (priority) {
    return clusterScoped(PRIORITY_CLASS, priority[1]);
  }
  const runtime = /RuntimeClass "([^"]+)" not found/i.exec(text);
  return runtime ? clusterScoped(RUNTIME_CLASS, runtime[1]) : undefined;
}

function clusterScoped(kind: KindId, name: string): ApiRefusal {
  return { type: 'notFound', kind, namespace: '', name };
}

function namespaceTerminating(text: string): ApiRefusal | undefined {
  const match =
    /unable to create new content in namespace (\S+) because it is being terminated/.exec(
      text,
    );
  return match
    ? { type: 'namespaceTerminating', namespace: match[1] }
    : undefined;
}

/** `User "system:serviceaccount:shop:operator" cannot create resource "pods" in API group "" in the namespace "shop"`. */
function noPermission(text: string): ApiRefusal | undefined {
  const match =
    /User "([^"]+)" cannot (\S+ resource "[^"]+"(?: in API group "[^"]*")?(?: in the namespace "[^"]+"| at the cluster scope)?)/.exec(
      text,
    );
  return match
    ? { type: 'noPermission', user: match[1], words: match[2] }
    : undefined;
}

/** `Pod "web-0" is invalid: spec.containers[0].securityContext.runAsUser: Invalid value: -1: …`. */
function invalid(text: string): ApiRefusal | undefined {
  const match = /^.*?\S+ "[^"]*" is invalid: (.*)$/s.exec(text);
  return match ? { type: 'invalid', words: match[1].trim() } : undefined;
}
