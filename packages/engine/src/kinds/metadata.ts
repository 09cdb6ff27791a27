import { KindId, nodeKey } from './identity';
import { KubernetesObject, ObserveContext } from './kindDefinition';
import { CLUSTER, NAMESPACE } from './kindIds';
import { Json, Observation, OwnerReference, Reference } from './observation';
import { ownershipRelation } from './relations';
import { Verdict, verdictAt } from './status';
import { withoutUndefined } from './json';
import { parseTime } from './time';
import { fieldEvidence, until, verdict, worstVerdict } from './verdict';

export { parseTime };

/** An object without the metadata that every API object has: not from an API server. */
export class MalformedObjectError extends Error {
  constructor(kind: KindId, problem: string) {
    super(
      `${kind.kind} ${problem}: not an object as the API server sends it; nothing of it was kept`,
    );
    this.name = 'MalformedObjectError';
  }
}

/**
 * The annotations that are kept: identity, binding and history, never free text. `last-applied-configuration` holds
 * whole objects, Secret values included, and must not be added here.
 */
const KEPT_ANNOTATIONS: ReadonlySet<string> = new Set([
  'backstage.io/kubernetes-id',
  'deployment.kubernetes.io/revision',
  'ingressclass.kubernetes.io/is-default-class',
  'kubernetes.io/config.mirror',
  'kubernetes.io/ingress.class',
  'pv.kubernetes.io/provisioned-by',
  'storageclass.kubernetes.io/is-default-class',
  'volume.kubernetes.io/selected-node',
  'volume.kubernetes.io/storage-provisioner',
]);

export function annotations(object: KubernetesObject): Record<string, string> {
  return keptAnnotations(object) ?? {};
}

function keptAnnotations(
  object: KubernetesObject,
): Record<string, string> | undefined {
  const all: { [name: string]: unknown } = object.metadata?.annotations ?? {};
  let kept: Record<string, string> | undefined;
  for (const name of Object.keys(all)) {
    if (KEPT_ANNOTATIONS.has(name)) {
      kept ??= {};
      kept[name] = String(all[name]);
    }
  }
  return kept;
}

export function parseGroup(apiVersion: unknown): string {
  const text = typeof apiVersion === 'string' ? apiVersion : '';
  const slash = text.indexOf('/');
  return slash < 0 ? '' : text.slice(0, slash);
}

export function owners(object: KubernetesObject): OwnerReference[] {
  const entries: any[] = object.metadata?.ownerReferences ?? [];
  return entries.map(entry => ({
    uid: String(entry.uid),
    kind: { group: parseGroup(entry.apiVersion), kind: String(entry.kind) },
    name: String(entry.name),
    controller: entry.controller === true,
  }));
}

/** The owner that manages the object, if there is one. */
export function controllerOf(
  object: KubernetesObject,
): OwnerReference | undefined {
  return owners(object).find(owner => owner.controller);
}

/** What a kind says of its object, beyond what all kinds have in common. */
export interface Findings {
  properties: { [name: string]: Json | undefined };
  verdict: Verdict;
  facts?: { [name: string]: Json };
  podLabels?: { [name: string]: string };
  references?: readonly Reference[];
  selectors?: Observation['selectors'];
  parts?: Observation[];
  /** Instead of `metadata.ownerReferences`, where another reference already draws the same edge. */
  owners?: OwnerReference[];
}

const NO_LABELS: Record<string, string> = Object.freeze({});

/**
 * An observation with everything that stands in `metadata`: name, labels, owners, the edge from the namespace or
 * cluster, and the verdict on an object that is being deleted.
 *
 * @throws MalformedObjectError when the object has no name
 */
export function observation(
  kind: KindId,
  namespaced: boolean,
  object: KubernetesObject,
  context: ObserveContext,
  findings: Findings,
): Observation {
  const metadata = object.metadata ?? {};
  if (typeof metadata.name !== 'string' || metadata.name === '') {
    throw new MalformedObjectError(kind, 'without metadata.name');
  }
  if (namespaced && !metadata.namespace) {
    throw new MalformedObjectError(
      kind,
      `'${metadata.name}' without metadata.namespace`,
    );
  }
  const { cluster } = context;
  const { name } = metadata;
  const namespace: string = namespaced ? metadata.namespace : '';
  const kept = keptAnnotations(object);
  const properties: { [name: string]: Json } = withoutUndefined(
    findings.properties,
  );
  if (kept) {
    properties.Annotations = kept;
  }
  return {
    type: 'object',
    key: nodeKey({ cluster, kind, namespace, name }),
    cluster,
    kind,
    namespace,
    name,
    uid: metadata.uid,
    resourceVersion: metadata.resourceVersion,
    createdAt: parseTime(metadata.creationTimestamp),
    labels: metadata.labels ?? NO_LABELS,
    podLabels: findings.podLabels,
    properties,
    verdict: verdictAt(findings.verdict, context.now),
    facts: findings.facts,
    owners: findings.owners ?? owners(object),
    references: [
      ...(findings.references ?? []),
      containment(kind, namespace, cluster),
    ],
    selectors: findings.selectors ?? [],
    parts: findings.parts ?? [],
  };
}

function containment(
  kind: KindId,
  namespace: string,
  cluster: string,
): Reference {
  const namespaced = namespace !== '';
  return {
    relation: ownershipRelation(kind, namespaced).name,
    end: 'target',
    other: namespaced
      ? { kind: NAMESPACE, namespace: '', name: namespace }
      : { kind: CLUSTER, namespace: '', name: cluster },
    required: true,
  };
}

/** Five minutes past its deletion time an object is stuck: somebody's finalizer, or a kubelet that is gone. */
const STUCK_AFTER = 5 * 60_000;

/**
 * The verdict on an object that is being deleted: `terminating`, then stuck (`health.md` section 5.1). `undefined`
 * for all others. `deletionTimestamp` already includes the grace period.
 */
export function deletionVerdict(
  object: KubernetesObject,
  rules: { terminating?: string; stuck?: string } = {},
): Verdict | undefined {
  const deletedAt = parseTime(object.metadata?.deletionTimestamp);
  if (deletedAt === undefined) {
    return undefined;
  }
  const finalizers: string[] = object.metadata.finalizers ?? [];
  const evidence = [
    fieldEvidence(
      'metadata.deletionTimestamp',
      object.metadata.deletionTimestamp,
      deletedAt,
    ),
    ...(finalizers.length > 0
      ? [fieldEvidence('metadata.finalizers', finalizers.join(', '))]
      : []),
  ];
  return until(
    deletedAt + STUCK_AFTER,
    verdict('terminating', 'Terminating', {
      rule: rules.terminating,
      since: deletedAt,
      evidence,
    }),
    verdict('degraded', 'StuckTerminating', {
      rule: rules.stuck,
      since: deletedAt,
      evidence,
      message:
        finalizers.length > 0
          ? `waits for the finalizers ${finalizers.join(', ')}`
          : undefined,
    }),
  );
}

/** The verdict of a kind that has no status of its own: it exists, or it is being deleted. */
export function existenceVerdict(object: KubernetesObject): Verdict {
  return deletionVerdict(object) ?? verdict('ok', 'Exists');
}

/** The object's own verdicts, unless it is being deleted: then only that counts. */
export function ownVerdict(
  object: KubernetesObject,
  ...verdicts: Verdict[]
): Verdict {
  return deletionVerdict(object) ?? worstVerdict(verdicts);
}
