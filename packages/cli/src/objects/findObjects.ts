import { Failure, usageFailure } from '../failure';
import { lazily } from '../lazily';
import type { OpenTopology } from '../openTopology';
import { gremlinText } from './gremlinText';
import { KindReference } from './kindNames';
import { selectorSteps } from './labelSelector';
import { ObjectReference, referenceText } from './objectReference';
import { ObjectSelection } from './objectOptions';
import { GremlinNode, namedNode, nameText, nodesIn } from './skydiveNode';

type Asked = Pick<OpenTopology, 'query'>;

/** Where an object without a given namespace is looked for first. */
const DEFAULT_NAMESPACE = 'default';
/** Named in one message. */
const NAMED = 5;

/**
 * The nodes that a selection names, each once, in its order.
 *
 * @throws Failure when a named object is not there, or there are several of that name
 */
export async function findObjects(
  topology: Asked,
  selection: ObjectSelection,
): Promise<GremlinNode[]> {
  const references: readonly (ObjectReference | undefined)[] =
    selection.references.length > 0 ? selection.references : [undefined];
  const found = new Map<string, GremlinNode>();
  for (const reference of references) {
    for (const node of await nodesOf(topology, reference, selection)) {
      found.set(node.ID, node);
    }
  }
  return [...found.values()];
}

/** The one object that is named. */
export async function findObject(
  topology: Asked,
  selection: ObjectSelection,
): Promise<GremlinNode> {
  const found = await findObjects(topology, selection);
  if (found.length !== 1) {
    throw usageFailure(
      `one object is needed, and ${found.length} are named; write KIND/NAME like pod/web-0`,
    );
  }
  return found[0];
}

async function nodesOf(
  topology: Asked,
  reference: ObjectReference | undefined,
  selection: ObjectSelection,
): Promise<GremlinNode[]> {
  if (reference && 'key' in reference) {
    const nodes = await ask(topology, `G.V(${gremlinText(reference.key)})`);
    if (nodes.length === 0) {
      throw new Failure(`there is no ${reference.key}`);
    }
    return nodes;
  }
  const nodes = (
    await ask(topology, selectionQuery(reference, selection))
  ).filter(node => isInGroup(node, reference));
  if (!reference?.name) {
    if (nodes.length === 0 && reference) {
      await assertKind(topology, reference.kind);
    }
    return nodes;
  }
  if (nodes.length === 0) {
    throw await notFound(topology, reference, selection);
  }
  return selection.allNamespaces
    ? nodes
    : [theOne(nodes, reference, selection)];
}

function selectionQuery(
  reference: Exclude<ObjectReference, { key: string }> | undefined,
  selection: ObjectSelection,
): string {
  const { namespace, allNamespaces, selector, cluster } = selection;
  const kind = reference?.kind;
  const pairs: string[] = [];
  if (kind) {
    const types = kind.types.map(gremlinText).join(', ');
    pairs.push(`'Type', Within(${types})`);
  }
  const name = reference?.name;
  if (name !== undefined) {
    // The name of a container is that of its pod and its own.
    const [last, pod] = name.split('/').reverse();
    pairs.push(`'Name', ${gremlinText(last)}`);
    if (pod !== undefined) {
      pairs.push(`'K8s.Pod', ${gremlinText(pod)}`);
    }
  }
  if (namespace !== undefined && !kind?.isClusterScoped) {
    pairs.push(`'K8s.Namespace', Within('', ${gremlinText(namespace)})`);
  } else if (
    name === undefined &&
    namespace === undefined &&
    !allNamespaces &&
    kind &&
    !kind.isClusterScoped
  ) {
    pairs.push(`'K8s.Namespace', Within('', '${DEFAULT_NAMESPACE}')`);
  }
  if (cluster !== undefined) {
    pairs.push(`'ClusterName', ${gremlinText(cluster)}`);
  }
  const has = pairs.length > 0 ? `.Has(${pairs.join(', ')})` : '';
  return `G.V()${has}${selector === undefined ? '' : selectorSteps(selector)}`;
}

/** `deployments.apps` and `deployments.app` name the same group, as with kubectl. */
function isInGroup(
  node: GremlinNode,
  reference: Exclude<ObjectReference, { key: string }> | undefined,
): boolean {
  const wanted = reference?.kind.group;
  return wanted === undefined || namedNode(node).group.startsWith(wanted);
}

