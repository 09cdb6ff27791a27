import { createHash } from 'node:crypto';
import { NodeKey } from '../kinds/identity';
import { Evidence, PROBLEM_LEVELS } from '../kinds/status';
import { severityOf } from '../store/severity';
import { causalNode, rootCauseOf } from './answer';
import { CausalGraphNode } from './causalGraph';
import { Cause } from './cause';
import { called } from './finding';
import { Incident, IncidentSeverity, RivalCause } from './incident';
import { CausalNode } from './rootCause';
import { Victim } from './victim';

/** What an incident is told from. */
export interface IncidentParts {
  /** With the longest cascade. */
  cause: Cause;
  groups: { victims: Victim[]; node: CausalGraphNode }[];
  /** By `causeId`: what else could explain some of the victims. */
  rivals: Map<string, Cause>;
}

const WORKLOADS: ReadonlySet<string> = new Set([
  'Deployment',
  'ReplicaSet',
  'StatefulSet',
  'DaemonSet',
  'Job',
]);

/** Kinds that somebody uses: when one of them is down, somebody is not served. */
const SERVING: ReadonlySet<string> = new Set([
  'Service',
  'Ingress.networking.k8s.io',
  'HTTPRoute.gateway.networking.k8s.io',
  'GRPCRoute.gateway.networking.k8s.io',
  'Gateway.gateway.networking.k8s.io',
  'Deployment.apps',
  'StatefulSet.apps',
  'DaemonSet.apps',
  'ReplicationController',
  'APIService.apiregistration.k8s.io',
  'ValidatingWebhookConfiguration.admissionregistration.k8s.io',
  'MutatingWebhookConfiguration.admissionregistration.k8s.io',
  'Node',
]);

/**
 * @param shown the affected objects as they are read, by key
 * @param most affected objects that are named; the others are counted
 * @param whole whether all objects were asked about: then workloads between root and victims are affected, too
 */
export function tellIncident(
  parts: IncidentParts,
  shown: ReadonlyMap<NodeKey, CausalNode>,
  most: number,
  whole: boolean,
): Incident {
  const { cause, groups } = parts;
  const victims = groups.flatMap(group => group.victims);
  const told = rootCauseOf(
    { ...cause, support: victims.length },
    groups.map(({ node }) => node).sort(graver),
  );
  const keys = new Set(victims.map(({ key }) => key));
  const between = told.path
    .map(({ node }) => node)
    .filter(node => whole && !keys.has(node.key) && suffersOnTheWay(node));
  const affected = [
    ...victims.flatMap(({ key }) => shown.get(key) ?? []),
    ...between,
  ]
    .sort(
      (a, b) =>
        severityOf(a.verdict.level) - severityOf(b.verdict.level) ||
        (a.key < b.key ? -1 : 1),
    )
    .slice(0, most);
  return {
    id: incidentId(told.root.key, told.fault),
    ...told,
    since: sinceOf(cause, told.since, victims),
    severity: severityOfIncident(told.fault, victims),
    evidence: distinctEvidence(told.path.flatMap(({ evidence }) => evidence)),
    affected,
    more: victims.length + between.length - affected.length,
    rivals: [...parts.rivals.values()].map(rival =>
      rivalOf(rival, cause, victims.length),
    ),
  };
}

/** A workload between root and victim that is still within its grace, and has what is wrong below it. */
function suffersOnTheWay({ kind, verdict }: CausalNode): boolean {
  return (
    WORKLOADS.has(kind) &&
    (verdict.level === 'progressing' || PROBLEM_LEVELS.has(verdict.level))
  );
}

/** The same over updates, restarts and replicas; the root's key names its cluster. */
export function incidentId(root: NodeKey, fault: string): string {
  return createHash('sha256')
    .update(`${root} ${fault}`)
    .digest('hex')
    .slice(0, 16);
}

const RANK: Readonly<Record<IncidentSeverity, number>> = {
  critical: 0,
  warning: 1,
  info: 2,
};

/** Most severe first, then proven, then what affects most, then the older. */
export function compareIncidents(a: Incident, b: Incident): number {
  return (
    RANK[a.severity] - RANK[b.severity] ||
    Number(b.confidence === 'proven') - Number(a.confidence === 'proven') ||
    b.affected.length + b.more - (a.affected.length + a.more) ||
    (a.since ?? Infinity) - (b.since ?? Infinity) ||
    (a.id < b.id ? -1 : 1)
  );
}

function graver(a: CausalGraphNode, b: CausalGraphNode): number {
  return severityOf(a.verdict.level) - severityOf(b.verdict.level);
}

/** What harms nobody as yet. */
const LATENT: ReadonlySet<string> = new Set(['StaleConfiguration']);

/** A pod that nobody controls is all there is of its workload. */
function severityOfIncident(
  fault: string,
  victims: readonly Victim[],
): IncidentSeverity {
  const isDown = victims.some(
    ({ level, kind, controller }) =>
      level === 'down' &&
      (SERVING.has(kind) || (kind === 'Pod' && controller === undefined)),
  );
  if (isDown) {
    return 'critical';
  }
  const isHarmed = victims.some(({ level }) => PROBLEM_LEVELS.has(level));
  return LATENT.has(fault) && !isHarmed ? 'info' : 'warning';
}

/**
 * Nobody says since when an absent object is absent: since our history has it so, which may be long before the first
 * victim suffered (M7), or since that one does.
 */
function sinceOf(
  { root: { node } }: Cause,
  told: number | undefined,
  victims: readonly Victim[],
): number | undefined {
  const isAbsent = node.verdict.level === 'missing';
  const first = victims.reduce(
    (earliest, { since = Infinity }) => Math.min(earliest, since),
    isAbsent ? node.updatedAt ?? Infinity : Infinity,
  );
  const earliest = first === Infinity ? undefined : first;
  return isAbsent ? earliest ?? told : told ?? earliest;
}

function rivalOf(rival: Cause, winner: Cause, explained: number): RivalCause {
  const { root, hops, confidence, quotes } = rival;
  const speaksAgainst = [
    ...(confidence === 'likely' && winner.confidence === 'proven'
      ? [
          `Nothing names it, while ${called(winner.root.node)} is named: ${
            winner.quotes[0]
              ? `"${winner.quotes[0].text}"`
              : winner.root.predicate
          }`,
        ]
      : []),
    ...(rival.support < explained
      ? [
          `It would explain ${rival.support} of ${explained} affected objects only`,
        ]
      : []),
    ...((root.since ?? -Infinity) > (winner.root.since ?? Infinity)
      ? [`It began later than ${called(winner.root.node)}`]
      : []),
  ];
  return {
    root: causalNode(root.node),
    fault: root.fault,
    speaksFor: [
      ...hops.map(({ says }) => says),
      ...quotes.map(({ who, text }) => `${who} says: "${text}"`),
    ],
    speaksAgainst:
      speaksAgainst.length > 0
        ? speaksAgainst
        : [`${called(winner.root.node)} is nearer to what is seen`],
  };
}

function distinctEvidence(evidence: readonly Evidence[]): Evidence[] {
  const byText = new Map(
    evidence.map(one => [`${one.source} ${one.field} ${one.value}`, one]),
  );
  return [...byText.values()];
}
