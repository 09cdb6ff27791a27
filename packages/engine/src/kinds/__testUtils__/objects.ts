import {
  ContextNode,
  KindDefinition,
  KubernetesObject,
  Neighbours,
} from '../kindDefinition';
import { nodeKey } from '../identity';
import { Observation } from '../observation';
import { StatusLevel, Verdict } from '../status';

/** The moment in which every test takes place. */
export const NOW = Date.parse('2026-01-01T12:00:00Z');

export const SECONDS = 1000;
export const MINUTES = 60 * SECONDS;

/** An RFC 3339 time so many seconds ago. */
export function ago(seconds: number): string {
  return new Date(NOW - seconds * SECONDS).toISOString();
}

/** An object without kind and apiVersion, as items of a list are; two hours old. */
export function object(
  parts: {
    metadata?: { [field: string]: unknown };
    spec?: { [field: string]: unknown };
    status?: { [field: string]: unknown };
    [field: string]: unknown;
  } = {},
): KubernetesObject {
  const { metadata, ...rest } = parts;
  return {
    metadata: {
      name: 'x',
      namespace: 'shop',
      uid: '11111111-2222-3333-4444-555555555555',
      creationTimestamp: ago(7200),
      ...metadata,
    },
    ...rest,
  };
}

export function condition(
  type: string,
  status: string,
  reason?: string,
  secondsAgo = 3600,
  message?: string,
) {
  return {
    type,
    status,
    ...(reason ? { reason } : {}),
    ...(message ? { message } : {}),
    lastTransitionTime: ago(secondsAgo),
    lastHeartbeatTime: ago(1),
  };
}

export function observe(
  definition: KindDefinition,
  item: KubernetesObject,
  now = NOW,
): Observation {
  const observed = definition.observe(item, { cluster: 'c', now });
  if (observed.type === 'event') {
    throw new Error('an event is no object');
  }
  return observed;
}

/** `level Reason rule`, then each sequel as `> seconds from now: level Reason`. */
export function verdictText(found: Verdict | undefined): string {
  if (!found) {
    return 'keeps its own';
  }
  const own = [found.level, found.reason, found.rule].filter(Boolean).join(' ');
  return found.sequel
    ? `${own} > ${Math.round((found.sequel.at - NOW) / SECONDS)}: ${verdictText(
        found.sequel.verdict,
      )}`
    : own;
}

/** A neighbour as rules see it. */
export function neighbour(
  kind: string,
  name: string,
  level: StatusLevel,
  facts: { [name: string]: unknown } = {},
  own: Partial<Verdict> = {},
): ContextNode {
  const id = { group: '', kind };
  return {
    key: nodeKey({ cluster: 'c', kind: id, namespace: 'shop', name }),
    kind: id,
    level,
    own: { level, reason: level, evidence: [], ...own },
    facts,
  };
}

/** What `judgeInContext` says of an object whose neighbours are these, by `<relation> <side>`. */
export function judged(
  definition: KindDefinition,
  item: KubernetesObject,
  around: { [relationAndSide: string]: ContextNode[] },
): Verdict | undefined {
  const observed = observe(definition, item);
  const node: ContextNode = {
    key: observed.key,
    kind: observed.kind,
    level: observed.verdict.level,
    own: observed.verdict,
    facts: observed.facts ?? {},
    createdAt: observed.createdAt,
  };
  for (const name of Object.keys(around)) {
    const [relation] = name.split(' ');
    if (!definition.contextRelations?.includes(relation)) {
      throw new Error(`${definition.type} does not look at ${relation}`);
    }
  }
  const neighbours: Neighbours = (relation, side) =>
    around[`${relation} ${side}`] ?? [];
  return definition.judgeInContext!(node, neighbours, NOW);
}
