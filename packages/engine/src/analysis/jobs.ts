import { POD } from '../kinds/kindIds';
import { Evidence } from '../kinds/status';
import {
  CausalGraph,
  CausalGraphNode,
  Dependency,
  isKind,
} from './causalGraph';
import { bareName, containersOf } from './containers';
import { Explainer, Finding, called, namespaceFlag } from './finding';
import { namesOf } from './siblings';

const HOUR = 3_600_000;
const MINUTE = 60_000;

/** A schedule that cannot be read (S126): the controller says so, and no run is ever made. */
export const badSchedule: Explainer = cronJob => {
  const { reason, message, evidence, since } = cronJob.verdict;
  if (reason !== 'BadSchedule') {
    return undefined;
  }
  const { Schedule, TimeZone } = cronJob.properties;
  const fields = String(Schedule).trim().split(/\s+/).length;
  const why =
    fields === 5 || String(Schedule).startsWith('@')
      ? ''
      : `: it has ${fields} fields, and 5 are needed`;
  return [
    {
      type: 'root',
      confidence: 'proven',
      says: `${called(cronJob)} makes no runs.`,
      evidence,
      root: {
        node: cronJob,
        fault: 'BadSchedule',
        predicate: `has the schedule "${Schedule}"${
          TimeZone ? ` in time zone ${TimeZone}` : ''
        }, which cannot be read${why}`,
        nextStep: `Correct it, minute hour day month weekday: kubectl patch cronjob ${
          cronJob.name
        }${namespaceFlag(cronJob)} -p '{"spec":{"schedule":"0 * * * *"}}'`,
        evidence: [
          { source: 'field', field: 'spec.schedule', value: String(Schedule) },
        ],
        quote: message
          ? { who: 'the CronJob controller', text: message }
          : undefined,
        since,
      },
    },
  ];
};

/** A run that has not ended keeps the next ones from starting (S127): that run is followed, the oldest first. */
export const overlapBlocked: Explainer = (cronJob, graph) => {
  if (cronJob.verdict.reason !== 'OverlapBlocked') {
    return undefined;
  }
  const active = graph
    .dependencies(cronJob.key)
    .filter(({ node }) => isKind(node, 'Job') && isActive(node))
    .sort((a, b) => startOf(a.node) - startOf(b.node));
  const [oldest] = active;
  return (
    oldest && [
      {
        type: 'dependency',
        on: oldest.node.key,
        edge: oldest.edge,
        confidence: 'proven',
        says: `${called(cronJob)} starts no run while one goes on (Forbid).`,
        evidence: [
          ...cronJob.verdict.evidence,
          {
            source: 'field',
            field: 'spec.concurrencyPolicy',
            value: String(cronJob.properties.ConcurrencyPolicy ?? 'Forbid'),
          },
        ],
      },
    ]
  );
};

function isActive({ properties }: CausalGraphNode): boolean {
  return Number(properties.Active ?? 0) > 0;
}

function startOf({ properties, createdAt }: CausalGraphNode): number {
  const at = Date.parse(String(properties.StartTime ?? ''));
  return Number.isNaN(at) ? createdAt ?? Infinity : at;
}

/**
 * A Job that runs for too long (S127), or whose pod does not end because one of its containers does not (S130): the
 * others have ended well.
 */
export const hangingJob: Explainer = (job, graph) => {
  const { reason, evidence } = job.verdict;
  const blocks = graph
    .controllers(job.key)
    .some(({ node }) => node.verdict.reason === 'OverlapBlocked');
  if (!isActive(job) || (reason !== 'LongRunning' && !blocks)) {
    return undefined;
  }
  const kept = keptRunning(job, graph);
  const time = lasting(graph.now - startOf(job));
  const carrier = kept && cronJobOf(job, graph);
  const node = carrier?.node ?? job;
  return [
    {
      type: 'root',
      confidence: kept ? 'proven' : 'likely',
      says: `${called(job)} has not ended for ${time}.`,
      evidence,
      rootEdge: carrier?.edge,
      root: {
        node,
        fault: kept ? 'SidecarKeepsRunning' : 'JobHangs',
        predicate: kept
          ? `has pods that never end: ${namesOf(
              kept.ended,
            )} has ended well, and ${namesOf(kept.running)} runs on`
          : `has been running for ${time}`,
        nextStep: kept
          ? `Make ${namesOf(
              kept.running,
            )} a native sidecar (an init container with restartPolicy: Always), which ends with the others`
          : `See what it does: kubectl logs${namespaceFlag(job)} job/${
              job.name
            }. Give it an activeDeadlineSeconds; to let the next run start: kubectl delete job ${
              job.name
            }${namespaceFlag(job)}`,
        evidence: kept
          ? kept.evidence
          : [
              {
                source: 'field',
                field: 'status.startTime',
                value: `${new Date(startOf(job)).toISOString()}, ${time} ago`,
                since: startOf(job),
              },
            ],
        since: startOf(job),
      },
    },
  ];
};

