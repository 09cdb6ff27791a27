import { PERSISTENT_VOLUME } from '../kinds/kindIds';
import { Evidence } from '../kinds/status';
import {
  CausalGraph,
  CausalGraphNode,
  Dependency,
  Inventory,
  isKind,
} from './causalGraph';
import {
  Explainer,
  Finding,
  Root,
  called,
  inNamespace,
  namespaceFlag,
} from './finding';
import { brokenMakers } from './makers';
import { nearName } from './nearName';
import { Symptom, symptomsOf, textsOf } from './symptom';

/** An object that the kubelet says it cannot find, or a key in one. */
interface Named {
  kind: 'Secret' | 'ConfigMap';
  name?: string;
  key?: string;
  text: string;
}

const NOT_FOUND = /\b(secret|configmap)s? "([^"]+)" not found/gi;
const KEY_NOT_FOUND =
  /couldn't find key (\S+) in (Secret|ConfigMap) [^/\s]+\/(\S+)/;
const KEY_OF_VOLUME = /references non-existent (secret|config) key: (\S+)/;

/**
 * A pod that waits for a Secret or ConfigMap which does not exist, or for a key in one (S007–S011; R019–R026). The
 * kubelet's message must name it: a pod that runs does not suffer from a Secret deleted since, it will at its next
 * start.
 */
export const missingReference: Explainer = (pod, graph) => {
  const findings = new Map<string, Finding>();
  for (const symptom of symptomsOf(pod, graph)) {
    for (const named of textsOf(symptom).flatMap(namedIn)) {
      const id = `${named.kind}/${named.name}/${named.key}`;
      if (!findings.has(id)) {
        findings.set(id, findingFor(pod, named, symptom, graph));
      }
    }
  }
  return findings.size > 0 ? [...findings.values()] : undefined;
};

function namedIn(text: string): Named[] {
  const keyNotFound = KEY_NOT_FOUND.exec(text);
  if (keyNotFound) {
    const [, key, kind, name] = keyNotFound;
    return [{ kind: kind as Named['kind'], name, key, text }];
  }
  const keyOfVolume = KEY_OF_VOLUME.exec(text);
  if (keyOfVolume) {
    const kind = keyOfVolume[1] === 'secret' ? 'Secret' : 'ConfigMap';
    return [{ kind, key: keyOfVolume[2], text }];
  }
  // A projected volume may lack several: `[secret "a" not found, configmap "b" not found]`.
  return [...text.matchAll(NOT_FOUND)].map(([, kind, name]) => ({
    kind: kind.toLowerCase() === 'secret' ? 'Secret' : 'ConfigMap',
    name,
    text,
  }));
}

function findingFor(
  pod: CausalGraphNode,
  named: Named,
  symptom: Symptom,
  graph: CausalGraph,
): Finding {
  const referred = graph
    .dependencies(pod.key)
    .filter(({ node }) => node.kind.kind === named.kind)
    .filter(({ node }) => named.name === undefined || node.name === named.name)
    .filter(
      ({ edge }) =>
        named.name !== undefined || keysOf(edge).includes(named.key!),
    );
  const [dependency] = referred;
  if (!dependency || referred.length > 1) {
    return {
      type: 'silent',
      because: `${called(pod)} waits: "${named.text}"${
        dependency ? '' : ', but no such reference of it is visible here'
      }.`,
    };
  }
  const quote = { who: 'the kubelet', text: named.text };
  const { evidence } = symptom;
  const says = `${called(pod)} waits for ${named.kind} ${
    dependency.node.name
  } and cannot start (${symptom.reason}).`;
  if (named.key) {
    return missingKey(pod, dependency, named.key, { says, evidence, quote });
  }
  const { level } = dependency.node.verdict;
  // What makes it and cannot is where it starts, also where the object itself cannot be read.
  const isMade = brokenMakers(dependency.node, graph).length > 0;
  if (level === 'missing' || (level === 'unknown' && isMade)) {
    return {
      type: 'dependency',
      on: dependency.node.key,
      edge: dependency.edge,
      confidence: 'proven',
      says,
      evidence,
      quote,
    };
  }
  // A dump without the kind, or a kind that may not be listed: that the kubelet does not find it is proof enough.
  if (level === 'unknown') {
    return {
      type: 'root',
      confidence: 'proven',
      says,
      evidence,
      quote,
      rootEdge: dependency.edge,
      root: missingRoot(dependency.node, graph, [
        { source: 'field', field: 'message', value: named.text },
      ]),
    };
  }
  return {
    type: 'silent',
    because: `${called(pod)} waited: "${named.text}", but ${called(
      dependency.node,
    )} exists now; the kubelet tries again.`,
  };
}

function missingKey(
  pod: CausalGraphNode,
  { node, edge }: Dependency,
  key: string,
  rest: {
    says: string;
    evidence: Evidence[];
    quote: { who: string; text: string };
  },
): Finding {
  const keys = keyNames(node);
  const near = keys && nearName(key, keys);
  const has =
    keys && keys.length > 0 ? ` (it has ${keys.slice(0, 10).join(', ')})` : '';
  const written = lastWritten(node);
  return {
    type: 'root',
    confidence: 'proven',
    ...rest,
    says: `${called(pod)} waits for key ${key} of ${called(
      node,
    )} and cannot start.`,
    rootEdge: edge,
    root: {
      node,
      fault: `Missing${node.kind.kind}Key`,
      predicate: `has no key ${key}${has}`,
      nextStep: near
        ? `Use key ${near} where ${key} is asked for, or add ${key}: kubectl edit ${node.kind.kind.toLowerCase()} ${
            node.name
          }${namespaceFlag(node)}`
        : `Add key ${key}: kubectl edit ${node.kind.kind.toLowerCase()} ${
            node.name
          }${namespaceFlag(node)}`,
      evidence: [
        {
          source: 'absence',
          field: `data[${key}]`,
          value: keys ? `keys: ${keys.join(', ')}` : 'named by the kubelet',
        },
        ...written,
      ],
    },
  };
}

