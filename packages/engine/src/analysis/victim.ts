import { NodeKey } from '../kinds/identity';
import { StatusLevel } from '../kinds/status';

/** An object in trouble, with no more than is needed to tell which are alike. */
export interface Victim {
  id: number;
  key: NodeKey;
  cluster: string;
  /** `kindText`: `Deployment.apps`. */
  kind: string;
  namespace: string;
  name: string;
  level: StatusLevel;
  reason: string;
  message: string;
  /** Milliseconds since the epoch. */
  since?: number;
  /** The node id of the object that controls it. */
  controller?: number;
  /** Of a pod: its node, where that is in trouble itself. */
  troubledNode?: string;
}

export interface VictimOptions {
  /** Only of these clusters; default: all. */
  clusters?: readonly string[];
  /** Only these objects; default: all. */
  keys?: readonly NodeKey[];
  /** At most so many. */
  limit: number;
  /** Pods within their grace, too. */
  eager?: boolean;
}

/** One suffers from the other, both in trouble; by their ids. */
export type VictimEdge = [sufferer: number, suffered: number];

/** Victims of one controller that suffer alike: what explains some of them explains all. */
export interface VictimGroup {
  victims: Victim[];
  /** Those that are looked at for all. */
  samples: NodeKey[];
}

/** Of so many alike, all are looked at. */
const FEW = 3;

/**
 * Pods of one controller in one state with the same words are alike, whatever their names; where their node is in
 * trouble, those on the same node. Everything else is looked at by itself.
 */
export function groupVictims(victims: readonly Victim[]): VictimGroup[] {
  const groups = groupedBy(victims, victim =>
    victim.kind === 'Pod' && victim.controller !== undefined
      ? `${victim.controller} ${likeness(victim)}`
      : victim.key,
  );
  return groups.map(group => ({
    victims: group,
    samples: spread(group, FEW).map(({ key }) => key),
  }));
}

/** What victims of different controllers have in common that may suffer alike. */
export function likeness(victim: Victim): string {
  const { cluster, kind, namespace, level, reason, troubledNode } = victim;
  return JSON.stringify([
    cluster,
    kind,
    namespace,
    level,
    reason,
    troubledNode ?? '',
    skeleton(victim),
  ]);
}

/** The message without what differs from one to the other: names, uids, addresses, counts. */
function skeleton({ message, name }: Victim): string {
  return message
    .split(name)
    .join('@')
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '@')
    .replace(/\d+/g, '#');
}

export function groupedBy<T>(
  all: readonly T[],
  textOf: (one: T) => string,
): T[][] {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const text = textOf(one);
    const group = groups.get(text);
    if (group) {
      group.push(one);
    } else {
      groups.set(text, [one]);
    }
  }
  return [...groups.values()];
}

/** So many of them, from the first to the last. */
export function spread<T>(all: readonly T[], count: number): T[] {
  if (all.length <= count) {
    return [...all];
  }
  const step = (all.length - 1) / (count - 1);
  return Array.from(
    { length: count },
    (_, place) => all[Math.round(place * step)],
  );
}
