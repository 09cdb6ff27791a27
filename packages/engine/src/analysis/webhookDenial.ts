import { KindId } from '../kinds/identity';
import { CUSTOM_RESOURCE_DEFINITION } from '../kinds/kindIds';
import { ApiRefusal } from './apiRefusal';
import { CausalGraph, CausalGraphNode } from './causalGraph';
import { Finding, namespaceFlag } from './finding';
import { objectNamed } from './namedObject';
import { Refused, rooted, words } from './refused';
import { configurationOf, plural } from './webhookConfigurations';

const POLICIES: readonly KindId[] = [
  { group: 'kyverno.io', kind: 'ClusterPolicy' },
  { group: 'kyverno.io', kind: 'Policy' },
];

/** Each of Gatekeeper's templates makes a kind of its own in this group. */
const CONSTRAINTS = 'constraints.gatekeeper.sh';
const MOST_KINDS = 40;

/** S048: a policy that the webhook's words name, else the configuration that has it asked. */
export function webhookDenied(
  refused: Refused,
  { webhook, words: said }: Extract<ApiRefusal, { type: 'webhookDenied' }>,
  graph: CausalGraph,
): Finding | undefined {
  const { cluster, namespace } = refused.node;
  const policy = policyNamed(cluster, namespace, said, graph);
  const judge = policy ?? configurationOf(cluster, webhook, graph);
  return (
    judge &&
    rooted(refused, graph, {
      node: judge,
      fault: 'WebhookDenies',
      predicate: `denies what is to be made${
        policy ? '' : `, by webhook ${webhook}`
      }: ${said}`,
      nextStep: `Change the pod template as the message says, or the policy behind it: kubectl get ${
        policy
          ? `${policy.kind.kind.toLowerCase()}.${policy.kind.group}`
          : plural(judge.kind)
      } ${judge.name}${namespaceFlag(judge)} -o yaml`,
      evidence: [{ source: 'field', ...words(refused) }],
      since: judge.createdAt,
    })
  );
}

function policyNamed(
  cluster: string,
  namespace: string,
  said: string,
  graph: CausalGraph,
): CausalGraphNode | undefined {
  const kyverno = kyvernoPolicy(said);
  if (kyverno) {
    const found = named(cluster, kyverno, POLICIES, graph).find(
      one => one.namespace === '' || one.namespace === namespace,
    );
    // Where policies are not read, it is named all the same.
    return (
      found ??
      objectNamed(
        graph,
        { cluster, kind: POLICIES[0], namespace: '', name: kyverno },
        'unknown',
        { field: 'message', value: said },
      )
    );
  }
  const constraint = gatekeeperConstraint(said);
  if (!constraint) {
    return undefined;
  }
  const kinds = (
    graph.inventory({ cluster, kind: CUSTOM_RESOURCE_DEFINITION })?.nodes ?? []
  )
    .filter(({ properties }) => properties.Group === CONSTRAINTS)
    .slice(0, MOST_KINDS)
    .map(({ properties }) => ({
      group: CONSTRAINTS,
      kind: String(properties.Kind),
    }));
  return named(cluster, constraint, kinds, graph)[0];
}

function named(
  cluster: string,
  wanted: string,
  kinds: readonly KindId[],
  graph: CausalGraph,
): CausalGraphNode[] {
  return kinds
    .flatMap(kind => graph.inventory({ cluster, kind })?.nodes ?? [])
    .filter(
      ({ name, verdict }) => name === wanted && verdict.level !== 'missing',
    );
}

/** `… was blocked due to the following policies \n\nrequire-labels:\n  check: …`. */
function kyvernoPolicy(said: string): string | undefined {
  return /following policies\s+([a-z0-9][a-z0-9.-]*):/.exec(said)?.[1];
}

/** `[ns-must-have-owner] you must provide labels: {"owner"}`. */
function gatekeeperConstraint(said: string): string | undefined {
  return /^\[([a-z0-9][a-z0-9.-]*)\] /.exec(said)?.[1];
}
