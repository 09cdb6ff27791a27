import { NodeKey, kindText } from '../kinds/identity';
import { PROBLEM_LEVELS } from '../kinds/status';
import { isSuspect } from './suspect';
import { unexplainedText } from './answer';
import { isKind } from './causalGraph';
import { Cause, causeId } from './cause';
import { Examined, VictimReader, examineVictims } from './examineVictims';
import { staysUnexplained } from './explain';
import { Incidents } from './incident';
import { CausalNode } from './rootCause';
import { IncidentParts, compareIncidents, tellIncident } from './tellIncident';
import { Victim, VictimOptions } from './victim';

/** Reads what is in trouble, beside what explains it. */
export interface IncidentReader extends VictimReader {
  /** In the order of their ids; `more`: there are more than the limit. */
  victims(
    options: VictimOptions,
  ): Promise<{ victims: Victim[]; more: boolean }>;
  /** Those that cannot be read at present; of these clusters, or of all. */
  outdated(
    clusters: readonly string[] | undefined,
  ): Promise<NonNullable<Incidents['outdated']>>;
  /** What is left of these; in the order of the keys. */
  nodes(keys: readonly NodeKey[]): Promise<CausalNode[]>;
}

export interface IncidentOptions extends Partial<VictimOptions> {
  /** Milliseconds since the epoch: what has come due until then holds. */
  now: number;
  /**
   * Of a source that does not go on, as a dump: what is within its grace is not waited for where Kubernetes says what is
   * wrong.
   */
  eager?: boolean;
  /** At most so many incidents; default 200. */
  most?: number;
}

const TEMPLATE_KINDS = [
  'Deployment',
  'ReplicaSet',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CronJob',
];
const MOST_VICTIMS = 50_000;
const MOST_INCIDENTS = 200;
/** Affected objects that an incident names; the others are counted. */
const MOST_AFFECTED = 500;
const MOST_UNEXPLAINED = 500;

/**
 * All that is in trouble in a source, by what it starts from: symptoms that share a cause are one incident, counted
 * once. Of many victims that are alike a few are looked at.
 */
export async function incidentsOf(
  reader: IncidentReader,
  options: IncidentOptions,
): Promise<Incidents> {
  const { now, most = MOST_INCIDENTS, limit = MOST_VICTIMS } = options;
  const { victims, more } = await reader.victims({ ...options, limit });
  const { examined, left } = await examineVictims(reader, victims, now);
  const parts = partsOf(examined, options.eager ?? false);
  const shown = await shownNodes(reader, parts.slice(0, most));
  const incidents = parts
    .slice(0, most)
    .map(part => tellIncident(part, shown, MOST_AFFECTED, !options.keys))
    .sort(compareIncidents);
  const unexplained = unexplainedOf(examined);
  const outdated = await reader.outdated(options.clusters);
  const cut = [
    more && `only the first ${limit} objects in trouble were looked at`,
    left > 0 && `${left} objects in trouble were not looked at`,
    parts.length > most && `${parts.length - most} more incidents`,
    unexplained.length > MOST_UNEXPLAINED &&
      `${unexplained.length - MOST_UNEXPLAINED} more that nothing explains`,
  ].filter(text => text !== false);
  return {
    incidents,
    unexplained: unexplained.slice(0, MOST_UNEXPLAINED),
    ...(outdated.length > 0 && { outdated }),
    ...(cut.length > 0 && { cut: `Left out: ${cut.join('; ')}.` }),
  };
}

/**
 * A victim's proven causes are all true; of those that are merely likely the best one counts, and the others are its
 * rivals. What is only a rival everywhere is no incident.
 */
