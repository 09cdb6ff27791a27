import { LIMIT_RANGE } from '../kinds/kindIds';
import { Json } from '../kinds/observation';
import { ApiRefusal } from './apiRefusal';
import { CausalGraph, CausalGraphNode } from './causalGraph';
import { Root, namespaceFlag } from './finding';
import { LimitViolation } from './limitViolation';
import { parseQuantity } from './quantity';

/**
 * The LimitRange whose bound is not kept (S052). The API server's sentence does not name it: it is the one of the
 * namespace that has this very bound. None with it means that it was changed since, or that it cannot be seen.
 */
export function limitRangeRoot(
  { cluster, namespace }: CausalGraphNode,
  { violations }: Extract<ApiRefusal, { type: 'limits' }>,
  graph: CausalGraph,
): Root | undefined {
  const ranges = graph.inventory({ cluster, kind: LIMIT_RANGE, namespace });
  const range = ranges?.nodes.find(one =>
    violations.some(violation => sets(one, violation)),
  );
  if (!range) {
    return undefined;
  }
  const own = violations.filter(violation => sets(range, violation));
  return {
    node: range,
    fault: 'LimitRangeForbids',
    predicate: `forbids it: ${own.map(({ text }) => text).join('; ')}`,
    nextStep: `Keep the bound in the pod template's resources, or change it: kubectl edit limitrange ${
      range.name
    }${namespaceFlag(range)}`,
    evidence: own.map(({ bound, resource, type, allowed, asked }) => ({
      source: 'field',
      field: `spec.limits[type=${type}].${bound}.${resource}`,
      value: `${allowed}, asked for: ${asked ?? 'nothing'}`,
    })),
    since: range.createdAt,
  };
}

function sets(
  { verdict, properties }: CausalGraphNode,
  { bound, resource, type, allowed }: LimitViolation,
): boolean {
  const { Limits } = properties;
  return (
    verdict.level !== 'missing' &&
    Array.isArray(Limits) &&
    Limits.some(limit => {
      const entry = record(limit);
      const value = record(entry?.[bound])?.[resource];
      return (
        entry?.Type === type &&
        value !== undefined &&
        parseQuantity(value) === parseQuantity(allowed)
      );
    })
  );
}

function record(value: Json | undefined): { [name: string]: Json } | undefined {
  return value && typeof value === 'object' && !Array.isArray(value)
    ? value
    : undefined;
}
