import {
  CLUSTER_ROLE,
  CLUSTER_ROLE_BINDING,
  JOB,
  ROLE,
  ROLE_BINDING,
} from '../kinds/kindIds';
import {
  CausalGraph,
  CausalGraphNode,
  Dependency,
  isKind,
} from './causalGraph';
import { containerFault } from './container';
import { Explainer, Link, RootFinding, called, namespaceFlag } from './finding';
import { accountsOf } from './operator';
import { changeText, templateChange } from './templateChange';

/** Between the write and the ReplicaSet that the controller makes of it. */
const SLACK = 15_000;

/**
 * A rollout that nobody but a Job can have begun (S132): it came while a run of a CronJob went on, and that run's service
 * account may change Deployments. Both must hold; then the CronJob is the likely root, and what it changed the cascade.
 */
export const changedByJob: Explainer = (pod, graph) => {
  const findings = containerFault(pod, graph);
  const finding = findings?.find(
    (one): one is RootFinding => one.type === 'root',
  );
  const change = templateChange(pod, graph);
  if (
    !finding ||
    !change?.at ||
    change.fields.length === 0 ||
    finding.root.node.key !== change.deployment.key
  ) {
    return undefined;
  }
  const by = runAt(change.at, change.deployment, graph);
  if (!by) {
    return undefined;
  }
  const { deployment } = change;
  const told = change.fields.slice(0, 3).map(changeText).join(', ');
  const links: Link[] = [
    {
      node: by.job,
      edge: by.cronJob.edge,
      says: `${called(by.job)} ran from ${iso(
        by.from,
      )}, and its service account may change Deployments.`,
      evidence: [
        {
          source: 'structure',
          field: `run of CronJob ${by.cronJob.node.name}`,
          value: `${by.job.name} as ${by.account}`,
        },
      ],
    },
    {
      node: deployment,
      says: `${called(deployment)} was changed at ${iso(change.at)}: ${told}.`,
      evidence: finding.root.evidence,
    },
    ...(finding.above ?? []),
  ];
  return [
    {
      ...finding,
      confidence: 'likely',
      above: links,
      root: {
        node: by.cronJob.node,
        fault: 'ChangedByJob',
        predicate: `changed ${called(deployment)} (${told}): revision ${
          change.revision
        } began ${Math.max(
          0,
          Math.round((change.at - by.from) / 1000),
        )} s after its run ${by.job.name} did, which may patch Deployments as ${
          by.account
        }`,
        nextStep: `See what it does: kubectl get cronjob ${
          by.cronJob.node.name
        }${namespaceFlag(
          by.cronJob.node,
        )} -o yaml. To stop it: kubectl patch cronjob ${
          by.cronJob.node.name
        }${namespaceFlag(
          by.cronJob.node,
        )} -p '{"spec":{"suspend":true}}'. To go back: kubectl rollout undo deployment/${
          deployment.name
        }${namespaceFlag(deployment)} --to-revision=${change.former}`,
        evidence: [
          {
            source: 'structure',
            field: `revision ${change.revision} of ${called(deployment)}`,
            value: told,
            since: change.at,
          },
        ],
        since: change.at,
      },
    },
  ];
};

function iso(at: number): string {
  return new Date(at).toISOString();
}

/** The run of a CronJob that went on at that time and may change the Deployment; `undefined` when there are several. */
function runAt(
  at: number,
  deployment: CausalGraphNode,
  graph: CausalGraph,
):
  | {
      job: CausalGraphNode;
      cronJob: Dependency;
      account: string;
      from: number;
    }
  | undefined {
  const jobs = graph.inventory({ cluster: deployment.cluster, kind: JOB });
  const found = (jobs?.nodes ?? []).flatMap(job => {
    const { StartTime, CompletionTime, ServiceAccount } = job.properties;
    const from = Date.parse(String(StartTime ?? ''));
    const to = Date.parse(String(CompletionTime ?? '')) || graph.now;
    const account = `${job.namespace}/${ServiceAccount ?? 'default'}`;
    return from <= at &&
      at <= to + SLACK &&
      mayChange(account, deployment, graph)
      ? [{ job, account, from }]
      : [];
  });
  if (found.length !== 1) {
    return undefined;
  }
  const [one] = found;
  // Reached, so that what controls it is loaded, too.
  const cronJob = graph.reach(one.job.key)
    ? graph.controllers(one.job.key).find(({ node }) => isKind(node, 'CronJob'))
    : undefined;
  return cronJob && { ...one, cronJob };
}

function mayChange(
  account: string,
  { cluster, namespace }: CausalGraphNode,
  graph: CausalGraph,
): boolean {
  const bindings = [
    { kind: ROLE_BINDING, namespace },
    { kind: CLUSTER_ROLE_BINDING, namespace: undefined },
  ].flatMap(
    ({ kind, namespace: within }) =>
      graph.inventory({ cluster, kind, namespace: within })?.nodes ?? [],
  );
  const names = new Set(
    bindings
      .filter(one => accountsOf(one).includes(account))
      .map(({ properties }) => String(properties.Role)),
  );
  if (names.size === 0) {
    return false;
  }
  const roles = [
    { kind: ROLE, namespace },
    { kind: CLUSTER_ROLE, namespace: undefined },
  ].flatMap(
    ({ kind, namespace: within }) =>
      graph.inventory({ cluster, kind, namespace: within })?.nodes ?? [],
  );
  return roles.some(
    ({ kind, name, properties }) =>
      names.has(`${kind.kind}/${name}`) &&
      (Array.isArray(properties.Rules) ? properties.Rules : []).some(rule =>
        /^\S*\b(patch|update|\*)\S* \S*(deployments\.apps|\*\.apps|\*\.\*)/.test(
          String(rule),
        ),
      ),
  );
}
