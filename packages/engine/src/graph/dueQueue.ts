import { GraphNode } from './graphNode';

interface Entry {
  at: number;
  node: GraphNode;
}

/** Nodes by the time at which their verdict has to be looked at again: a binary heap; outdated entries are skipped. */
export class DueQueue {
  readonly #heap: Entry[] = [];

  /** Sets `node.due`; `Infinity` takes it out. */
  schedule(node: GraphNode, at: number): void {
    if (node.due === at) {
      return;
    }
    node.due = at;
    if (at !== Infinity) {
      this.#push({ at, node });
    }
  }

  next(): number | undefined {
    this.#dropOutdated();
    return this.#heap[0]?.at;
  }

  /** Takes out what is due. */
  *due(now: number): Iterable<GraphNode> {
    for (;;) {
      this.#dropOutdated();
      const first = this.#heap[0];
      if (!first || first.at > now) {
        return;
      }
      this.#pop();
      first.node.due = Infinity;
      yield first.node;
    }
  }

  #dropOutdated(): void {
    while (
      this.#heap.length > 0 &&
      this.#heap[0].node.due !== this.#heap[0].at
    ) {
      this.#pop();
    }
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (heap[parent].at <= entry.at) {
        break;
      }
      heap[at] = heap[parent];
      at = parent;
    }
    heap[at] = entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop()!;
    if (heap.length === 0) {
      return;
    }
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) {
        break;
      }
      if (child + 1 < heap.length && heap[child + 1].at < heap[child].at) {
        child++;
      }
      if (heap[child].at >= last.at) {
        break;
      }
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = last;
  }
}
