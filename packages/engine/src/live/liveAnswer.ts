import { fingerprint } from '../graph/fingerprint';
import { GremlinAnswer } from '../gremlin/result';
import { NodeKey } from '../kinds/identity';
import { ChangedNodes } from '../store/changedNodes';
import { NodeFilter } from '../store/nodeFilter';
import { HasStep, passesAll } from './elementTest';
import { isElement, isGraph, LiveElement, LiveMessage } from './liveMessage';
import { LivePlan, livePlan } from './livePlan';
import { Subscriber } from './subscriber';

/** Nodes that a walk may have met and still be told apart from others; beyond, every change concerns it. */
const MOST_MET = 5_000;

export interface LiveReads {
  /** Runs a query for one who may see what the filter shows, now or at a time. */
  ask(
    text: string,
    options: { filter?: NodeFilter; at?: number },
  ): Promise<GremlinAnswer>;
  /** Those of the nodes that the filter shows, as answers show them. */
  nodes(
    keys: ReadonlySet<NodeKey>,
    filter: NodeFilter | undefined,
  ): Promise<readonly LiveElement[]>;
}

/** What changed between two answers. */
interface Difference {
  added: LiveElement[];
  changed: LiveElement[];
  removed: string[];
}

/** The answer to one query for one sight, and all who listen to it. Of its elements it keeps only prints. */
export class LiveAnswer {
  readonly text: string;
  readonly filter: NodeFilter | undefined;
  readonly plan: LivePlan;
  readonly subscribers = new Set<Subscriber>();
  /** Something that it depends on has changed, and it was not asked anew yet. */
  #isStale = false;
  /** Not to be asked before: one that takes long waits longer. Milliseconds since the epoch. */
  notBefore = 0;
  readonly #reads: LiveReads;
  /** Print by `ID`; `undefined`: the answer is no list of elements. */
  #prints: Map<string, number> | undefined = new Map();
  #print = NaN;
  #cut: string | undefined;
  #met: ReadonlySet<string> | 'too many' = 'too many';

  /** @throws GremlinError */
  constructor(
    query: { text: string; filter: NodeFilter | undefined },
    reads: LiveReads,
  ) {
    this.text = query.text;
    this.filter = query.filter;
    this.plan = livePlan(query.text);
    this.#reads = reads;
  }

  get isStale(): boolean {
    return this.#isStale;
  }

  goStale(): void {
    this.#isStale = true;
  }

  /** Asks for the whole answer, tells all who listen what is new in it, and returns it. */
  async refresh(revision: number): Promise<GremlinAnswer> {
    const answer = await this.#reads.ask(this.text, { filter: this.filter });
    await this.#meet();
    this.#isStale = false;
    this.#tell(this.#take(answer, revision));
    return answer;
  }

  /** Takes over what a change makes of it, or notes that it has to be asked anew. */
  async follow(
    { keys, revision }: ChangedNodes,
    shown: () => Promise<readonly LiveElement[]>,
  ): Promise<void> {
    const { plan } = this;
    if (keys === 'all' || plan.kind === 'whole') {
      this.#isStale = keys === 'all' || keys.size > 0 || this.#isStale;
    } else if (plan.kind === 'walk') {
      this.#isStale =
        this.#isStale ||
        this.#hasMet(keys) ||
        (await shown()).some(node => passesAll(node, plan.start));
    } else {
      this.#tell(this.#takeNodes(keys, await shown(), plan.has, revision));
    }
  }

  /** What changed since a past answer of the same query, for one who had it. */
  async since(
    at: number,
    now: GremlinAnswer,
    revision: number,
  ): Promise<LiveMessage | undefined> {
    const before = elementsOf(
      (await this.#reads.ask(this.text, { filter: this.filter, at })).value,
    );
    const after = elementsOf(now.value);
    return (
      before &&
      after && {
        type: 'changes',
        revision,
        ...difference(printsOf(before), after),
      }
    );
  }

  #tell(message: LiveMessage | undefined): void {
    if (message) {
      for (const subscriber of this.subscribers) {
        subscriber.push(message);
      }
    }
  }

