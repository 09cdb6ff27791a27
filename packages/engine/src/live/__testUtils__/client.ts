import { setTimeout as delay } from 'timers/promises';
import { GremlinAnswer } from '../../gremlin/result';
import { NodeFilter } from '../../store/nodeFilter';
import { isElement, isGraph, LiveElement, LiveMessage } from '../liveMessage';
import { LiveQueries } from '../liveQueries';

const PATIENCE = 10_000;

/** One who listens to a live query, and applies what they hear to what they have. */
export class Client {
  readonly heard: LiveMessage[] = [];
  #elements = new Map<string, LiveElement>();
  #value: GremlinAnswer['value'] = [];
  #reads: number;
  #goOn: (() => void) | undefined;

  static open(
    live: LiveQueries,
    text: string,
    options: { filter?: NodeFilter; since?: number; reads?: number } = {},
  ): Client {
    const client = new Client(options.reads ?? Infinity);
    client.#listen(live, text, options);
    return client;
  }

  private constructor(reads: number) {
    this.#reads = reads;
  }

  goOn(): void {
    this.#reads = Infinity;
    this.#goOn?.();
  }

  /** Waits until it shows just that. */
  async shows(expected: GremlinAnswer['value'], when: string): Promise<void> {
    const wanted = textOf(elementsOf(expected) ?? expected);
    for (let waited = 0; this.heard.length === 0 || this.#text() !== wanted; ) {
      if (waited >= PATIENCE) {
        throw new Error(
          `${when}: shows\n${this.#text()}\ninstead of\n${wanted}`,
        );
      }
      await delay(1);
      waited += 1;
    }
  }

  began(): Promise<void> {
    return this.hears(1);
  }

  async hears(count: number): Promise<void> {
    for (let waited = 0; this.heard.length < count; waited += 5) {
      if (waited >= PATIENCE) {
        throw new Error(`heard ${this.heard.length} of ${count}`);
      }
      await delay(5);
    }
  }

  /** Long enough for a change to come. */
  async idle(): Promise<void> {
    await delay(30);
  }

  async #listen(
    live: LiveQueries,
    text: string,
    { filter, since }: { filter?: NodeFilter; since?: number },
  ): Promise<void> {
    const { signal } = new AbortController();
    for await (const message of live.subscribe(text, {
      filter,
      since,
      signal,
    })) {
      this.#take(message);
      this.heard.push(message);
      if (this.heard.length >= this.#reads) {
        await new Promise<void>(resolve => {
          this.#goOn = resolve;
        });
      }
    }
  }

  #take(message: LiveMessage): void {
    if (message.type === 'answer') {
      this.#value = message.value;
      this.#elements = new Map(
        (elementsOf(message.value) ?? []).map(each => [each.ID, each]),
      );
    } else if (message.type === 'changes') {
      this.#value = [];
      message.removed.forEach(id => this.#elements.delete(id));
      for (const element of [...message.added, ...message.changed]) {
        this.#elements.set(element.ID, element);
      }
    }
  }

  #text(): string {
    const isList = elementsOf(this.#value) !== undefined;
    return textOf(isList ? [...this.#elements.values()] : this.#value);
  }
}

function elementsOf(value: GremlinAnswer['value']): LiveElement[] | undefined {
  if (!Array.isArray(value)) {
    return undefined;
  }
  const elements = value.flatMap((each: unknown) =>
    isGraph(each) ? [...each.Nodes, ...each.Edges] : [each],
  );
  return elements.every(isElement) ? elements : undefined;
}

/** A set of elements, whatever their order and number; anything else as it is. */
function textOf(value: GremlinAnswer['value'] | LiveElement[]): string {
  return Array.isArray(value) && value.every(isElement)
    ? [...new Set(value.map(each => JSON.stringify(each)))].sort().join('\n')
    : JSON.stringify(value);
}
