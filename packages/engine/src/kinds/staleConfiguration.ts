import { ContextNode, Neighbours } from './kindDefinition';
import { parseTime } from './metadata';
import { Json, Reference } from './observation';
import { PodContainer } from './podHealth';
import { StaleSource, Verdict } from './status';

/** How a container reads a Secret or ConfigMap only when it starts; other volumes refresh by themselves. */
const READ_AT_START: ReadonlySet<string> = new Set([
  'env',
  'envFrom',
  'subPath',
]);
const CONFIGURATION = ['pod-secret', 'pod-configmap'] as const;

/** What a pod reads at start, and since when its oldest reader runs: `["pod-secret", "db", 1700000000000]`. */
type StartRead = [relation: string, name: string, startedAt: number];

/**
 * The Secrets and ConfigMaps that running containers of a pod have read when they started; `undefined` without any.
 * Containers are not told apart by what they read when several read the same in different ways: the one that runs
 * longest counts.
 */
export function startReads(
  references: readonly Reference[],
  containers: readonly PodContainer[],
): Json | undefined {
  let reads: StartRead[] | undefined;
  for (const { relation, other, details } of references) {
    if (relation !== 'pod-secret' && relation !== 'pod-configmap') {
      continue;
    }
    const via = details?.via as string[] | undefined;
    if (!via?.some(each => READ_AT_START.has(each))) {
      continue;
    }
    // A volume beside it: by whom it is mounted is in the same list, so that nobody knows who reads it at start.
    const isMixed = !via.every(each => READ_AT_START.has(each));
    const names = details?.containers as string[] | undefined;
    const startedAt = oldestStart(containers, isMixed ? undefined : names);
    if (startedAt !== undefined) {
      (reads ??= []).push([relation, other.name, startedAt]);
    }
  }
  return reads;
}

/** Milliseconds since the epoch; without names the newest start, so that nothing is claimed of a reader that is not known. */
function oldestStart(
  containers: readonly PodContainer[],
  names: readonly string[] | undefined,
): number | undefined {
  let found: number | undefined;
  for (const { name, role, status } of containers) {
    const startedAt = parseTime(status?.state?.running?.startedAt);
    const counts = role === 'container' || role === 'sidecar';
    if (!counts || startedAt === undefined) {
      continue;
    }
    if (names === undefined) {
      found = Math.max(found ?? startedAt, startedAt);
    } else if (names.includes(name)) {
      found = Math.min(found ?? startedAt, startedAt);
    }
  }
  return found;
}

/** The verdict with what the pod still runs with an old version of; the verdict itself where there is none. */
export function withStaleness(
  pod: ContextNode,
  neighbours: Neighbours,
  judged: Verdict | undefined,
): Verdict | undefined {
  const reads: StartRead[] | undefined = pod.facts.startReads;
  if (!reads) {
    return judged;
  }
  let stale: StaleSource[] | undefined;
  for (const relation of CONFIGURATION) {
    if (!reads.some(read => read[0] === relation)) {
      continue;
    }
    for (const source of neighbours(relation, 'out')) {
      const changedAt = changeOf(source);
      const read = reads.find(
        ([over, name]) => over === relation && source.key.endsWith(`/${name}`),
      );
      if (read && changedAt !== undefined && changedAt > read[2]) {
        (stale ??= []).push({
          key: source.key,
          changedAt,
          startedAt: read[2],
        });
      }
    }
  }
  return stale ? { ...(judged ?? pod.own), stale } : judged;
}

/** When its data was last written, or it was made anew. */
function changeOf({ facts, createdAt, level }: ContextNode) {
  if (level === 'missing' || level === 'unknown') {
    return undefined;
  }
  const written: number | undefined = facts.changedAt;
  return written === undefined
    ? createdAt
    : Math.max(written, createdAt ?? written);
}