  #take(answer: GremlinAnswer, revision: number): LiveMessage | undefined {
    const elements = elementsOf(answer.value);
    const before = this.#prints;
    const cut = this.#cut;
    this.#cut = answer.cut;
    if (!elements) {
      const print = fingerprint(JSON.stringify(answer.value));
      const isSame = print === this.#print && cut === answer.cut;
      this.#print = print;
      this.#prints = undefined;
      return isSame ? undefined : { type: 'answer', revision, ...answer };
    }
    this.#prints = printsOf(elements);
    if (!before || cut !== answer.cut) {
      return { type: 'answer', revision, ...answer };
    }
    return messageOf(difference(before, elements), revision);
  }

  #takeNodes(
    keys: ReadonlySet<NodeKey>,
    shown: readonly LiveElement[],
    has: readonly HasStep[],
    revision: number,
  ): LiveMessage | undefined {
    const prints = this.#prints!;
    const found: Difference = { added: [], changed: [], removed: [] };
    const passing = new Set<string>();
    for (const node of shown) {
      if (passesAll(node, has)) {
        passing.add(node.ID);
        const print = printOf(node);
        const before = prints.get(node.ID);
        if (before !== print) {
          prints.set(node.ID, print);
          (before === undefined ? found.added : found.changed).push(node);
        }
      }
    }
    for (const key of keys) {
      if (!passing.has(key) && prints.delete(key)) {
        found.removed.push(key);
      }
    }
    return messageOf(found, revision);
  }

  async #meet(): Promise<void> {
    if (this.plan.kind !== 'walk') {
      return;
    }
    const met = new Set<string>();
    for (const text of this.plan.met) {
      const { value, cut } = await this.#reads.ask(
        text.endsWith(')') ? `${text}.Dedup()` : text,
        { filter: this.filter },
      );
      for (const element of elementsOf(value) ?? []) {
        met.add(element.ID);
      }
      if (cut !== undefined || met.size > MOST_MET) {
        this.#met = 'too many';
        return;
      }
    }
    this.#met = met;
  }

  #hasMet(keys: ReadonlySet<NodeKey>): boolean {
    if (this.#met === 'too many') {
      return keys.size > 0;
    }
    for (const key of keys) {
      if (this.#met.has(key)) {
        return true;
      }
    }
    return false;
  }
}

function messageOf(
  { added, changed, removed }: Difference,
  revision: number,
): LiveMessage | undefined {
  return added.length + changed.length + removed.length > 0
    ? { type: 'changes', revision, added, changed, removed }
    : undefined;
}

/** Of a list of nodes or edges, or of a graph; `undefined` when the answer is something else. */
function elementsOf(value: GremlinAnswer['value']): LiveElement[] | undefined {
  if (!Array.isArray(value)) {
    return undefined;
  }
  const elements = value.flatMap((each: unknown) =>
    isGraph(each) ? [...each.Nodes, ...each.Edges] : [each],
  );
  return elements.every(isElement) ? elements : undefined;
}

function printOf(element: LiveElement): number {
  return fingerprint(JSON.stringify(element));
}

function printsOf(elements: readonly LiveElement[]): Map<string, number> {
  return new Map(elements.map(each => [each.ID, printOf(each)]));
}

function difference(
  before: ReadonlyMap<string, number>,
  after: readonly LiveElement[],
): Difference {
  const found: Difference = { added: [], changed: [], removed: [] };
  const seen = new Set<string>();
  for (const element of after) {
    // A walk may come to the same element on several ways.
    if (!seen.has(element.ID)) {
      seen.add(element.ID);
      const print = before.get(element.ID);
      if (print === undefined) {
        found.added.push(element);
      } else if (print !== printOf(element)) {
        found.changed.push(element);
      }
    }
  }
  for (const id of before.keys()) {
    if (!seen.has(id)) {
      found.removed.push(id);
    }
  }
  return found;
}
