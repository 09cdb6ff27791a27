import {
  CLUSTER_ROLE,
  CLUSTER_ROLE_BINDING,
  CUSTOM_RESOURCE_DEFINITION,
  DEPLOYMENT,
  ROLE,
  ROLE_BINDING,
} from '../kinds/kindIds';
import { CausalGraph, CausalGraphNode, isWell } from './causalGraph';
import { failingContainer } from './container';
import { Explainer, called } from './finding';
import { objectNamed } from './namedObject';
import { textsOf } from './symptom';

/**
 * A custom resource that nobody looks at (S134, S135): its operator is not well. The operator is who may write the
 * status of such resources: role, binding, service account and Deployment lead to it.
 */
export const operatorDown: Explainer = (resource, graph) => {
  const { reason, message, evidence } = resource.verdict;
  if (reason !== 'NotObserved' && reason !== 'NoStatus') {
    return undefined;
  }
  const operators = operatorsOf(resource, graph);
  // One that is well might be the one that does it.
  const operator = operators.every(
    one => !isWell(one) || one.verdict.level === 'idle',
  )
    ? operators[0]
    : undefined;
  const reached = operator && graph.reach(operator.key);
  return (
    reached && [
      {
        type: 'dependency',
        on: reached.key,
        confidence: 'likely',
        says: `${called(resource)}: ${message ?? reason}. Only ${called(
          reached,
        )} may write its status.`,
        evidence: [
          ...evidence,
          {
            source: 'structure',
            field: 'who may write its status',
            value: `${reached.kind.kind} ${reached.namespace}/${reached.name}`,
          },
        ],
      },
    ]
  );
};

/** The Deployments whose service account may write the status of such resources. */
function operatorsOf(
  resource: CausalGraphNode,
  graph: CausalGraph,
): CausalGraphNode[] {
  const { cluster } = resource;
  const definition = definitionsOf(cluster, graph)?.nodes.find(
    ({ properties }) =>
      properties.Group === resource.kind.group &&
      properties.Kind === resource.kind.kind,
  );
  if (!definition) {
    return [];
  }
  const [plural] = definition.name.split('.');
  const status = `${plural}/status.${resource.kind.group}`;
  const own = { cluster, namespace: resource.namespace };
  const roles = [
    ...nodesIn(graph, { cluster, kind: CLUSTER_ROLE }),
    ...(resource.namespace === ''
      ? []
      : nodesIn(graph, { ...own, kind: ROLE })),
  ].filter(role => mayWrite(role, status));
  const names = new Set(roles.map(role => `${role.kind.kind}/${role.name}`));
  const bindings = [
    ...nodesIn(graph, { cluster, kind: CLUSTER_ROLE_BINDING }),
    ...(resource.namespace === ''
      ? []
      : nodesIn(graph, { ...own, kind: ROLE_BINDING })),
  ].filter(({ properties }) => names.has(String(properties.Role)));
  const accounts = new Set(bindings.flatMap(accountsOf));
  return [...accounts].flatMap(account => {
    const [namespace, name] = account.split('/');
    return nodesIn(graph, { cluster, kind: DEPLOYMENT, namespace }).filter(
      ({ properties }) => properties.ServiceAccount === name,
    );
  });
}

function nodesIn(
  graph: CausalGraph,
  inventory: Parameters<CausalGraph['inventory']>[0],
): CausalGraphNode[] {
  return (graph.inventory(inventory)?.nodes ?? []).filter(
    ({ verdict }) => verdict.level !== 'missing',
  );
}

function definitionsOf(cluster: string, graph: CausalGraph) {
  return graph.inventory({ cluster, kind: CUSTOM_RESOURCE_DEFINITION });
}

/** `get,update databases.db.example.com,databases/status.db.example.com`: names in full, so that `*` is nobody's operator. */
function mayWrite({ properties }: CausalGraphNode, resource: string): boolean {
  return rulesOf(properties).some(rule => {
    const [verbs, what = ''] = rule.split(' ');
    return (
      /\b(update|patch)\b|\*/.test(verbs) && what.split(',').includes(resource)
    );
  });
}

function rulesOf({ Rules }: CausalGraphNode['properties']): string[] {
  return Array.isArray(Rules) ? Rules.map(String) : [];
}

/** `db-system/db-operator`. */
export function accountsOf({
  properties,
  namespace,
}: CausalGraphNode): string[] {
  const { Subjects } = properties;
  return (Array.isArray(Subjects) ? Subjects.map(String) : []).flatMap(text => {
    const parts = text.split('/');
    if (parts[0] !== 'ServiceAccount') {
      return [];
    }
    return [
      parts.length > 2 ? parts.slice(1).join('/') : `${namespace}/${parts[1]}`,
    ];
  });
}

const NO_MATCHES =
  /no matches for kind "([A-Za-z0-9]+)" in (?:version|group) "([a-z0-9.-]+)(?:\/[a-z0-9]+)?"/;

/**
 * A pod that ends because a kind is not served (S136): the CustomResourceDefinition that its message asks for does not
 * exist. A complete list proves that, and the container's own words name it.
 */
export const kindNotServed: Explainer = (pod, graph) => {
  const symptom = failingContainer(pod, graph);
  const text = symptom && textsOf(symptom).find(one => NO_MATCHES.test(one));
  const [, kind, group] = NO_MATCHES.exec(text ?? '') ?? [];
  const definitions = definitionsOf(pod.cluster, graph);
  if (!symptom || !text || !group.includes('.') || !definitions) {
    return undefined;
  }
  const isServed = definitions.nodes.some(
    ({ properties, verdict }) =>
      verdict.level !== 'missing' &&
      properties.Group === group &&
      properties.Kind === kind,
  );
  if (isServed || !definitions.complete) {
    return undefined;
  }
  const name = `${pluralOf(kind, group, pod.cluster, graph)}.${group}`;
  const node = objectNamed(
    graph,
    {
      cluster: pod.cluster,
      kind: CUSTOM_RESOURCE_DEFINITION,
      namespace: '',
      name,
    },
    'missing',
    { field: 'lastState.terminated', value: text },
  );
  return [
    {
      type: 'root',
      confidence: 'proven',
      says: `${called(pod)} ends: the kind ${kind} is not served.`,
      evidence: symptom.evidence,
      quote: { who: 'the container', text: symptom.message },
      root: {
        node,
        fault: 'MissingCustomResourceDefinition',
        predicate: `does not exist: kind ${kind} of ${group} is not served, and with it all objects of this kind are gone`,
        nextStep: `Install it again: kubectl apply -f <definition of ${name}>. The objects and what they owned have to be restored, too`,
        evidence: [
          {
            source: 'absence',
            field: `CustomResourceDefinition of ${group}`,
            value: `none with kind ${kind} is in the complete list`,
          },
        ],
        since: symptom.since,
      },
    },
  ];
};

/** As roles name the resource, else by the usual rule. */
function pluralOf(
  kind: string,
  group: string,
  cluster: string,
  graph: CausalGraph,
): string {
  const lower = kind.toLowerCase();
  const named = nodesIn(graph, { cluster, kind: CLUSTER_ROLE })
    .flatMap(({ properties }) => rulesOf(properties))
    .flatMap(rule => (rule.split(' ')[1] ?? '').split(','))
    .filter(resource => resource.endsWith(`.${group}`))
    .map(resource => resource.slice(0, -group.length - 1))
    .find(
      plural => !plural.includes('/') && plural.startsWith(lower.slice(0, -1)),
    );
  return named ?? (lower.endsWith('s') ? `${lower}es` : `${lower}s`);
}
