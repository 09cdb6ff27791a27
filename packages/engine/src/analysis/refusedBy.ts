import {
  NAMESPACE,
  VALIDATING_POLICY,
  VALIDATING_POLICY_BINDING,
} from '../kinds/kindIds';
import { ApiRefusal, readRefusal } from './apiRefusal';
import { CausalGraph } from './causalGraph';
import { Finding, Root, called, namespaceFlag } from './finding';
import { limitRangeRoot } from './limitRange';
import { missingRoot } from './missingReference';
import { isThere, objectNamed } from './namedObject';
import { permissionRoot } from './permission';
import { quotaRoot } from './quota';
import { Refused, apiServerSays, rooted, suffersFrom, words } from './refused';
import { specOwner } from './specOwner';
import { webhookUnheard } from './webhook';
import { webhookDenied } from './webhookDenial';

/**
 * Who refuses (S045–S057). The sentence is proof of who it is, also where nothing else is known of them; what is known
 * and says otherwise by now (a quota with room, an account that is there) makes the sentence an old one: nobody is blamed.
 */
export function refusedBy(refused: Refused, graph: CausalGraph): Finding {
  const refusal = readRefusal(refused.text) ?? { type: 'other' };
  return (
    findingFor(refused, refusal, graph) ?? {
      type: 'silent',
      because: `${refused.says} "${refused.text}"`,
    }
  );
}

function findingFor(
  refused: Refused,
  refusal: ApiRefusal,
  graph: CausalGraph,
): Finding | undefined {
  switch (refusal.type) {
    case 'quotaExceeded':
    case 'quotaDemands': {
      const root = quotaRoot(refused.node, refusal, graph, words(refused));
      return rooted(refused, graph, root && withSurge(root, refused, graph));
    }
    case 'limits':
      return rooted(
        refused,
        graph,
        limitRangeRoot(refused.node, refusal, graph),
      );
    case 'podSecurity':
      return rooted(refused, graph, podSecurityRoot(refused, refusal, graph));
    case 'webhookUnheard':
      return webhookUnheard(refused, refusal, graph);
    case 'webhookDenied':
      return webhookDenied(refused, refusal, graph);
    case 'policyDenied':
      return rooted(refused, graph, policyRoot(refused, refusal, graph));
    case 'notFound':
      return notFound(refused, refusal, graph);
    case 'namespaceTerminating':
      return namespaceEnds(refused, refusal, graph);
    case 'noPermission':
      return rooted(
        refused,
        graph,
        permissionRoot(refused.node, refusal, graph, words(refused)),
        'likely',
      );
    case 'invalid':
      return invalid(refused, refusal, graph);
    default:
      return undefined;
  }
}

/** A rollout that asks for its new pods before it ends old ones needs room for both. */
function withSurge(root: Root, { node }: Refused, graph: CausalGraph): Root {
  const above = graph
    .controllers(node.key)
    .find(({ node: one }) => one.kind.kind === 'Deployment');
  const deployment = above && graph.reach(above.node.key);
  const isRollingOut =
    deployment !== undefined &&
    graph
      .dependencies(deployment.key)
      .some(
        ({ node: one }) =>
          one.kind.kind === 'ReplicaSet' &&
          one.key !== node.key &&
          Number(one.properties.Replicas ?? 0) > 0,
      );
  return isRollingOut && root.fault === 'QuotaExceeded'
    ? {
        ...root,
        nextStep: `${
          root.nextStep
        }. The rollout asks for new pods before it ends old ones (maxSurge ${String(
          deployment.properties.MaxSurge ?? '25%',
        )}): with maxSurge 0 it needs no more room than before`,
      }
    : root;
}

function notFound(
  refused: Refused,
  {
    kind,
    namespace = refused.node.namespace,
    name,
  }: Extract<ApiRefusal, { type: 'notFound' }>,
  graph: CausalGraph,
): Finding {
  const { cluster } = refused.node;
  const absent = objectNamed(
    graph,
    { cluster, kind, namespace, name },
    'missing',
    words(refused),
  );
  if (isThere(absent)) {
    return {
      type: 'silent',
      because: `${refused.says} "${refused.text}", but ${called(
        absent,
      )} exists by now; it is tried again.`,
    };
  }
  return absent.verdict.level === 'missing' && graph.node(absent.key)
    ? suffersFrom(refused, graph, absent)
    : rooted(
        refused,
        graph,
        missingRoot(absent, graph, [{ source: 'field', ...words(refused) }]),
      )!;
}

const ENFORCE = 'pod-security.kubernetes.io/enforce';

