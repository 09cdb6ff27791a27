import { NodeKey } from '../kinds/identity';
import { VICTIMS_AT_ONCE, analyse } from './analyse';
import { CausalGraphNode, CausalReader } from './causalGraph';
import { causeId } from './cause';
import { Explained } from './explain';
import {
  Victim,
  VictimEdge,
  VictimGroup,
  groupVictims,
  groupedBy,
  likeness,
  spread,
} from './victim';

export interface VictimReader extends CausalReader {
  /** The edges between some victims over which failure flows. */
  victimEdges(ids: readonly number[]): Promise<VictimEdge[]>;
}

/** Victims with what was found out about one of them. */
export interface Examined extends VictimGroup {
  node: CausalGraphNode;
  explained: Explained;
}

/** So many groups are each looked at; of more, those that are alike are told by a few. */
const MANY = 150;
/** Groups that are looked at of those that are alike. */
const SAMPLED = 12;
/** Victims that are looked at. */
const MOST_EXAMINED = 6_000;

/** What is known of victims so far, and what follows from it for others. */
class Told {
  readonly examined: Examined[];
  readonly #causes = new Map<number, string>();

  constructor(examined: readonly Examined[]) {
    this.examined = [...examined];
    examined.forEach(one => this.#note(one));
  }

  #note(one: Examined): void {
    const text = textOf(one);
    one.victims.forEach(({ id }) => this.#causes.set(id, text));
  }

  /** Answers the groups of which nothing follows. */
  extend(
    families: readonly VictimGroup[][],
    trouble: ReadonlyMap<number, number[]>,
  ): VictimGroup[] {
    const open = families.map(family => ({
      groups: family.filter(({ victims: [{ id }] }) => !this.#causes.has(id)),
      told: this.#agreement(family),
    }));
    const rest: VictimGroup[] = open
      .filter(({ told }) => !told)
      .flatMap(({ groups }) => groups);
    let waiting = open.flatMap(({ groups, told }) =>
      told ? groups.map(group => ({ group, told })) : [],
    );
    // Pods first, then what suffers from them, and so on, each time one step further.
    for (let before = Infinity; waiting.length < before; ) {
      before = waiting.length;
      waiting = waiting.filter(({ group, told }) => {
        const text = textOf(told);
        const follows = group.victims.every(({ id }) =>
          (trouble.get(id) ?? []).every(
            other => this.#causes.get(other) === text,
          ),
        );
        if (follows) {
          const one = { ...told, ...group };
          this.examined.push(one);
          this.#note(one);
        }
        return !follows;
      });
    }
    return [...rest, ...waiting.map(({ group }) => group)];
  }

  /** One of a family's examined groups, if all of these have the same causes, all proven. */
  #agreement(family: readonly VictimGroup[]): Examined | undefined {
    const keys = new Set(family.map(({ victims: [{ key }] }) => key));
    const known = this.examined.filter(({ victims: [{ key }] }) =>
      keys.has(key),
    );
    const [one] = known;
    const agree =
      one !== undefined &&
      known.length >= SAMPLED &&
      one.explained.causes.length > 0 &&
      one.explained.causes.every(({ confidence }) => confidence === 'proven') &&
      new Set(known.map(textOf)).size === 1;
    return agree ? one : undefined;
  }
}

/**
 * Finds out what explains each victim, and looks at as few as is safe. Those of one controller that suffer alike are
 * told by three. Where there are very many (a Secret that 500 workloads read), groups that are alike in state and words
 * are told by some of them: if all these have one proven cause, it is that of each other one, too, which names no
 * other trouble, or whose own troubles all have that cause. All others are looked at by themselves, up to a bound.
 */
export async function examineVictims(
  reader: VictimReader,
  victims: readonly Victim[],
  now: number,
): Promise<{ examined: Examined[]; left: number }> {
  const groups = groupVictims(victims);
  if (groups.length <= MANY) {
    return examineEach(reader, groups, now, MOST_EXAMINED);
  }
  const edges = await reader.victimEdges(victims.map(({ id }) => id));
  const trouble = troubles(edges);
  const families = groupedBy(
    groups,
    ({ victims: [one] }) => `${trouble.has(one.id)} ${likeness(one)}`,
  );
  const sampled = families.flatMap(family => spread(family, SAMPLED));
  const first = await examineEach(reader, sampled, now, MOST_EXAMINED);
  const told = new Told(first.examined);
  const rest = told.extend(
    families.filter(family => family.length > SAMPLED),
    trouble,
  );
  const second = await examineEach(
    reader,
    rest,
    now,
    MOST_EXAMINED - sampled.length,
  );
  return {
    examined: [...told.examined, ...second.examined],
    left: first.left + second.left,
  };
}

/** From each to those that it suffers from. */
function troubles(edges: readonly VictimEdge[]): Map<number, number[]> {
  const found = new Map<number, number[]>();
  for (const [sufferer, suffered] of edges) {
    const known = found.get(sufferer);
    if (known) {
      known.push(suffered);
    } else {
      found.set(sufferer, [suffered]);
    }
  }
  return found;
}

/**
 * Explains the samples of each group. Where these disagree on the cause, what looked alike is not, and each is looked
 * at by itself, as long as the bound allows.
 */
async function examineEach(
  reader: CausalReader,
  groups: readonly VictimGroup[],
  now: number,
  most: number,
): Promise<{ examined: Examined[]; left: number }> {
  let budget = most;
  let left = 0;
  const taken: VictimGroup[] = [];
  for (const group of groups) {
    if (budget > 0) {
      budget -= group.samples.length;
      taken.push(group);
    } else {
      left += group.victims.length;
    }
  }
  const found = await explainAll(
    reader,
    taken.flatMap(({ samples }) => samples),
    now,
  );
  const examined: Examined[] = [];
  const apart: Victim[] = [];
  for (const group of taken) {
    const known = group.samples.flatMap(key => found.get(key) ?? []);
    const [one] = known;
    if (one && new Set(known.map(textOf)).size === 1) {
      examined.push({ ...group, ...one });
    } else {
      apart.push(...group.victims);
    }
  }
  const each = apart.slice(0, Math.max(budget, 0));
  const more = await explainAll(
    reader,
    each.map(({ key }) => key).filter(key => !found.has(key)),
    now,
  );
  for (const victim of each) {
    const one = found.get(victim.key) ?? more.get(victim.key);
    if (one) {
      examined.push({ victims: [victim], samples: [victim.key], ...one });
    }
  }
  return { examined, left: left + apart.length - each.length };
}

type Found = Pick<Examined, 'node' | 'explained'>;

async function explainAll(
  reader: CausalReader,
  keys: readonly NodeKey[],
  now: number,
): Promise<Map<NodeKey, Found>> {
  const found = new Map<NodeKey, Found>();
  for (let at = 0; at < keys.length; at += VICTIMS_AT_ONCE) {
    const some = keys.slice(at, at + VICTIMS_AT_ONCE);
    const analysis = await analyse(reader, some, { now, starting: true });
    for (const key of some) {
      const one = analysis.explained(key);
      if (one) {
        found.set(key, one);
      }
    }
  }
  return found;
}

/** What those must agree on that are told by one. */
function textOf({ explained }: Found): string {
  return explained.causes.map(causeId).sort().join('\n');
}