/** @throws Failure when it is not clear which is meant */
function theOne(
  nodes: readonly GremlinNode[],
  reference: ObjectReference,
  { namespace, cluster }: ObjectSelection,
): GremlinNode {
  if (nodes.length === 1) {
    return nodes[0];
  }
  const all = nodes.map(node => ({ node, ...namedNode(node) }));
  // As with kubectl, `svc` is Kubernetes' own, whoever else has Services.
  const own = all.filter(({ group }) => isOfKubernetes(group));
  const named = own.length > 0 ? own : all;
  if (named.length === 1) {
    return named[0].node;
  }
  const there =
    namespace === undefined
      ? named.filter(each => each.namespace === DEFAULT_NAMESPACE)
      : named;
  if (there.length === 1) {
    return there[0].node;
  }
  const of = (part: 'cluster' | 'namespace' | 'group') => [
    ...new Set(named.map(each => each[part])),
  ];
  if (cluster === undefined && of('cluster').length > 1) {
    throw ambiguous(reference, 'clusters', of('cluster'), '--cluster');
  }
  if (of('namespace').length > 1 && namespace === undefined) {
    throw ambiguous(reference, 'namespaces', of('namespace'), '-n');
  }
  throw usageFailure(
    `${referenceText(reference)} is the name of ${named
      .map(nameText)
      .join(' and ')}; write which one`,
  );
}

function isOfKubernetes(group: string): boolean {
  return group === '' || !group.includes('.') || group.endsWith('.k8s.io');
}

/** @throws Failure when nothing of it is known at all */
async function assertKind(
  topology: Asked,
  { text, types, isKnown }: KindReference,
): Promise<void> {
  const kinds = types.map(gremlinText).join(', ');
  if (
    !isKnown &&
    (await ask(topology, `G.V().Has('Type', Within(${kinds})).Limit(1)`))
      .length === 0
  ) {
    throw new Failure(
      `there is nothing of a kind "${text}"; write KIND/NAME like pod/web-0, or a kind like pods`,
    );
  }
}

function ambiguous(
  reference: ObjectReference,
  what: string,
  places: readonly string[],
  option: string,
): Failure {
  return usageFailure(
    `there is a ${referenceText(reference)} in the ${what} ${listed(
      places,
    )}; say which with ${option}`,
  );
}

function listed(names: readonly string[]): string {
  const more = names.length - NAMED;
  return `${names.slice(0, NAMED).join(', ')}${
    more > 0 ? ` and ${more} more` : ''
  }`;
}

async function notFound(
  topology: Asked,
  reference: Exclude<ObjectReference, { key: string }>,
  selection: ObjectSelection,
): Promise<Failure> {
  const { name = '' } = reference;
  const elsewhere = await ask(
    topology,
    selectionQuery(reference, { references: [], allNamespaces: true }),
  );
  const others = elsewhere.filter(node => isInGroup(node, reference));
  const { namespace } = selection;
  const where = namespace === undefined ? '' : ` in the namespace ${namespace}`;
  const message = `there is no ${referenceText(reference)}${where}`;
  if (others.length > 0) {
    const places = [...new Set(others.map(each => namedNode(each).namespace))];
    return new Failure(`${message}; there is one in ${listed(places)}`);
  }
  const { kind } = reference;
  const same = await ask(
    topology,
    selectionQuery({ kind }, { ...selection, allNamespaces: true }),
  );
  if (same.length === 0) {
    return new Failure(`${message}, and nothing of this kind`);
  }
  const near = await nearest(
    name,
    same.map(node => namedNode(node).name),
  );
  return new Failure(near ? `${message}; did you mean ${near}?` : message);
}

async function nearest(
  name: string,
  names: readonly string[],
): Promise<string | undefined> {
  try {
    const { nearestWord } = await lazily(import('@kubernetes-topology/engine'));
    return nearestWord(name, names);
  } catch {
    // A Node on which the engine does not run.
    return undefined;
  }
}

async function ask(topology: Asked, query: string): Promise<GremlinNode[]> {
  const { value } = await topology.query(query);
  return nodesIn(value);
}
