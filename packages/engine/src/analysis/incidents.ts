import { createHash } from 'node:crypto';
import { NodeKey } from '../kinds/identity';
import { PROBLEM_LEVELS } from '../kinds/status';
import { causesOf } from './analyse';
import { CausalReader } from './causalGraph';
import { Incident, Incidents } from './incident';
import { CausalNode } from './rootCause';

/** What is in trouble, as the incidents of a source are made from it. */
export interface VictimReader extends CausalReader {
  victims(options: VictimOptions): Promise<CausalNode[]>;
}

export interface VictimOptions {
  /** Only of these clusters; default: all. */
  clusters?: readonly string[];
  /** Only these nodes; default: all. */
  keys?: readonly NodeKey[];
}

export async function incidentsOf(
  reader: VictimReader,
  options: VictimOptions & { now: number },
): Promise<Incidents> {
  const victims = await reader.victims(options);
  const byKey = new Map(victims.map(victim => [victim.key, victim]));
  const { causes, unexplained } = await causesOf(
    reader,
    victims.map(({ key }) => key),
    options,
  );
  const incidents = causes.map(
    ({ affected, root, path, ...cause }): Incident => ({
      id: incidentId(root.key, cause.fault),
      root,
      path,
      ...cause,
      severity: 'critical',
      evidence: path.flatMap(({ evidence }) => evidence),
      affected: affected
        .filter(
          key => key !== root.key || PROBLEM_LEVELS.has(root.verdict.level),
        )
        .flatMap(key => byKey.get(key) ?? []),
      more: 0,
      rivals: [],
    }),
  );
  return {
    incidents,
    unexplained: unexplained.flatMap(key => {
      const node = byKey.get(key);
      return node ? [{ node, because: node.verdict.message ?? '' }] : [];
    }),
  };
}

/** The same over updates, restarts and replicas. */
export function incidentId(root: NodeKey, fault: string): string {
  return createHash('sha256')
    .update(`${root} ${fault}`)
    .digest('hex')
    .slice(0, 16);
}
