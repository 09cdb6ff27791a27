import { Changes } from './changes';
import { judgeInContext } from './contextJudge';
import { DueQueue } from './dueQueue';
import { EventBook } from './eventBook';
import { verdictPrint } from './fingerprint';
import { GraphNode } from './graphNode';
import { NodeSet } from './nodeSet';
import { judgeOwn } from './ownJudge';

/** Finds verdicts anew: the own one first, then with the neighbours in view; and knows when time changes one. */
export class Judging {
  readonly #changes: Changes;
  readonly #events: EventBook;
  readonly #nodes: NodeSet;
  readonly #due = new DueQueue();

  constructor(graph: { changes: Changes; events: EventBook; nodes: NodeSet }) {
    this.#changes = graph.changes;
    this.#events = graph.events;
    this.#nodes = graph.nodes;
  }

  nextDue(): number | undefined {
    return this.#due.next();
  }

  takeDue(now: number): void {
    for (const node of this.#due.due(now)) {
      this.#changes.unjudged.add(node);
      this.#changes.seenDifferently.add(node);
    }
  }

  /** @param inContext whether all lists are there, so that neighbours can be judged by */
  judge(now: number, inContext: boolean): void {
    const { unjudged, seenDifferently, relinked } = this.#changes;
    for (const node of unjudged) {
      if (node.presence !== 'restored') {
        this.#judgeOwn(node, now);
      }
    }
    unjudged.clear();
    this.#dropUnfounded();
    let judged: ReadonlySet<GraphNode> = seenDifferently;
    if (inContext) {
      judged = judgeInContext(this.#changes, now);
    } else {
      for (const node of judged) {
        node.verdict = node.own;
      }
    }
    for (const node of judged) {
      if (node.presence !== 'restored') {
        this.#takeVerdict(node);
      }
    }
    seenDifferently.clear();
    relinked.clear();
  }

  /** An Event that is gone, about what nobody knows, explains nothing. */
  #dropUnfounded(): void {
    const { unknownSubjects } = this.#changes;
    for (const key of unknownSubjects) {
      if (!this.#nodes.get(key)) {
        for (const event of this.#events.about(key)) {
          if (event.withdrawn) {
            this.#events.drop(event);
          }
        }
      }
    }
    unknownSubjects.clear();
  }

  #judgeOwn(node: GraphNode, now: number): void {
    const events = this.#events.about(node.key);
    const { own, due, expired } = judgeOwn(node, events, now);
    for (const event of expired) {
      this.#events.drop(event);
    }
    const print = own === node.declared ? node.currentPrint : verdictPrint(own);
    if (print !== node.ownPrint) {
      node.own = own;
      node.ownPrint = print;
      this.#changes.seenDifferently.add(node);
    } else if (own !== node.own) {
      // A heartbeat: nothing but the time of the sequel is new.
      node.verdict = node.verdict === node.own ? own : node.verdict;
      node.own = own;
    }
    node.ownDue = due;
    this.#schedule(node);
  }

  #takeVerdict(node: GraphNode): void {
    const print =
      node.verdict === node.own ? node.ownPrint : verdictPrint(node.verdict);
    if (print !== node.verdictPrint) {
      node.verdictPrint = print;
      this.#changes.nodes.add(node);
    }
    this.#schedule(node);
  }

  #schedule(node: GraphNode): void {
    const { own, verdict } = node;
    // The own verdict's sequel is in `ownDue` already.
    const due = (verdict !== own && verdict.sequel?.at) || Infinity;
    this.#due.schedule(
      node,
      node.presence === 'observed' ? Math.min(node.ownDue, due) : Infinity,
    );
  }
}
