import { ATTRIBUTES } from './fieldPath';
import { nearestWord } from './nearestWord';
import { Condition, Query, Step, Test } from './query';
import { GremlinAnswer } from './result';

/** As `kubectl` abbreviates kinds. */
const SHORT_NAMES: Record<string, string> = {
  cm: 'configmap',
  cj: 'cronjob',
  deploy: 'deployment',
  ds: 'daemonset',
  ep: 'endpoints',
  hpa: 'horizontalpodautoscaler',
  ing: 'ingress',
  netpol: 'networkpolicy',
  no: 'node',
  ns: 'namespace',
  pdb: 'poddisruptionbudget',
  po: 'pod',
  pv: 'persistentvolume',
  pvc: 'persistentvolumeclaim',
  rc: 'replicationcontroller',
  rs: 'replicaset',
  sa: 'serviceaccount',
  sc: 'storageclass',
  sts: 'statefulset',
  svc: 'service',
};

const NODE_FIELDS = [
  'Name',
  'Type',
  'Manager',
  'ClusterName',
  'State',
  'Status',
  'Stale',
  'K8s',
];
const EDGE_FIELDS = ['RelationType', 'Relation', 'Manager', 'Parent', 'Child'];

/** Of edges, beside those that all have. */
const EDGE_DETAILS = new Set(['keys', 'via', 'containers']);

/** A word of a query that nothing can be found by, in an answer that found nothing; `undefined`: none is known. */
export function hintOf(
  kinds: Iterable<string>,
  query: Query,
  { value }: GremlinAnswer,
): string | undefined {
  if (!isNothing(value)) {
    return undefined;
  }
  const conditions = conditionsOf(query.steps);
  for (const { field } of conditions) {
    const [first] = field.segments;
    const known = [...NODE_FIELDS, ...EDGE_FIELDS, ...ATTRIBUTES];
    const near = nearestWord(first, [...NODE_FIELDS, ...EDGE_FIELDS]);
    if (
      near !== undefined &&
      !known.includes(first) &&
      !EDGE_DETAILS.has(first)
    ) {
      return `no node has a field ${JSON.stringify(
        first,
      )}; did you mean ${near}?`;
    }
  }
  const types = conditions
    .filter(({ field }) => field.segments.join('.') === 'Type')
    .flatMap(({ test }) => textsOf(test));
  if (types.length === 0) {
    return undefined;
  }
  const known = [...new Set(kinds)].sort();
  const unknown = types.find(type => !known.includes(type));
  if (unknown === undefined) {
    return undefined;
  }
  const word = unknown.toLowerCase();
  const near =
    known.find(type => type === word || type === SHORT_NAMES[word]) ??
    known.find(type => `${type}s` === word || `${type}es` === word) ??
    nearestWord(unknown, known);
  return `no kind is called ${JSON.stringify(unknown)}${
    near === undefined ? '' : `; did you mean ${near}?`
  }`;
}

function isNothing(value: GremlinAnswer['value']): boolean {
  if (value === 0 || value === null) {
    return true;
  }
  if (Array.isArray(value)) {
    const [first] = value as { Nodes?: unknown[]; Edges?: unknown[] }[];
    return (
      value.length === 0 ||
      (first?.Nodes?.length === 0 && first.Edges?.length === 0)
    );
  }
  return typeof value === 'object' && Object.keys(value).length === 0;
}

function conditionsOf(steps: readonly Step[]): Condition[] {
  return steps.flatMap((step): Condition[] => {
    switch (step.step) {
      case 'has':
      case 'follow':
      case 'ends':
        return [...step.conditions];
      case 'shortestPath':
        return [...step.target];
      case 'where':
        return step.of.flatMap(each => conditionsOf(each.steps));
      case 'repeat':
        return [step.body, ...(step.until ? [step.until.of] : [])].flatMap(
          each => conditionsOf(each.steps),
        );
      default:
        return [];
    }
  });
}

function textsOf(test: Test): string[] {
  return test.test === 'equals'
    ? test.anyOf.filter((each): each is string => typeof each === 'string')
    : [];
}
