import { NodeKey } from '../kinds/identity';
import { EVENT, sameKind } from '../kinds/kindIds';
import { KindUpdate } from '../kinds/update';
import { Changes } from './changes';
import { KindState } from './delta';
import { EventBook } from './eventBook';
import { GraphKind } from './graphKind';
import { GraphNode } from './graphNode';
import { NodeSet } from './nodeSet';
import { Objects } from './objects';

/** What a list of a kind, or the want of one, says of all its objects at once. */
export class KindLists {
  readonly #nodes: NodeSet;
  readonly #objects: Objects;
  readonly #events: EventBook;
  readonly #changes: Changes;

  constructor(graph: {
    nodes: NodeSet;
    objects: Objects;
    events: EventBook;
    changes: Changes;
  }) {
    this.#nodes = graph.nodes;
    this.#objects = graph.objects;
    this.#events = graph.events;
    this.#changes = graph.changes;
  }

  begin(kind: GraphKind): KindState {
    kind.listing = true;
    kind.generation++;
    // A server that was set back tells of older heartbeats; those of before it prove no silence.
    kind.heard = -Infinity;
    kind.progress = { objects: 0 };
    return { state: 'listing', kind: kind.id };
  }

  /** A page of the list was taken. */
  advance(
    { progress }: GraphKind,
    { observed, remaining }: Extract<KindUpdate, { type: 'page' }>,
  ): void {
    progress.objects += observed.length;
    if (remaining !== undefined) {
      progress.expected = progress.objects + remaining;
    }
  }

  /** What was on no page of the list is gone. */
  finish(
    kind: GraphKind,
    {
      resourceVersion,
      within,
      message,
    }: Extract<KindUpdate, { type: 'listed' }>,
  ): KindState {
    kind.listing = false;
    kind.knowledge = {
      state: 'complete',
      within: within && new Set(within),
      message,
    };
    kind.resourceVersion = resourceVersion;
    this.#remove(kind, node => node.generation < kind.generation);
    this.#withdrawEvents(kind, kind.generation);
    this.#rejudgeUnobserved(kind);
    return listedState(kind);
  }

  /** It is read from now on: what is referred to and was not known of waits for its list. */
  expect(kind: GraphKind): KindState {
    this.#rejudgeUnobserved(kind);
    return { state: 'listing', kind: kind.id };
  }

  giveUp(
    kind: GraphKind,
    { why, message }: Extract<KindUpdate, { type: 'unavailable' }>,
  ): KindState {
    kind.listing = false;
    kind.knowledge = { state: why, message };
    // What may not be read any more is not shown any more; a failure, however, passes, and its objects stay.
    if (why !== 'failing') {
      this.#remove(kind, () => true);
      this.#withdrawEvents(kind, Infinity);
    }
    this.#rejudgeUnobserved(kind);
    return { state: why, kind: kind.id, message };
  }

  /** Events about these objects changed. */
  rejudge(keys: Iterable<NodeKey>): void {
    for (const key of keys) {
      const node = this.#nodes.get(key);
      if (node) {
        this.#changes.unjudged.add(node);
      } else {
        this.#changes.unknownSubjects.add(key);
      }
    }
  }

  #remove(kind: GraphKind, isGone: (node: GraphNode) => boolean): void {
    for (const node of [...kind.observedNodes()]) {
      if (!node.partOf && isGone(node)) {
        this.#objects.remove(node);
      }
    }
    for (const node of [...kind.unobserved]) {
      if (node.presence === 'restored' && node.uid !== undefined) {
        this.#objects.remove(node);
      }
    }
  }

  /** What is known of a kind changed, and so what is said of those that were not observed. */
  #rejudgeUnobserved(kind: GraphKind): void {
    for (const node of kind.unobserved) {
      this.#changes.unjudged.add(node);
    }
  }

  #withdrawEvents(kind: GraphKind, before: number): void {
    if (sameKind(kind.id, EVENT)) {
      const gone = this.#events.unseenSince(before);
      for (const event of gone) {
        event.withdrawn = true;
      }
      this.rejudge(gone.map(event => event.about));
    }
  }
}

export function listingState({ id, progress }: GraphKind): KindState {
  return { state: 'listing', kind: id, ...progress };
}

export function listedState(kind: GraphKind): KindState {
  const { id, resourceVersion, objects, knowledge } = kind;
  const message =
    knowledge.state === 'complete' ? knowledge.message : undefined;
  return {
    state: 'listed',
    kind: id,
    resourceVersion,
    objects,
    ...(message && { message }),
  };
}
