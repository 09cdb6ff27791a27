import { Observation } from '../kinds/observation';
import { KindUpdate } from '../kinds/update';

/** The objects that an update brings; Events are none. */
export function observationsOf(update: KindUpdate): Observation[] {
  switch (update.type) {
    case 'page':
      return update.observed.flatMap(observed =>
        observed.type === 'object' ? [observed] : [],
      );
    case 'changed':
      return update.changes.flatMap(change =>
        change.type === 'upsert' && change.observed.type === 'object'
          ? [change.observed]
          : [],
      );
    default:
      return [];
  }
}
