import { RESOURCE_QUOTA } from '../kinds/kindIds';
import { Json } from '../kinds/observation';
import { Evidence } from '../kinds/status';
import { Amount, ApiRefusal, readRefusal } from './apiRefusal';
import { CausalGraph, CausalGraphNode } from './causalGraph';
import { Explainer, Finding, Root, called } from './finding';
import { objectNamed } from './namedObject';
import { parseQuantity } from './quantity';
import { sumOf } from './quantityText';

export type QuotaRefusal = Extract<
  ApiRefusal,
  { type: 'quotaExceeded' | 'quotaDemands' }
>;

/**
 * The quota that refuses (S050, S051). `undefined` when it would allow the object now: its controller only has to try
 * again.
 *
 * @param refused whoever wants the object
 */
export function quotaRoot(
  refused: CausalGraphNode,
  refusal: QuotaRefusal,
  graph: CausalGraph,
  words: { field: string; value: string },
): Root | undefined {
  const { cluster, namespace } = refused;
  const quota = objectNamed(
    graph,
    { cluster, namespace, kind: RESOURCE_QUOTA, name: refusal.quota },
    'unknown',
    words,
  );
  return rootOf(quota, refusal, words, lackingOf(refused));
}

/** How many objects more are wanted: the pods that a controller lacks. */
function lackingOf({ properties }: CausalGraphNode): number {
  const { DesiredReplicas, Replicas } = properties;
  return Math.max(Number(DesiredReplicas ?? 0) - Number(Replicas ?? 0), 1);
}

function rootOf(
  quota: CausalGraphNode,
  refusal: QuotaRefusal,
  words: { field: string; value: string },
  lacking: number = 1,
): Root | undefined {
  if (quota.verdict.level === 'missing') {
    return undefined;
  }
  return refusal.type === 'quotaExceeded'
    ? exceeded(quota, refusal, words, lacking)
    : demands(quota, refusal, words);
}

interface Bound extends Amount {
  hard?: string;
  used?: string;
}

function exceeded(
  quota: CausalGraphNode,
  refusal: Extract<QuotaRefusal, { type: 'quotaExceeded' }>,
  words: { field: string; value: string },
  lacking: number,
): Root | undefined {
  const hard = record(quota.properties.Hard);
  const used = record(quota.properties.Used);
  const bounds = refusal.requested.map(
    ({ resource, quantity }): Bound => ({
      resource,
      quantity,
      hard: textOf(hard[resource]) ?? amountOf(refusal.limited, resource),
      used: textOf(used[resource]) ?? amountOf(refusal.used, resource),
    }),
  );
  const full = bounds.filter(bound => !hasRoom(bound));
  if (bounds.length > 0 && full.length === 0) {
    return undefined;
  }
  const told = full
    .map(
      ({ resource, quantity, hard: most, used: taken }) =>
        `${resource}: ${taken ?? '?'} of ${
          most ?? '?'
        } are used, and one more asks for ${quantity}`,
    )
    .join('; ');
  const lowered = full.some(isLowered);
  const never = full.find(({ hard: most, quantity }) => isMore(quantity, most));
  return {
    node: quota,
    fault: 'QuotaExceeded',
    predicate: `allows no more${told === '' ? '' : ` (${told})`}${
      lowered ? '; it was set below what is in use' : ''
    }`,
    nextStep: never
      ? `One object alone asks for more ${
          never.resource
        } than the whole quota: lower its request, or raise the quota: ${raise(
          quota,
          full,
          lacking,
        )}`
      : `Free something of it, lower the requests, or raise it: ${raise(
          quota,
          full,
          lacking,
        )}`,
    evidence: [
      ...full.flatMap(({ resource, hard: most, used: taken }): Evidence[] => [
        {
          source: 'field',
          field: `status.hard[${resource}]`,
          value: most ?? '',
        },
        {
          source: 'field',
          field: `status.used[${resource}]`,
          value: taken ?? '',
        },
      ]),
      { source: 'field', ...words },
    ],
    since: quota.verdict.since,
  };
}