function lasting(milliseconds: number): string {
  return milliseconds >= HOUR
    ? `${Math.floor(milliseconds / HOUR)} h`
    : `${Math.max(1, Math.floor(milliseconds / MINUTE))} min`;
}

function cronJobOf(
  job: CausalGraphNode,
  graph: CausalGraph,
): Dependency | undefined {
  return graph.controllers(job.key).find(({ node }) => isKind(node, 'CronJob'));
}

/** Containers of the Job's pod that run on although others have done their work. */
function keptRunning(
  job: CausalGraphNode,
  graph: CausalGraph,
): { ended: string[]; running: string[]; evidence: Evidence[] } | undefined {
  for (const pod of podsOf(job, graph)) {
    const regular = (containersOf(pod, graph) ?? []).filter(
      ({ properties }) => properties.Role === 'container',
    );
    const ended = regular.filter(
      ({ verdict }) => verdict.reason === 'Completed',
    );
    const running = regular.filter(
      ({ properties }) => properties.State === 'running',
    );
    if (ended.length > 0 && running.length > 0) {
      return {
        ended: ended.map(bareName),
        running: running.map(bareName),
        evidence: [...ended, ...running].map(one => ({
          source: 'structure',
          field: `container ${bareName(one)} of pod ${pod.name}`,
          value: String(one.properties.State),
        })),
      };
    }
  }
  return undefined;
}

/** The pods of a Job, those that are history included, as far as one reading brings them. */
function podsOf(job: CausalGraphNode, graph: CausalGraph): CausalGraphNode[] {
  const pods = graph.inventory({
    cluster: job.cluster,
    kind: POD,
    namespace: job.namespace,
  });
  return (pods?.nodes ?? []).filter(
    ({ name, labels }) =>
      name.startsWith(`${job.name}-`) ||
      labels['batch.kubernetes.io/job-name'] === job.name,
  );
}

/** A later run of its CronJob was a success: what failed is history (C09). */
function hasSucceededSince(
  { key, verdict: { since } }: CausalGraphNode,
  graph: CausalGraph,
): boolean {
  return graph
    .controllers(key)
    .some(
      ({ node }) =>
        since !== undefined &&
        Date.parse(String(node.properties.LastSuccessfulTime)) > since,
    );
}

/** A Job that has failed: its own condition, and how its last pods ended (S128, S129). */
export const failedJob: Explainer = (job, graph) => {
  const { level, reason, message, evidence, since } = job.verdict;
  if (level !== 'down' && level !== 'degraded') {
    return undefined;
  }
  if (hasSucceededSince(job, graph)) {
    return [{ type: 'harmless' }];
  }
  const ends = [
    ...new Set(
      podsOf(job, graph)
        .flatMap(({ verdict }) => verdict.evidence)
        .filter(({ field }) => field === 'status.containerStatuses')
        .map(({ value }) => value),
    ),
  ];
  const deadline = job.properties.ActiveDeadlineSeconds;
  const isDeadline = reason === 'DeadlineExceeded' && deadline !== undefined;
  const ended =
    ends.length > 0
      ? `; its pods ended so: ${ends.slice(0, 3).join('; ')}`
      : '';
  const finding: Finding = {
    type: 'root',
    confidence: isDeadline ? 'proven' : 'likely',
    says: `${called(job)}: ${message ?? reason}.`,
    evidence,
    root: {
      node: job,
      fault: reason,
      predicate: isDeadline
        ? `was ended after ${deadline} s, its activeDeadlineSeconds, before it was done`
        : `has failed (${reason})${ended}`,
      nextStep: isDeadline
        ? `Raise activeDeadlineSeconds (now ${deadline} s), or see why it takes longer: kubectl logs${namespaceFlag(
            job,
          )} job/${job.name}`
        : `Read what its last pod said: kubectl logs${namespaceFlag(job)} job/${
            job.name
          }`,
      evidence: [
        ...evidence,
        ...ends.slice(0, 3).map(
          (value): Evidence => ({
            source: 'structure',
            field: `pods of Job ${job.name}`,
            value,
          }),
        ),
      ],
      quote: message ? { who: 'the Job controller', text: message } : undefined,
      since,
    },
  };
  return [finding];
};
