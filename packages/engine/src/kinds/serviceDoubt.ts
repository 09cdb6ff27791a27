import { declares } from './declaredPorts';
import { ContextNode } from './kindDefinition';
import { Verdict } from './status';
import { verdict } from './verdict';

/**
 * What is worth a word about a Service that serves: no endpoint declares a port that it sends to (S078), some of its
 * pods do not (S077), or only callers beside an endpoint are served (S091). No fault by itself: a container may listen
 * on a port that it does not declare.
 *
 * @param workloads how many workloads it selects
 */
export function withDoubt(
  found: Verdict,
  { facts }: ContextNode,
  pods: readonly ContextNode[],
  workloads: () => number,
): Verdict {
  if (found.level !== 'ok' || found.sequel) {
    return found;
  }
  const doubt = (reason: string, message: string, rule = 'H078'): Verdict => ({
    ...found,
    reason,
    rule,
    message: `${found.message}; ${message}`,
  });
  const targets: unknown[] = (facts.ports ?? []).map(
    (port: any) => port.targetPort ?? port.port,
  );
  const declared = pods.map(pod => pod.facts.ports as string | undefined);
  if (declared.length > 0 && !declared.includes(undefined)) {
    const serving = targets.map(
      port => declared.filter(ports => declares(ports!, port)).length,
    );
    if (targets.length > 0 && serving.every(count => count === 0)) {
      return doubt('PortUndeclared', 'none of them declares its target port');
    }
    // By name, a pod that does not have the port is no endpoint of it; a headless Service only names its pods.
    const mixed =
      !facts.headless &&
      serving.some(
        (count, nth) =>
          count > 0 && count < pods.length && typeof targets[nth] === 'number',
      );
    if (mixed && workloads() > 1) {
      return doubt('MixedBackends', 'some of them do not declare its port');
    }
  }
  return facts.local
    ? doubt('ServingLocally', 'each only to callers on its own node', 'H080')
    : found;
}

/** A dump without slices: that it selects nobody is worth a look, and no fault as long as pods may not be read. */
export function nobodyInView({ own }: ContextNode): Verdict | undefined {
  return own.level === 'ok'
    ? verdict('ok', 'NobodyInView', {
        rule: 'H074',
        message: 'no pod in view has the labels of its selector',
      })
    : undefined;
}
