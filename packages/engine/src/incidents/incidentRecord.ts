import { Incident } from '../analysis/incident';

/** An incident from when it opened. Times in milliseconds since the epoch. */
export interface IncidentRecord {
  cluster: string;
  openedAt: number;
  /** When its severity, its confidence or whom it affects changed last. */
  changedAt: number;
  /** Absent while it is open. */
  resolvedAt?: number;
  /** As it was told last. */
  incident: Incident;
}

/** What happened to an incident. */
export interface IncidentChange {
  type: 'opened' | 'changed' | 'resolved';
  record: IncidentRecord;
}