/** When and by whom its data was written last, where that is known. */
function lastWritten({ properties }: CausalGraphNode): Evidence[] {
  const { DataChangedAt: at, DataChangedBy: by } = properties;
  return typeof at === 'number'
    ? [
        {
          source: 'field',
          field: 'metadata.managedFields',
          value: `data last written ${new Date(at).toISOString()}${
            by ? ` by ${by}` : ''
          }`,
          since: at,
        },
      ]
    : [];
}

/** The names of the keys, where they are known (`relationships.md` 4.16); never values. */
function keyNames(node: CausalGraphNode): string[] | undefined {
  const { Data } = node.properties;
  return Array.isArray(Data)
    ? Data.filter((name): name is string => typeof name === 'string')
    : undefined;
}

function keysOf(edge: Dependency['edge']): string[] {
  const keys = edge.details?.keys;
  return Array.isArray(keys) ? keys.map(String) : [];
}

/** A referenced object that a complete list proves absent: it is where the cause starts, whatever refers to it. */
export const missingObject: Explainer = (node, graph) => {
  if (node.verdict.level !== 'missing') {
    return undefined;
  }
  if (isKind(node, 'StorageClass') && mayHaveVolumes(node, graph)) {
    return [{ type: 'harmless' }];
  }
  return [
    {
      type: 'root',
      confidence: 'proven',
      says: `${called(node)} does not exist${inNamespace(node)}.`,
      evidence: node.verdict.evidence,
      root: missingRoot(node, graph, node.verdict.evidence),
    },
  ];
};

/** An absent object as the root: a complete list proves it, or Kubernetes' own words do. */
export function missingRoot(
  node: CausalGraphNode,
  graph: CausalGraph,
  evidence: Evidence[],
): Root {
  const users = graph.dependents(node.key).filter(({ edge }) => edge.required);
  const keys = [...new Set(users.flatMap(({ edge }) => keysOf(edge)))].sort();
  const near = nearNameOf(node, graph);
  const isCertificate = users.some(({ edge }) =>
    /^(ingress|gateway)-secret$/.test(edge.relation.name),
  );
  const running = users.filter(
    ({ node: user, edge }) =>
      isKind(user, 'Pod') && user.verdict.level === 'ok' && isReadAtStart(edge),
  ).length;
  return {
    node,
    fault: `Missing${node.kind.kind}`,
    predicate: `does not exist${inNamespace(node)}${
      near ? ` (${near} does: a typo?)` : ''
    }${
      running > 0
        ? `; ${running} more ${
            running === 1 ? 'pod that needs' : 'pods that need'
          } it run on until they are restarted`
        : ''
    }`,
    nextStep: creation(node, { keys, near, isCertificate }),
    evidence,
    since: node.verdict.since,
  };
}

function isReadAtStart({ relation }: Dependency['edge']): boolean {
  return relation.class === 'config';
}

/** Volumes and claims that share a class's name are bound by hand; no StorageClass is needed for it (R045). */
function mayHaveVolumes(
  storageClass: CausalGraphNode,
  graph: CausalGraph,
): boolean {
  const volumes = graph.inventory({
    cluster: storageClass.cluster,
    kind: PERSISTENT_VOLUME,
    where: { property: 'StorageClassName', value: storageClass.name },
    last: { property: 'Status', value: 'Bound' },
  });
  return (
    volumes !== undefined && (!volumes.complete || volumes.nodes.length > 0)
  );
}

function nearNameOf(
  node: CausalGraphNode,
  graph: CausalGraph,
): string | undefined {
  const namesakes: Inventory = {
    cluster: node.cluster,
    kind: node.kind,
    namespace: node.namespace,
  };
  const existing = graph
    .inventory(namesakes)
    ?.nodes.filter(other => other.verdict.level !== 'missing');
  return nearName(node.name, existing?.map(other => other.name) ?? []);
}

function creation(
  node: CausalGraphNode,
  {
    keys,
    near,
    isCertificate,
  }: {
    keys: readonly string[];
    near: string | undefined;
    isCertificate: boolean;
  },
): string {
  const { name } = node;
  const literals = (keys.length > 0 ? keys : ['<key>'])
    .map(key => ` --from-literal=${key}=<value>`)
    .join('');
  const byKind: Record<string, string> = {
    Secret: isCertificate
      ? `kubectl create secret tls ${name}${namespaceFlag(
          node,
        )} --cert=<file> --key=<file>`
      : `kubectl create secret generic ${name}${namespaceFlag(
          node,
        )}${literals}`,
    ConfigMap: `kubectl create configmap ${name}${namespaceFlag(
      node,
    )}${literals}`,
    Service: `kubectl get services${namespaceFlag(node)}`,
    ServiceAccount: `kubectl create serviceaccount ${name}${namespaceFlag(
      node,
    )}`,
    PriorityClass: `kubectl create priorityclass ${name} --value=<number>`,
  };
  const command =
    byKind[node.kind.kind] ??
    `kubectl get ${node.kind.kind.toLowerCase()}${namespaceFlag(node)}`;
  return near
    ? `Refer to ${near} instead of ${name} where it is used, or create ${name}: ${command}`
    : `Create ${called(node)}, or remove the reference to it: ${command}`;
}
