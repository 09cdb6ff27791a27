import { Folding, WorkloadConnection } from './folding';
import { Reachability } from './reachability';
import { outsideEnds, WorkloadEnd, workloadEnds } from './workloads';

export interface WorkloadConnections {
  /** In order of source and destination; a workload's own are left out. */
  connections: WorkloadConnection[];
  /** Why some are left out. */
  cut?: string;
}

export const MOST_CONNECTIONS = 250_000;

/** Connections of all workloads, or of those that `concerns` with all others, and with addresses outside. */
export function workloadConnections(
  model: Reachability,
  options: {
    concerns?: (end: WorkloadEnd) => boolean;
    limit?: number;
  } = {},
): WorkloadConnections {
  const { concerns = () => true, limit = MOST_CONNECTIONS } = options;
  const folding = new Folding(model);
  const inside = workloadEnds(model);
  const sources = [...outsideEnds(model, 'ingress'), ...inside];
  const destinations = [...outsideEnds(model, 'egress'), ...inside];
  const concerned = new Set(inside.filter(concerns));
  const connections: WorkloadConnection[] = [];
  for (const source of byText(sources)) {
    for (const destination of byText(destinations)) {
      if (
        source.text === destination.text ||
        !(concerned.has(source) || concerned.has(destination))
      ) {
        continue;
      }
      const connection = folding.between(source, destination);
      if (connection && connections.length === limit) {
        return {
          connections,
          cut: `only the first ${limit} connections are told; ask for one namespace`,
        };
      }
      if (connection) {
        connections.push(connection);
      }
    }
  }
  return { connections };
}

function byText(ends: readonly WorkloadEnd[]): WorkloadEnd[] {
  return [...ends].sort((a, b) => {
    if (a.text === b.text) {
      return 0;
    }
    return a.text < b.text ? -1 : 1;
  });
}
