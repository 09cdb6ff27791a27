import { KubernetesObject } from '../../objects/kubernetesObject';

type Fields = Record<string, any>;

export interface Toleration {
  key?: string;
  operator?: string;
  value?: string;
  effect?: string;
}

interface Taint {
  key: string;
  value?: string;
  effect: string;
}

interface NodeSelectorTerm {
  matchExpressions?: NodeRequirement[];
  matchFields?: NodeRequirement[];
}

interface NodeRequirement {
  key: string;
  operator: string;
  values?: string[];
}

/** Whether the pod's nodeSelector and required node affinity allow the node. */
export function fitsNode(podSpec: Fields, node: KubernetesObject): boolean {
  const labels = node.metadata.labels ?? {};
  const selected = Object.entries(podSpec.nodeSelector ?? {}).every(
    ([key, value]) => labels[key] === value,
  );
  const terms: NodeSelectorTerm[] | undefined =
    podSpec.affinity?.nodeAffinity
      ?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  return selected && (terms === undefined || matchesTerms(terms, node));
}

/** Any of the terms, all of a term's requirements. */
export function matchesTerms(
  terms: NodeSelectorTerm[],
  { metadata }: KubernetesObject,
): boolean {
  const fields = { 'metadata.name': metadata.name };
  return terms.some(
    ({ matchExpressions = [], matchFields = [] }) =>
      matchExpressions.length + matchFields.length > 0 &&
      matchExpressions.every(requirement =>
        meets(requirement, metadata.labels ?? {}),
      ) &&
      matchFields.every(requirement => meets(requirement, fields)),
  );
}

/** The first taint that keeps the pod away. */
export function untoleratedTaint(
  podSpec: Fields,
  { spec }: KubernetesObject,
): Taint | undefined {
  const tolerations: Toleration[] = podSpec.tolerations ?? [];
  return ((spec?.taints ?? []) as Taint[]).find(
    taint =>
      taint.effect !== 'PreferNoSchedule' &&
      !tolerations.some(toleration => tolerates(toleration, taint)),
  );
}

export function toleratesTaints(
  podSpec: Fields,
  node: KubernetesObject,
): boolean {
  return untoleratedTaint(podSpec, node) === undefined;
}

export function toleratesUnschedulable(podSpec: Fields): boolean {
  return ((podSpec.tolerations ?? []) as Toleration[]).some(toleration =>
    tolerates(toleration, {
      key: 'node.kubernetes.io/unschedulable',
      effect: 'NoSchedule',
    }),
  );
}

function tolerates(toleration: Toleration, taint: Taint): boolean {
  const { key, operator = 'Equal', value = '', effect } = toleration;
  return (
    (effect === undefined || effect === '' || effect === taint.effect) &&
    (key === undefined || key === '' || key === taint.key) &&
    (operator === 'Exists' || value === (taint.value ?? ''))
  );
}

function meets(
  { key, operator, values = [] }: NodeRequirement,
  labels: Record<string, string>,
): boolean {
  const present = Object.hasOwn(labels, key);
  switch (operator) {
    case 'In':
      return present && values.includes(labels[key]);
    case 'NotIn':
      return !present || !values.includes(labels[key]);
    case 'Exists':
      return present;
    case 'DoesNotExist':
      return !present;
    case 'Gt':
      return present && Number(labels[key]) > Number(values[0]);
    case 'Lt':
      return present && Number(labels[key]) < Number(values[0]);
    default:
      return false;
  }
}