/** Whether what is asked for would fit as things stand; not known is no. */
function hasRoom({ quantity, hard, used }: Bound): boolean {
  const [asked, most, taken] = [quantity, hard, used].map(parseQuantity);
  return (
    asked !== undefined &&
    most !== undefined &&
    taken !== undefined &&
    taken + asked <= most
  );
}

function isLowered({ hard, used }: Bound): boolean {
  return isMore(used, hard);
}

function isMore(one: string | undefined, other: string | undefined): boolean {
  const [a, b] = [parseQuantity(one), parseQuantity(other)];
  return a !== undefined && b !== undefined && a > b;
}

/** Room for all that are wanted. */
function raise(
  quota: CausalGraphNode,
  full: readonly Bound[],
  lacking: number,
): string {
  if (full.length === 0) {
    return `kubectl describe resourcequota ${quota.name} -n ${quota.namespace}`;
  }
  const hard = full
    .map(
      ({ resource, quantity, used }) =>
        `"${resource}":"${sumOf(used, quantity, lacking) ?? '<more>'}"`,
    )
    .join(',');
  return `kubectl patch resourcequota ${quota.name} -n ${quota.namespace} --type merge -p '{"spec":{"hard":{${hard}}}}'`;
}

function demands(
  quota: CausalGraphNode,
  refusal: Extract<QuotaRefusal, { type: 'quotaDemands' }>,
  words: { field: string; value: string },
): Root | undefined {
  const hard = Object.keys(record(quota.properties.Hard));
  const asked = [
    ...refusal.demands.matchAll(
      /[a-z][a-z0-9./-]*\.[a-z][a-z0-9./-]*|\b(?:cpu|memory)\b/g,
    ),
  ].map(([resource]) => resource);
  if (
    hard.length > 0 &&
    asked.length > 0 &&
    !asked.some(one => hard.includes(one))
  ) {
    return undefined;
  }
  return {
    node: quota,
    fault: 'QuotaDemandsValues',
    predicate: `takes only pods that say how much they need, and they do not: must specify ${refusal.demands}`,
    nextStep: `Set these resources in the pod template, or give the namespace defaults with a LimitRange: kubectl describe resourcequota ${quota.name} -n ${quota.namespace}`,
    evidence: [
      {
        source: 'field',
        field: 'spec.hard',
        value: hard.join(', ') || 'named by the API server',
      },
      { source: 'field', ...words },
    ],
    since: quota.verdict.since ?? quota.createdAt,
  };
}

/** A quota that refuses somebody now: whom, stands in its verdict's evidence in the API server's words (H143). */
export const quotaItself: Explainer = quota => {
  const { level, evidence } = quota.verdict;
  if (level !== 'degraded') {
    return undefined;
  }
  const findings = new Map<string, Finding>();
  for (const { field, value } of evidence) {
    const refusal = readRefusal(value);
    const isOwn =
      (refusal?.type === 'quotaExceeded' || refusal?.type === 'quotaDemands') &&
      refusal.quota === quota.name;
    const root = isOwn ? rootOf(quota, refusal, { field, value }) : undefined;
    if (root) {
      findings.set(root.fault, {
        type: 'root',
        confidence: 'proven',
        says: `${called(quota)} ${root.predicate}.`,
        evidence,
        root,
      });
    }
  }
  return findings.size > 0 ? [...findings.values()] : undefined;
};

function amountOf(
  amounts: readonly Amount[],
  resource: string,
): string | undefined {
  return amounts.find(one => one.resource === resource)?.quantity;
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' || typeof value === 'number'
    ? String(value)
    : undefined;
}

function record(value: Json | undefined): { [name: string]: Json } {
  return value && typeof value === 'object' && !Array.isArray(value)
    ? value
    : {};
}
