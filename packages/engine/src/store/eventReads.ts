import { Knex } from 'knex';
import { EventRow } from '../graph/delta';
import { NodeKey } from '../kinds/identity';
import { selectRows } from './sqlDialect';

export interface EventTableRow {
  about: NodeKey;
  reason: string;
  source: string;
  event_type: EventRow['eventType'];
  message: string;
  count: number;
  first_at: number | string;
  last_at: number | string;
}

/** Newest first. There are at most 20 for one object: the graph bounds them. */
export async function readEvents(
  knex: Knex,
  about: string,
): Promise<EventRow[]> {
  const rows = await selectRows<EventTableRow>(
    knex,
    `SELECT about, reason, source, event_type, message, count, first_at, last_at
     FROM object_events WHERE about = ? ORDER BY last_at DESC, reason, source LIMIT 100`,
    [about],
  );
  return rows.map(eventRowFrom);
}

export function eventRowFrom(row: EventTableRow): EventRow {
  return {
    about: row.about,
    reason: row.reason,
    source: row.source,
    eventType: row.event_type,
    message: row.message,
    count: Number(row.count),
    firstAt: Number(row.first_at),
    lastAt: Number(row.last_at),
  };
}
