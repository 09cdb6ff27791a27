import { KubernetesObject } from '../kinds/kindDefinition';
import { Folding } from './folding';
import {
  Direction,
  InvalidPolicy,
  NetworkPolicy,
  readNetworkPolicy,
} from './networkPolicy';
import { PortRange } from './portSet';
import { Reachability } from './reachability';
import { podText } from './reachabilityInput';
import { outsideEnds, WorkloadEnd, workloadEnds } from './workloads';

/** Policies to take away and to apply, as `kubectl delete` and `kubectl apply` would. */
export interface PolicyChange {
  remove?: readonly { namespace: string; name: string }[];
  /** `NetworkPolicy` objects. */
  apply?: readonly KubernetesObject[];
}

export interface PolicyChangeAnswer {
  /** Pods whose traffic the changed policies govern, before or after: `ns/name`. */
  governed: string[];
  /** What passes only after the change, and what passes no more, folded by workload. */
  added: ChangedConnection[];
  removed: ChangedConnection[];
  /** Of the applied ones: nothing is said of what they would do. */
  invalid: InvalidPolicy[];
  /** To take away, but not there. */
  absent: { namespace: string; name: string }[];
  /** Why some are left out. */
  cut?: string;
}

export interface ChangedConnection {
  source: string;
  destination: string;
  ports: PortRange[];
}

const MOST_CHANGED = 10_000;
const MOST_GOVERNED = 10_000;

/** Which pods a policy governs, in either direction. */
export function governedPods(
  model: Reachability,
  { namespace, name }: { namespace: string; name: string },
): { pods: string[]; directions: Direction[] } | undefined {
  const policy = model.policies.find(
    ({ source }) => source.namespace === namespace && source.name === name,
  );
  return (
    policy && {
      pods: model.pods
        .filter((_, index) => policy.selects.has(model.classOf[index]))
        .map(podText),
      directions: (['ingress', 'egress'] as const).filter(
        direction => policy[direction],
      ),
    }
  );
}

/** What a change of policies would let through and what it would stop. */
export function policyChange(
  model: Reachability,
  change: PolicyChange,
  limit: number = MOST_CHANGED,
): PolicyChangeAnswer {
  const { policies, invalid, absent, touched } = changed(model, change);
  // Both models tell the same pods apart, so that their tables can be laid side by side.
  const alongside = [
    ...model.policies.map(({ source }) => source),
    ...policies.flatMap(object => {
      const read = readNetworkPolicy(object);
      return 'policy' in read ? read.policy : [];
    }),
  ];
  const before = Reachability.create(model.input, alongside);
  const after = Reachability.create({ ...model.input, policies }, alongside);
  const governed = new Set(
    [before, after].flatMap(one =>
      touched.flatMap(policy => governedPods(one, policy)?.pods ?? []),
    ),
  );
  const { added, removed, cut } = differences(before, after, governed, limit);
  return {
    governed: [...governed].sort().slice(0, MOST_GOVERNED),
    ...{ added, removed, invalid, absent },
    ...(cut !== undefined && { cut }),
  };
}

function keyOf({ metadata }: KubernetesObject): string {
  return `${metadata?.namespace || 'default'}/${metadata?.name}`;
}

function changed(
  model: Reachability,
  { remove = [], apply = [] }: PolicyChange,
): Pick<PolicyChangeAnswer, 'invalid' | 'absent'> & {
  policies: KubernetesObject[];
  touched: { namespace: string; name: string }[];
} {
  const byKey = new Map(
    model.input.policies.map(object => [keyOf(object), object]),
  );
  const absent = remove.filter(
    ({ namespace, name }) => !byKey.delete(`${namespace}/${name}`),
  );
  const invalid: InvalidPolicy[] = [];
  const touched: { namespace: string; name: string }[] = [...remove];
  for (const object of apply) {
    const read = readNetworkPolicy(object);
    if ('invalid' in read) {
      invalid.push(read.invalid);
    } else {
      const { namespace, name }: NetworkPolicy = read.policy;
      byKey.set(`${namespace}/${name}`, object);
      touched.push({ namespace, name });
    }
  }
  return { policies: [...byKey.values()], invalid, absent, touched };
}

function differences(
  before: Reachability,
  after: Reachability,
  governed: ReadonlySet<string>,
  limit: number,
): Pick<PolicyChangeAnswer, 'added' | 'removed' | 'cut'> {
  const [was, is] = [new Folding(before), new Folding(after)];
  const inside = workloadEnds(after);
  const affected = new Set(
    inside.filter(end => isGoverned(after, end, governed)),
  );
  const added: ChangedConnection[] = [];
  const removed: ChangedConnection[] = [];
  const compare = (source: WorkloadEnd, destination: WorkloadEnd) => {
    const old = was.ports.setOf(was.ids(source, destination).some);
    const now = is.ports.setOf(is.ids(source, destination).some);
    if (old.key === now.key) {
      return;
    }
    const ends = { source: source.text, destination: destination.text };
    const [more, less] = [now.without(old), old.without(now)];
    if (!more.isEmpty) {
      added.push({ ...ends, ports: more.ranges() });
    }
    if (!less.isEmpty) {
      removed.push({ ...ends, ports: less.ranges() });
    }
  };
  const sources = [...outsideEnds(after, 'ingress', before), ...inside];
  const destinations = [...outsideEnds(after, 'egress', before), ...inside];
  for (const source of sources) {
    for (const destination of destinations) {
      if (
        source.text !== destination.text &&
        (affected.has(source) || affected.has(destination))
      ) {
        compare(source, destination);
      }
      if (added.length + removed.length >= limit) {
        return {
          added,
          removed,
          cut: `only the first ${limit} changed connections are told`,
        };
      }
    }
  }
  return { added, removed };
}

function isGoverned(
  model: Reachability,
  { peers, namespace }: WorkloadEnd,
  governed: ReadonlySet<string>,
): boolean {
  return (
    namespace !== undefined &&
    peers.some(peer =>
      model.classes[peer].pods.some(index =>
        governed.has(podText(model.pods[index])),
      ),
    )
  );
}
