import {
  IncidentRecord,
  NodeKey,
  parseNodeKey,
} from '@kubernetes-topology/engine';

/** More open incidents than this at a time are left out of the search index, the oldest change first. */
export const MAX_INCIDENTS = 1_000;

const GRAVEST = ['critical', 'warning', 'info'] as const;

interface Found {
  fault: string;
  rank: number;
}

/** By which fault an object can be found: that of the gravest open incident that it causes or suffers from. */
export class OpenFaults {
  readonly #byKey = new Map<string, Found>();

  private constructor() {}

  static of(records: readonly IncidentRecord[]): OpenFaults {
    const faults = new OpenFaults();
    for (const { incident } of records) {
      const rank = GRAVEST.indexOf(incident.severity);
      faults.#add(incident.root.key, { fault: incident.fault, rank });
      for (const { key, namespace } of incident.affected) {
        if (mayKnow(namespace, incident.root.key)) {
          faults.#add(key, { fault: incident.fault, rank });
        }
      }
    }
    return faults;
  }

  of(key: NodeKey): string | undefined {
    return this.#byKey.get(key)?.fault;
  }

  #add(key: string, found: Found): void {
    const former = this.#byKey.get(key);
    if (!former || found.rank < former.rank) {
      this.#byKey.set(key, found);
    }
  }
}

/** Who may read an object need not see other namespaces: it does not tell of a fault that lies there. */
function mayKnow(namespace: string, root: NodeKey): boolean {
  const at = parseNodeKey(root)?.namespace;
  return at === '' || at === namespace;
}
