import { ContextNode, Neighbours } from './kindDefinition';
import { Json, Reference } from './observation';
import { Verdict } from './status';
import { after, until, verdict } from './verdict';

/** Reasons of a pod whose containers cannot be created yet: a volume that cannot be mounted shows as nothing else. */
const CREATING: ReadonlySet<string> = new Set([
  'ContainerCreating',
  'SandboxSlow',
  'SlowStart',
]);
/** As long as the event that names it would have to last (H015). */
const MOUNT_BUDGET = 30_000;

/** What a volume of the pod is made of, as its facts keep it: `["pod-secret", "db", ["password"]]`. */
type Need = [relation: string, name: string, keys: string[]];

/**
 * The Secrets and ConfigMaps that the volumes of a pod need before its containers can be created; `undefined` for pods
 * that are further. The kubelet tells of a missing one by an event only, and events get lost.
 */
export function mountNeeds(
  own: Verdict,
  references: readonly Reference[],
): Json | undefined {
  if (!CREATING.has(own.reason)) {
    return undefined;
  }
  const needs: Need[] = [];
  for (const { relation, other, required, details } of references) {
    const mounts = (details?.via as string[] | undefined)?.some(
      via => via === 'volume' || via === 'projected' || via === 'subPath',
    );
    const isConfig = relation === 'pod-secret' || relation === 'pod-configmap';
    if (required && isConfig && mounts) {
      needs.push([
        relation,
        other.name,
        (details?.requiredKeys as string[] | undefined) ?? [],
      ]);
    }
  }
  return needs.length > 0 ? needs : undefined;
}

/** H015, without the event: a volume's Secret or ConfigMap, or a key in it, is not there. */
export function judgeByMounts(
  pod: ContextNode,
  neighbours: Neighbours,
): Verdict | undefined {
  const needs: Need[] | undefined = pod.facts.mountNeeds;
  if (!needs || !CREATING.has(pod.own.reason)) {
    return undefined;
  }
  for (const [relation, name, keys] of needs) {
    const source = neighbours(relation, 'out').find(({ key }) =>
      key.endsWith(`/${name}`),
    );
    const lacks = source && whatLacks(source, name, keys);
    if (lacks) {
      const since = pod.own.since ?? pod.createdAt;
      const { sequel: _, ...own } = pod.own;
      return until(
        after(since, MOUNT_BUDGET),
        own,
        verdict('down', 'MountFailed', {
          rule: 'H015',
          since,
          message: lacks,
          evidence: [
            { source: 'absence', field: 'spec.volumes', value: source.key },
            ...pod.own.evidence,
          ],
        }),
      );
    }
  }
  return undefined;
}

function whatLacks(
  { kind, level, facts }: ContextNode,
  name: string,
  keys: readonly string[],
): string | undefined {
  if (level === 'missing') {
    return `${kind.kind} ${name} of a volume does not exist`;
  }
  const present: string[] | undefined = facts.keys;
  const missing = present && keys.filter(key => !present.includes(key));
  return missing && missing.length > 0
    ? `${kind.kind} ${name} of a volume has no key ${missing.join(', ')}`
    : undefined;
}