function partsOf(
  examined: readonly Examined[],
  eager: boolean,
): IncidentParts[] {
  const parts = new Map<string, IncidentParts>();
  const suffering = examined.filter(
    // That something is absent is no harm by itself: those who need it and are down make it one.
    ({ node, explained }) =>
      node.verdict.level !== 'missing' &&
      explained.causes.length > 0 &&
      !explained.causes.every(isTransient),
  );
  for (const { node, explained } of suffering) {
    for (const cause of trueCauses(explained.causes)) {
      if (!isHarm(node, cause, eager)) {
        continue;
      }
      const id = causeId(cause);
      const part = parts.get(id);
      if (!part) {
        parts.set(id, { cause, groups: [], rivals: new Map() });
      } else if (isBetter(cause, part.cause)) {
        part.cause = cause;
      }
    }
  }
  for (const group of suffering) {
    const { causes } = group.explained;
    const own = causes.filter(cause => parts.has(causeId(cause)));
    const rivals = causes.filter(cause => !parts.has(causeId(cause)));
    for (const cause of own) {
      const part = parts.get(causeId(cause))!;
      part.groups.push({ victims: group.victims, node: group.node });
      rivals.forEach(rival => part.rivals.set(causeId(rival), rival));
    }
  }
  return [...parts.values()];
}

/**
 * It is on its way, within its grace: nothing is broken yet, and most often nothing will be. What has no end of its own
 * in sight is another matter: a claim that waits until a node is picked, and no volume would do.
 */
function isTransient({ root }: Cause): boolean {
  const { level, sequel } = root.node.verdict;
  return (
    root.fault === 'PodStarting' ||
    (level === 'progressing' &&
      sequel !== undefined &&
      // A workload is given time as a whole, while its template may be wrong at once.
      !isKind(root.node, 'Pod', ...TEMPLATE_KINDS))
  );
}

/**
 * What ends as asked takes its faults along: it suffers with others, and alone from a lost node only. What is within its
 * grace suffers with others; where nobody can wait, alone from what Kubernetes says is wrong with a pod.
 */
function isHarm(
  { kind, verdict }: Examined['node'],
  { root, confidence }: Cause,
  eager: boolean,
): boolean {
  const rootIsNode = root.node.kind.kind === 'Node';
  switch (verdict.level) {
    case 'terminating':
      return rootIsNode;
    case 'progressing':
      // What goes on for ever is a suspect: an autoscaler that is set back each time (S124).
      if (isSuspect({ kind: kindText(kind), ...verdict })) {
        return true;
      }
      return (
        eager &&
        kind.kind === 'Pod' &&
        confidence === 'proven' &&
        !rootIsNode &&
        PROBLEM_LEVELS.has(verdict.sequel?.verdict.level ?? 'ok')
      );
    default:
      return true;
  }
}

function trueCauses(causes: readonly Cause[]): Cause[] {
  const proven = causes.filter(({ confidence }) => confidence === 'proven');
  return proven.length > 0 ? proven : causes.slice(0, 1);
}

/** Proven rather than likely, then the longer cascade. */
function isBetter(a: Cause, b: Cause): boolean {
  return a.confidence === b.confidence
    ? a.hops.length > b.hops.length
    : a.confidence === 'proven';
}

async function shownNodes(
  reader: IncidentReader,
  parts: readonly IncidentParts[],
): Promise<ReadonlyMap<NodeKey, CausalNode>> {
  const keys = new Set(
    parts.flatMap(({ groups }) =>
      groups
        .flatMap(({ victims }) => victims)
        .slice(0, MOST_AFFECTED)
        .map(({ key }) => key),
    ),
  );
  const nodes = await reader.nodes([...keys]);
  return new Map(nodes.map(node => [node.key, node]));
}

/** Nearest to where it starts: a workload whose pods are told of is not told of again. */
function unexplainedOf(
  examined: readonly Examined[],
): Incidents['unexplained'] {
  const silent = examined.filter(
    ({ node, explained }) =>
      node.verdict.level !== 'missing' && staysUnexplained(node, explained),
  );
  const keys = new Set(
    silent.flatMap(({ victims }) => victims.map(({ key }) => key)),
  );
  const lowest = silent.filter(
    ({ explained }) => !explained.silent?.some(key => keys.has(key)),
  );
  return lowest.map(({ node, explained, victims }) => ({
    node: {
      key: node.key,
      kind: node.kind.kind,
      namespace: node.namespace,
      name: node.name,
      verdict: node.verdict,
    },
    because:
      unexplainedText(node, explained.because) +
      (victims.length > 1 ? ` (and ${victims.length - 1} more like it)` : ''),
  }));
}
