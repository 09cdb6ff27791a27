import { KindId, NodeKey, kindText, nodeKey } from '../identity';
import {
  isRegisteredKind,
  judgeByEvents,
  kindDefinition,
  matchesLabels,
  ownerRelation,
} from '../index';
import {
  ContextNode,
  KindDefinition,
  KubernetesObject,
  Neighbours,
} from '../kindDefinition';
import { parseGroup } from '../metadata';
import {
  EventObservation,
  Observation,
  SelectorReference,
} from '../observation';
import { Verdict, verdictAt } from '../status';

/**
 * All objects of one captured state, judged by fields, events and neighbours: a plain stand-in for the graph stage,
 * which does the same step by step.
 */
export class JudgedState {
  readonly observations = new Map<NodeKey, Observation>();
  readonly #events = new Map<NodeKey, EventObservation[]>();
  readonly #out = new Map<string, NodeKey[]>();
  readonly #in = new Map<string, NodeKey[]>();
  readonly #verdicts = new Map<NodeKey, Verdict>();
  readonly #now: number;
  #kinds: ReadonlySet<string> | undefined;

  private constructor(now: number) {
    this.#now = now;
  }

  static create(
    items: readonly KubernetesObject[],
    now: number,
    cluster = 'c',
  ): JudgedState {
    const state = new JudgedState(now);
    for (const item of items) {
      const id = idOf(item);
      if (isRegisteredKind(id)) {
        state.#add(kindDefinition(id), item, cluster);
      }
    }
    state.#connect();
    state.#judge();
    return state;
  }

  #add(definition: KindDefinition, item: KubernetesObject, cluster: string) {
    const observed = definition.observe(item, { cluster, now: this.#now });
    if (observed.type === 'event') {
      append(this.#events, observed.about, observed);
      return;
    }
    for (const one of [observed, ...observed.parts]) {
      this.observations.set(one.key, one);
    }
  }

  #connect() {
    const all = [...this.observations.values()];
    const byUid = new Map(all.map(one => [one.uid, one]));
    for (const one of all) {
      const edge = (relation: string, end: string, other: NodeKey) => {
        const [source, target] =
          end === 'source' ? [one.key, other] : [other, one.key];
        append(this.#out, `${relation} ${source}`, target);
        append(this.#in, `${relation} ${target}`, source);
      };
      for (const { relation, end, other } of one.references) {
        edge(relation, end, nodeKey({ cluster: one.cluster, ...other }));
      }
      for (const owner of one.owners) {
        const found = byUid.get(owner.uid);
        if (found) {
          edge(ownerRelation(found.kind, one.kind).name, 'target', found.key);
        }
      }
      for (const selector of one.selectors) {
        all
          .filter(
            other =>
              other.kind.kind === selector.kind.kind &&
              (selector.namespaces === 'all' ||
                (selector.namespaces === 'own'
                  ? other.namespace === one.namespace
                  : matchesLabels(
                      selector.namespaces,
                      this.#namespaceLabels(other),
                    ))) &&
              matches(selector, other),
          )
          .forEach(other => edge(selector.relation, selector.end, other.key));
      }
    }
  }

  #namespaceLabels(one: Observation): Record<string, string> {
    const key = nodeKey({
      cluster: one.cluster,
      kind: { group: '', kind: 'Namespace' },
      namespace: '',
      name: one.namespace,
    });
    return this.observations.get(key)?.labels ?? {};
  }

  /** Until nothing changes: a verdict may rest on a neighbour's. */
  #judge() {
    for (let round = 0; round < 10; round++) {
      let changed = false;
      for (const one of this.observations.values()) {
        const found = this.#judgeOne(one);
        if (this.#verdicts.get(one.key)?.level !== found.level) {
          changed = true;
        }
        this.#verdicts.set(one.key, found);
      }
      if (!changed) {
        return;
      }
    }
    throw new Error('verdicts do not settle');
  }

  #judgeOne(one: Observation): Verdict {
    const definition = isRegisteredKind(one.kind)
      ? kindDefinition(one.kind)
      : undefined;
    const own = this.#byEvents(one, definition);
    const neighbours: Neighbours = (relation, side) =>
      (
        (side === 'out' ? this.#out : this.#in).get(`${relation} ${one.key}`) ??
        []
      ).map(key => this.#contextNode(key));
    const inContext = definition?.judgeInContext?.(
      this.#contextNode(one.key, own),
      neighbours,
      this.#now,
    );
    return inContext ?? own;
  }

  #byEvents(one: Observation, definition?: KindDefinition): Verdict {
    const events = (this.#events.get(one.key) ?? []).filter(
      ({ aboutUid }) => !aboutUid || !one.uid || aboutUid === one.uid,
    );
    return judgeByEvents(
      definition?.eventRules ?? [],
      verdictAt(one.verdict, this.#now),
      events,
      this.#now,
    );
  }

  #contextNode(key: NodeKey, own?: Verdict): ContextNode {
    const one = this.observations.get(key);
    if (!one) {
      const [, text] = key.split('/');
      // A kind of which the state holds nothing may not have been captured at all.
      const level = this.#isHeld(text) ? 'missing' : 'unknown';
      const absent: Verdict = {
        level,
        reason: level === 'missing' ? 'Missing' : 'NotCaptured',
        evidence: [],
      };
      const [kind, ...group] = text.split('.');
      return {
        key,
        kind: { kind, group: group.join('.') },
        level,
        own: absent,
        facts: {},
      };
    }
    const before = own ?? one.verdict;
    return {
      key,
      kind: one.kind,
      level: this.#verdicts.get(key)?.level ?? before.level,
      own: before,
      facts: one.facts ?? {},
      createdAt: one.createdAt,
    };
  }

  #isHeld(kind: string): boolean {
    this.#kinds ??= new Set(
      [...this.observations.values()].map(one => kindText(one.kind)),
    );
    return this.#kinds.has(kind);
  }

  verdicts(): [NodeKey, Verdict][] {
    return [...this.#verdicts];
  }

  /** By the truth's way of naming: `Pod/shop/cart-1`, `Node//node-1`. */
  verdict(kind: string, namespace: string, name: string): Verdict | undefined {
    const one = [...this.observations.values()].find(
      other =>
        other.kind.kind === kind &&
        other.namespace === namespace &&
        other.name === name,
    );
    return one && this.#verdicts.get(one.key);
  }
}

export function idOf(item: KubernetesObject): KindId {
  return { group: parseGroup(item.apiVersion), kind: item.kind };
}

function matches(selector: SelectorReference, other: Observation): boolean {
  const labels = selector.by === 'podLabels' ? other.podLabels : other.labels;
  return labels !== undefined && matchesLabels(selector.selector, labels);
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V) {
  const values = map.get(key);
  if (values) {
    values.push(value);
  } else {
    map.set(key, [value]);
  }
}
