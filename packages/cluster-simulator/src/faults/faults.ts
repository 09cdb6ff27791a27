import { RequestInfo } from '../server/requestInfo';
import { Backup } from '../storage/storage';
import { StatusError } from '../server/statusError';
import { WatchStream } from '../server/watchStream';
import { FaultAction, FaultPattern, matchesPattern } from './faultRule';

/** A fault in place. */
export interface Fault {
  /** How many requests it hit. */
  readonly hits: number;
  remove(): void;
}

/** What the faults need from the server that they disturb. */
export interface FaultTarget {
  watches(): Iterable<WatchStream>;
  /** Closes the port and cuts connections; the answer opens it again. */
  close(options: { keepWatches: boolean }): Promise<() => Promise<void>>;
  compact(): void;
  forgetHistory(): void;
  /** While the port is closed. */
  restore(backup: Backup): void;
  sleep(milliseconds: number): Promise<void>;
}

interface ActiveFault {
  pattern: FaultPattern;
  action: FaultAction;
  left: number;
  hits: number;
}

/** Scripted faults: rules for coming requests, and blows to what is open now. */
export class Faults {
  readonly #target: FaultTarget;
  #active: ActiveFault[] = [];

  constructor(target: FaultTarget) {
    this.#target = target;
  }

  /** @param times how many matching requests it hits; without it, all until removed */
  add(
    action: FaultAction,
    pattern: FaultPattern = {},
    times: number = Infinity,
  ): Fault {
    const fault: ActiveFault = { pattern, action, left: times, hits: 0 };
    this.#active.push(fault);
    return {
      get hits() {
        return fault.hits;
      },
      remove: () => {
        this.#active = this.#active.filter(active => active !== fault);
      },
    };
  }

  clear(): void {
    this.#active = [];
  }

  /** What hits this request, in the order in which it was added. */
  actionsFor(info: RequestInfo): FaultAction[] {
    const hitting = this.#active.filter(
      fault => fault.left > 0 && matchesPattern(fault.pattern, info),
    );
    for (const fault of hitting) {
      fault.left -= 1;
      fault.hits += 1;
    }
    this.#active = this.#active.filter(fault => fault.left > 0);
    return hitting.map(fault => fault.action);
  }

  /** Cuts open watches; the answer is how many. */
  dropWatches(resource?: string): number {
    return this.#eachWatch(resource, watch => watch.cut());
  }

  /** Ends open watches cleanly, as after `timeoutSeconds`. */
  endWatches(resource?: string): number {
    return this.#eachWatch(resource, watch => watch.end());
  }

  /** Leaves open watches open, and silent for good. */
  silenceWatches(resource?: string): number {
    return this.#eachWatch(resource, watch => watch.silence());
  }

  /** Ends open watches within an event. */
  tearWatches(end: 'clean' | 'reset', resource?: string): number {
    return this.#eachWatch(resource, watch => watch.tear(end));
  }

  /** Sends 410 as an ERROR event into open watches and ends them. */
  expireWatches(resource?: string): number {
    return this.#eachWatch(resource, watch =>
      watch.fail(
        StatusError.expired(
          'The resourceVersion for the provided watch is too old.',
        ),
      ),
    );
  }

  /** Exact older revisions and continue tokens end in 410 from now on; watches still resume. */
  compact(): void {
    this.#target.compact();
  }

  /** Every revision that a client has seen is too old from now on: lists and watches end in 410. */
  forgetHistory(): void {
    this.#target.forgetHistory();
  }

  /**
   * Refuses connections for a while. Open watches are cut, or stay open and silent as when a real API server is
   * stopped. Resolves when it is back.
   */
  async goAway(
    milliseconds: number,
    options: { watches?: 'cut' | 'silent' } = {},
  ): Promise<void> {
    const keepWatches = options.watches === 'silent';
    if (keepWatches) {
      this.silenceWatches();
    }
    const reopen = await this.#target.close({ keepWatches });
    await this.#target.sleep(milliseconds);
    await reopen();
  }

  /** As `goAway`; the server comes back with what a backup holds, at its older resource version. */
  async restore(backup: Backup, milliseconds: number = 0): Promise<void> {
    const reopen = await this.#target.close({ keepWatches: false });
    this.#target.restore(backup);
    await this.#target.sleep(milliseconds);
    await reopen();
  }

  /** As `goAway`, and every revision seen before is too old afterwards. */
  async restart(milliseconds: number = 0): Promise<void> {
    this.forgetHistory();
    await this.goAway(milliseconds);
  }

  #eachWatch(
    resource: string | undefined,
    action: (watch: WatchStream) => void,
  ): number {
    const watches = [...this.#target.watches()].filter(
      watch => resource === undefined || watch.resource === resource,
    );
    watches.forEach(action);
    return watches.length;
  }
}
