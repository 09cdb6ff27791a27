import { Moment } from '../../store/moment';
import { sql, Sql } from './sql';

/** Names may hold a `|` themselves; nobody has an object with more of them. */
const MOST_SEPARATORS = 12;

/** `<source key>|<relation>|<target key>` as conditions on the row `e`: one for each way to read it. */
export function edgeIdReadings(id: string, moment: Moment): Sql[] {
  const parts = id.split('|');
  if (parts.length > MOST_SEPARATORS) {
    return [];
  }
  const nodes = Sql.table(moment.search, 'q');
  const readings: Sql[] = [];
  for (let relation = 1; relation < parts.length - 1; relation++) {
    readings.push(
      sql`(e.src = (SELECT q.id FROM ${nodes} WHERE q.key = ${parts
        .slice(0, relation)
        .join('|')}) AND e.rel = (SELECT id FROM relations WHERE name = ${
        parts[relation]
      }) AND e.dst = (SELECT q.id FROM ${nodes} WHERE q.key = ${parts
        .slice(relation + 1)
        .join('|')}))`,
    );
  }
  return readings;
}
