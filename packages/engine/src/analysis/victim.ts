import { NodeKey } from '../kinds/identity';
import { Evidence, StatusLevel } from '../kinds/status';

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
}

/** Evidence and level of a victim, for the few that are shown. */
export interface VictimVerdict {
  key: NodeKey;
  evidence: Evidence[];
}

/** Victims that suffer alike: what explains some of them explains all. */
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
  const groups = new Map<string, Victim[]>();
  for (const victim of victims) {
    const text = likeness(victim);
    const group = groups.get(text);
    if (group) {
      group.push(victim);
    } else {
      groups.set(text, [victim]);
    }
  }
  return [...groups.values()].map(group => ({
    victims: group,
    samples: samplesOf(group).map(({ key }) => key),
  }));
}

function likeness(victim: Victim): string {
  const { kind, controller, key, level, reason, troubledNode } = victim;
  return kind === 'Pod' && controller !== undefined
    ? JSON.stringify([
        controller,
        level,
        reason,
        troubledNode ?? '',
        skeleton(victim),
      ])
    : key;
}

/** The message without what differs from pod to pod: names, uids, addresses, counts. */
function skeleton({ message, name }: Victim): string {
  return message
    .split(name)
    .join('@')
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '@')
    .replace(/\d+/g, '#');
}

/** The first, the last and one from the middle: the order is that of their ids. */
function samplesOf(group: readonly Victim[]): Victim[] {
  return group.length <= FEW
    ? [...group]
    : [group[0], group[Math.floor(group.length / 2)], group[group.length - 1]];
}
