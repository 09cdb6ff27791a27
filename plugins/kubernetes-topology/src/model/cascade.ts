import { EntityCause } from '@kubernetes-topology/plugin-kubernetes-topology-common';

/** One step of a cascade: the second node suffers from the first. */
export interface CausalStep {
  from: string;
  to: string;
}

/** What failures cover: their roots, every object hit, and the steps that are told. */
export interface Cascade {
  roots: ReadonlySet<string>;
  keys: ReadonlySet<string>;
  steps: readonly CausalStep[];
}

/** All keys as the API gave them; root first in every path. */
export function cascadeOf(causes: readonly EntityCause[]): Cascade {
  const roots = new Set<string>();
  const keys = new Set<string>();
  const steps = new Map<string, CausalStep>();
  for (const cause of causes) {
    roots.add(cause.root.key);
    keys.add(cause.root.key);
    for (const node of cause.affected) {
      keys.add(node.key);
    }
    cause.path.forEach((hop, index) => {
      keys.add(hop.node.key);
      const next = cause.path[index + 1];
      if (next) {
        const step = { from: hop.node.key, to: next.node.key };
        steps.set(`${step.from} ${step.to}`, step);
      }
    });
  }
  return { roots, keys, steps: [...steps.values()] };
}
