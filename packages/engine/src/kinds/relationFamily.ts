import { BitesAt, Relation, RelationClass } from './relation';

/** What every relation of one family has in common. */
export interface Family {
  class: RelationClass;
  rules: readonly string[];
  suffers: Relation['suffers'];
  strength: Relation['strength'];
  bitesAt: readonly BitesAt[];
  inferred?: boolean;
}

/** The pod, and the kinds whose pod template is read (R038). */
export const POD_SPEC_TYPES = [
  'pod',
  'deployment',
  'replicaset',
  'replicationcontroller',
  'statefulset',
  'daemonset',
  'job',
  'cronjob',
  'podtemplate',
] as const;

/** A relation named `<parent>-<child>`; its `RelationType` is the parent's kind, as Skydive has it (section 2.1). */
export function typed(parent: string, child: string, family: Family): Relation {
  return {
    name: `${parent}-${child}`,
    relationType: parent,
    ...family,
  };
}

/** Skydive's ownership tree: cluster → namespace → object, cluster → node, pv, storageclass (section 2.2). */
export function ownership(
  parent: string,
  child: string,
  family: Family,
): Relation {
  return { ...typed(parent, child, family), relationType: 'ownership' };
}

export const CONTAINED_IN_CLUSTER: Family = {
  class: 'ownership',
  rules: [],
  suffers: 'none',
  strength: 'soft',
  bitesAt: [],
};

/** A namespace that is being deleted refuses new objects in it; what already runs goes on. */
export const CONTAINED_IN_NAMESPACE: Family = {
  class: 'ownership',
  rules: ['R016'],
  suffers: 'target',
  strength: 'hard',
  bitesAt: ['admission', 'delete'],
};

/** `cluster-<type>` for each kind that is in no namespace. */
export function inCluster(...types: readonly string[]): Relation[] {
  return types.map(type => ownership('cluster', type, CONTAINED_IN_CLUSTER));
}

/** `namespace-<type>` for each kind that is in one. */
export function inNamespace(...types: readonly string[]): Relation[] {
  return types.map(type =>
    ownership('namespace', type, CONTAINED_IN_NAMESPACE),
  );
}
