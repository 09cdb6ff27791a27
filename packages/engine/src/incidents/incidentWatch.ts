import { Incidents } from '../analysis/incident';
import { Clock } from '../cluster/clock';
import { Logger } from '../cluster/logger';
import { LeaseLostError } from '../store/clusterLease';
import { IncidentLedger } from './incidentLedger';
import { IncidentChange, IncidentRecord } from './incidentRecord';
import { IncidentTuning } from './incidentTuning';

/** After a look that took t, a pause of so many times t. */
const PAUSE = 5;
/** Verdicts change by time alone, too. */
const AT_LEAST_EVERY = 30_000;

export interface IncidentWatchOptions {
  cluster: string;
  /** Whether all that is stored is how it is: while lists come in, things seem missing. */
  isReady(): Promise<boolean>;
  look(): Promise<Incidents>;
  readOpen(): Promise<IncidentRecord[]>;
  write(changes: readonly IncidentChange[]): Promise<void>;
  onChanges(changes: readonly IncidentChange[]): void;
  clock: Clock;
  logger: Logger;
  tuning: IncidentTuning;
}

/** Follows the incidents of one cluster, on the one replica that follows the cluster. */
export class IncidentWatch {
  readonly #options: IncidentWatchOptions;
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;
  #wake: AbortController | undefined;
  #isChanged = true;

  constructor(options: IncidentWatchOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Something was written. */
  heard(): void {
    this.#isChanged = true;
    this.#wake?.abort();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    this.#wake?.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { cluster, readOpen, clock, logger, tuning } = this.#options;
    const { signal } = this.#stop;
    let ledger: IncidentLedger | undefined;
    let pause = 0;
    while (!signal.aborted) {
      await clock.sleep(Math.max(tuning.every, pause), signal);
      const began = clock.now();
      try {
        ledger ??= new IncidentLedger(cluster, await readOpen(), tuning);
        await this.#look(ledger);
      } catch (error) {
        if (error instanceof LeaseLostError) {
          return;
        }
        logger.warn(`Incidents of ${cluster} could not be followed: ${error}`);
        // What was not written has to be found again.
        ledger = undefined;
      }
      pause = PAUSE * (clock.now() - began);
      await this.#untilChange(ledger?.nextLook());
    }
  }

  async #look(ledger: IncidentLedger): Promise<void> {
    const { isReady, look, write, onChanges, clock } = this.#options;
    if (!(await isReady())) {
      return;
    }
    this.#isChanged = false;
    const changes = ledger.look(clock.now(), await look());
    if (changes.length > 0) {
      await write(changes);
      onChanges(changes);
    }
  }

  async #untilChange(next: number | undefined): Promise<void> {
    if (this.#isChanged || this.#stop.signal.aborted) {
      return;
    }
    const { clock } = this.#options;
    this.#wake = new AbortController();
    const untilNext = next === undefined ? Infinity : next - clock.now();
    await clock.sleep(
      Math.max(0, Math.min(AT_LEAST_EVERY, untilNext)),
      this.#wake.signal,
    );
    this.#wake = undefined;
  }
}
