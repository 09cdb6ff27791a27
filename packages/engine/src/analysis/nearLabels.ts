import { CausalGraphNode } from './causalGraph';
import { nearName } from './nearName';

/** The pods that a selector would match if one of its labels were another. */
export interface NearLabels {
  /** What the pods carry: `app=cart`. */
  label: string;
  /** The selector that matches them. */
  selector: Map<string, string>;
  pods: number;
  /** One is a slip of the pen for the other; otherwise they only differ in one label. */
  slip: boolean;
}

/** Labels that say which application a pod is of: which of them people use differs. */
const NAMING: readonly string[] = [
  'app',
  'app.kubernetes.io/name',
  'name',
  'k8s-app',
  'run',
  'component',
  'app.kubernetes.io/component',
];

/** The pods that all of the selector but one label matches: that one misspelt, under another key, or just different. */
export function nearLabels(
  selector: ReadonlyMap<string, string>,
  pods: readonly CausalGraphNode[],
): NearLabels | undefined {
  const tries = [...selector].map(([key, value]) => {
    const others = new Map([...selector].filter(([name]) => name !== key));
    return { key, value, others, candidates: matching(pods, others) };
  });
  for (const { key, value, others, candidates } of tries) {
    const values = new Set(candidates.flatMap(pod => pod.labels[key] ?? []));
    const near = nearName(value, values);
    if (near !== undefined && !isOtherNumber(value, near)) {
      return found(candidates, others, key, near, true);
    }
  }
  for (const { key: wanted, value, others, candidates } of tries) {
    const key = NAMING.find(
      name =>
        NAMING.includes(wanted) &&
        candidates.some(pod => pod.labels[name] === value),
    );
    if (key !== undefined && !selector.has(key)) {
      return found(candidates, others, key, value, true);
    }
  }
  for (const { key, others, candidates } of tries) {
    const [first] = candidates.flatMap(pod => pod.labels[key] ?? []);
    if (others.size > 0 && first !== undefined) {
      return found(candidates, others, key, first, false);
    }
  }
  return undefined;
}

/**
 * Pods that no other Service selects and that this one is meant for by all that can be seen: they are called as it is,
 * or have all of its labels but one, which no pod has.
 */
export function meantPods(
  service: Pick<CausalGraphNode, 'key' | 'name'>,
  selector: ReadonlyMap<string, string>,
  pods: readonly CausalGraphNode[],
  services: readonly CausalGraphNode[],
): NearLabels | undefined {
  const free = pods.filter(
    pod =>
      !services.some(other => other.key !== service.key && selects(other, pod)),
  );
  for (const key of selector.keys()) {
    const others = new Map([...selector].filter(([name]) => name !== key));
    const left = others.size > 0 ? matching(free, others) : [];
    if (left.length > 0 && pods.every(pod => pod.labels[key] === undefined)) {
      return {
        label: `${selectorText(others)} and no label ${key}`,
        selector: others,
        pods: left.length,
        slip: true,
      };
    }
  }
  const name = service.name.replace(/-(svc|service)$/, '');
  for (const key of NAMING) {
    const namesakes = free.filter(({ labels }) => labels[key] === name);
    // What it asks for already is not what it gets wrong.
    if (namesakes.length > 0 && selector.get(key) !== name) {
      return {
        label: `${key}=${name}, and no Service selects them`,
        selector: new Map([[key, name]]),
        pods: namesakes.length,
        slip: true,
      };
    }
  }
  return undefined;
}

function selects(
  { properties }: CausalGraphNode,
  { labels }: CausalGraphNode,
): boolean {
  const wanted = Object.entries(
    (properties.Selector ?? {}) as Record<string, string>,
  );
  return (
    wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value)
  );
}

function matching(
  pods: readonly CausalGraphNode[],
  selector: ReadonlyMap<string, string>,
): CausalGraphNode[] {
  return pods.filter(({ labels }) =>
    [...selector].every(([name, wanted]) => labels[name] === wanted),
  );
}

function found(
  candidates: readonly CausalGraphNode[],
  others: ReadonlyMap<string, string>,
  key: string,
  value: string,
  slip: boolean,
): NearLabels {
  return {
    label: `${key}=${value}`,
    selector: new Map([...others, [key, value]]),
    pods: candidates.filter(({ labels }) => labels[key] === value).length,
    slip,
  };
}

/** `shard-1` is no slip of the pen for `shard-2`, and `v1` none for `v2`; `cart2` may be one for `cart`. */
export function isOtherNumber(one: string, other: string): boolean {
  const shape = (text: string) => text.replace(/\d+/g, '#');
  return one !== other && /\d/.test(one) && shape(one) === shape(other);
}

export function selectorText(selector: ReadonlyMap<string, string>): string {
  return [...selector].map(([key, value]) => `${key}=${value}`).join(',');
}
