import { X509Certificate } from 'crypto';
import { StatusLevel, Verdict } from './status';
import { fieldEvidence, until, verdict } from './verdict';

/** What a `caBundle` holds: how long its certificates are valid, or that it cannot be read. */
export type Authorities =
  | { type: 'readable'; notAfter: number }
  | { type: 'unreadable' };

const CERTIFICATE =
  /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/**
 * The certificates of a `caBundle` (base64 of PEM; public by nature). Those that are valid longest count: the others
 * are there for a change-over. `undefined` for an absent one: then the system's own authorities are trusted.
 */
export function readAuthorities(bundle: unknown): Authorities | undefined {
  if (typeof bundle !== 'string' || bundle === '') {
    return undefined;
  }
  const pem = Buffer.from(bundle, 'base64').toString('latin1');
  const ends = (pem.match(CERTIFICATE) ?? []).flatMap(text => {
    try {
      return [Date.parse(new X509Certificate(text).validTo)];
    } catch {
      return [];
    }
  });
  return ends.length > 0
    ? { type: 'readable', notAfter: Math.max(...ends) }
    : { type: 'unreadable' };
}

/** Well until the last certificate ends; what cannot be read is no authority at all. */
export function authorityVerdict(
  read: Authorities,
  bad: {
    level: StatusLevel;
    reason: string;
    rule: string;
    who: string;
    field: string;
  },
): Verdict {
  const { level, reason, rule, who, field } = bad;
  if (read.type === 'unreadable') {
    return verdict(level, reason, {
      rule,
      message: `the caBundle of ${who} holds no certificate`,
      evidence: [fieldEvidence(field, 'holds no certificate')],
    });
  }
  const notAfter = new Date(read.notAfter).toISOString();
  return until(
    read.notAfter,
    verdict('ok', 'Exists'),
    verdict(level, reason, {
      rule,
      message: `the caBundle of ${who} expired at ${notAfter}`,
      since: read.notAfter,
      evidence: [fieldEvidence(field, `NotAfter ${notAfter}`, read.notAfter)],
    }),
  );
}
