import { Incident, Incidents } from '../analysis/incident';
import { IncidentChange, IncidentRecord } from './incidentRecord';
import { IncidentTuning } from './incidentTuning';

interface Open {
  record: IncidentRecord;
  print: string;
  /** Since when it is not seen any more. */
  absentSince?: number;
}

/**
 * The incidents of one cluster over time: fed with what each look at it finds, tells what opened, changed or was
 * resolved.
 */
export class IncidentLedger {
  readonly #cluster: string;
  readonly #tuning: Pick<IncidentTuning, 'opensAfter' | 'resolvedAfter'>;
  readonly #open = new Map<string, Open>();
  /** Seen, and not for long enough. */
  readonly #pending = new Map<string, number>();

  /** @param open those that were open when this process began */
  constructor(
    cluster: string,
    open: readonly IncidentRecord[],
    tuning: Pick<IncidentTuning, 'opensAfter' | 'resolvedAfter'>,
  ) {
    this.#cluster = cluster;
    this.#tuning = tuning;
    for (const record of open) {
      const { incident } = record;
      this.#open.set(incident.id, { record, print: printOf(incident) });
    }
  }

  look(now: number, { incidents, cut }: Incidents): IncidentChange[] {
    const changes: IncidentChange[] = [];
    const seen = new Set(incidents.map(({ id }) => id));
    for (const incident of incidents) {
      const change = this.#open.has(incident.id)
        ? this.#meet(now, incident)
        : this.#await(now, incident);
      if (change) {
        changes.push(change);
      }
    }
    for (const id of this.#pending.keys()) {
      if (!seen.has(id)) {
        this.#pending.delete(id);
      }
    }
    // What a bound left out may be there all the same.
    if (cut === undefined) {
      for (const [id, open] of this.#open) {
        if (!seen.has(id)) {
          changes.push(...this.#miss(now, id, open));
        }
      }
    }
    return changes;
  }

  /** When time alone opens or resolves something; milliseconds since the epoch. */
  nextLook(): number | undefined {
    const times = [
      ...[...this.#pending.values()].map(
        since => since + this.#tuning.opensAfter,
      ),
      ...[...this.#open.values()].flatMap(({ absentSince }) =>
        absentSince === undefined
          ? []
          : [absentSince + this.#tuning.resolvedAfter],
      ),
    ];
    return times.length > 0 ? Math.min(...times) : undefined;
  }

  #meet(now: number, incident: Incident): IncidentChange | undefined {
    const open = this.#open.get(incident.id)!;
    open.absentSince = undefined;
    const print = printOf(incident);
    if (print === open.print) {
      return undefined;
    }
    open.print = print;
    open.record = { ...open.record, incident, changedAt: now };
    return { type: 'changed', record: open.record };
  }

  #await(now: number, incident: Incident): IncidentChange | undefined {
    const since = this.#pending.get(incident.id) ?? now;
    if (now - since < this.#tuning.opensAfter) {
      this.#pending.set(incident.id, since);
      return undefined;
    }
    this.#pending.delete(incident.id);
    const record = {
      cluster: this.#cluster,
      openedAt: since,
      changedAt: now,
      incident,
    };
    this.#open.set(incident.id, { record, print: printOf(incident) });
    return { type: 'opened', record };
  }

  #miss(now: number, id: string, open: Open): IncidentChange[] {
    open.absentSince ??= now;
    if (now - open.absentSince < this.#tuning.resolvedAfter) {
      return [];
    }
    this.#open.delete(id);
    return [
      {
        type: 'resolved',
        record: {
          ...open.record,
          changedAt: now,
          resolvedAt: open.absentSince,
        },
      },
    ];
  }
}

/** What makes it worth telling again. */
function printOf({ severity, confidence, affected, more }: Incident): string {
  return JSON.stringify([
    severity,
    confidence,
    affected.map(({ key }) => key).sort(),
    more,
  ]);
}