/** S053. A namespace without the label is held to the API server's own settings, which no object shows. */
function podSecurityRoot(
  refused: Refused,
  { level, violations }: Extract<ApiRefusal, { type: 'podSecurity' }>,
  graph: CausalGraph,
): Root | undefined {
  const { cluster, namespace: name } = refused.node;
  const namespace = objectNamed(
    graph,
    { cluster, kind: NAMESPACE, namespace: '', name },
    'unknown',
    words(refused),
  );
  const label = namespace.labels[ENFORCE];
  if (isThere(namespace) && label !== level) {
    return undefined;
  }
  return {
    node: namespace,
    fault: 'PodSecurityEnforced',
    predicate: `enforces Pod Security level ${level}, and the pods that are to be made do not keep it${
      violations === '' ? '' : ` (${violations})`
    }. Pods that run already stay until they are replaced`,
    nextStep: `Make the pod template keep level ${level} as the message says, or lower the level: kubectl label namespace ${name} ${ENFORCE}=<level> --overwrite`,
    evidence: [
      label
        ? {
            source: 'field',
            field: `metadata.labels[${ENFORCE}]`,
            value: label,
          }
        : { source: 'field', ...words(refused) },
    ],
  };
}

/** S056. */
function policyRoot(
  refused: Refused,
  {
    policy,
    binding,
    words: said,
  }: Extract<ApiRefusal, { type: 'policyDenied' }>,
  graph: CausalGraph,
): Root | undefined {
  const { cluster } = refused.node;
  const named = (kind: typeof VALIDATING_POLICY, name: string) =>
    objectNamed(
      graph,
      { cluster, kind, namespace: '', name },
      'unknown',
      words(refused),
    );
  const node = named(VALIDATING_POLICY, policy);
  const bound = named(VALIDATING_POLICY_BINDING, binding);
  if (node.verdict.level === 'missing' || bound.verdict.level === 'missing') {
    return undefined;
  }
  const actions = bound.properties.ValidationActions;
  return {
    node,
    fault: 'PolicyDenies',
    predicate: `denies what is to be made, by its binding ${binding}: ${said}`,
    nextStep: `Change the pod template so that it keeps the policy, or the policy's reach: kubectl describe validatingadmissionpolicy ${policy}; kubectl describe validatingadmissionpolicybinding ${binding}`,
    evidence: [
      { source: 'field', ...words(refused) },
      ...(Array.isArray(actions)
        ? [
            {
              source: 'field' as const,
              field: `ValidatingAdmissionPolicyBinding ${binding}: spec.validationActions`,
              value: actions.join(', '),
            },
          ]
        : []),
    ],
    since: bound.createdAt,
  };
}

/** S057; one that does not come to its end has a reason of its own (S058, S059). */
function namespaceEnds(
  refused: Refused,
  { namespace: name }: Extract<ApiRefusal, { type: 'namespaceTerminating' }>,
  graph: CausalGraph,
): Finding | undefined {
  const { cluster } = refused.node;
  const node = objectNamed(
    graph,
    { cluster, kind: NAMESPACE, namespace: '', name },
    'unknown',
    words(refused),
  );
  if (node.verdict.level === 'ok') {
    return undefined;
  }
  return rooted(refused, graph, {
    node,
    fault: 'NamespaceTerminating',
    predicate: 'is being deleted: nothing new can be created in it',
    nextStep: `Nothing, if it was deleted on purpose: what is in it goes, too. Otherwise create it anew once it is gone. See what it waits for: kubectl get namespace ${name} -o yaml`,
    evidence:
      node.verdict.evidence.length > 0
        ? node.verdict.evidence
        : [{ source: 'field', ...words(refused) }],
    since: node.verdict.since,
  });
}

/** A pod that no API server would take: whoever wrote the template, or what an operator made it from (S027). */
function invalid(
  refused: Refused,
  { words: said }: Extract<ApiRefusal, { type: 'invalid' }>,
  graph: CausalGraph,
): Finding {
  const { node, edge, above } = specOwner(refused.node, graph);
  return {
    type: 'root',
    confidence: 'proven',
    says: refused.says,
    evidence: refused.evidence,
    quote: apiServerSays(refused.text),
    rootEdge: edge,
    above,
    root: {
      node,
      fault: 'InvalidTemplate',
      predicate: `asks for pods that the API server does not take: ${said}`,
      nextStep: `Correct the field that the message names: kubectl edit ${node.kind.kind.toLowerCase()} ${
        node.name
      }${namespaceFlag(node)}`,
      evidence: [{ source: 'field', ...words(refused) }],
      since: refused.node.verdict.since,
    },
  };
}
