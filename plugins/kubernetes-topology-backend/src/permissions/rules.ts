import { createPermissionRule } from '@backstage/plugin-permission-node';
import {
  kindText,
  LabelRequirement,
  matchesLabels,
} from '@kubernetes-topology/engine';
import { z } from 'zod';
import { topologyNodeResourceRef } from './nodeResource';

/** Bounds the condition that every hop of every query carries. */
const names = z.array(z.string().max(253)).max(500);

export const isInCluster = createPermissionRule({
  name: 'IS_IN_CLUSTER',
  description: 'Allow objects of any of the given clusters',
  resourceRef: topologyNodeResourceRef,
  paramsSchema: z.object({
    clusters: names.describe('Names of clusters, as the portal lists them'),
  }),
  apply: (node, { clusters }) => clusters.includes(node.cluster),
  toQuery: ({ clusters }) => ({ key: 'cluster', values: clusters }),
});

export const isInNamespace = createPermissionRule({
  name: 'IS_IN_NAMESPACE',
  description:
    'Allow objects in any of the given namespaces; cluster-scoped objects are in the namespace ""',
  resourceRef: topologyNodeResourceRef,
  paramsSchema: z.object({
    namespaces: names.describe('Names of namespaces'),
  }),
  apply: (node, { namespaces }) => namespaces.includes(node.namespace),
  toQuery: ({ namespaces }) => ({ key: 'namespace', values: namespaces }),
});

export const isOfKind = createPermissionRule({
  name: 'IS_OF_KIND',
  description: 'Allow objects of any of the given kinds',
  resourceRef: topologyNodeResourceRef,
  paramsSchema: z.object({
    kinds: names.describe(
      'Kinds with their API group, as in keys: "Deployment.apps"; kinds of the core group have none: "Pod"',
    ),
  }),
  apply: (node, { kinds }) => kinds.includes(kindText(node.kind)),
  toQuery: ({ kinds }) => ({ key: 'kind', values: kinds }),
});

/** As the API server checks the keys of labels. */
const labelKey = z
  .string()
  .max(317)
  .regex(
    /^([a-z0-9.-]+\/)?[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?$/,
    'expected the key of a label, like "team" or "app.kubernetes.io/part-of"',
  );

export const hasLabel = createPermissionRule({
  name: 'HAS_LABEL',
  description:
    'Allow objects that have the given label, with any of the given values where there are some',
  resourceRef: topologyNodeResourceRef,
  paramsSchema: z.object({
    label: labelKey.describe('Key of the label'),
    values: names.optional().describe('Values of the label; left out: any'),
  }),
  apply: (node, params) =>
    matchesLabels([labelRequirement(params)], node.labels),
  toQuery: params => ({ label: labelRequirement(params) }),
});

export const isPartOfOwnedEntity = createPermissionRule({
  name: 'IS_PART_OF_OWNED_ENTITY',
  description:
    'Allow objects behind a catalog entity that any of the given claims owns, itself or with what it is part of',
  resourceRef: topologyNodeResourceRef,
  paramsSchema: z.object({
    claims: z
      .array(z.string())
      .max(1000)
      .describe(
        "Entity references; a policy passes the user's ownershipEntityRefs",
      ),
  }),
  apply: ({ owners }, { claims }) =>
    claims.some(claim => owners.includes(claim.toLocaleLowerCase('en-US'))),
  toQuery: ({ claims }) => ({ ownedBy: claims }),
});

function labelRequirement({
  label,
  values,
}: {
  label: string;
  values?: string[];
}): LabelRequirement {
  return values
    ? { key: label, operator: 'In', values }
    : { key: label, operator: 'Exists', values: [] };
}

export const topologyNodeRules = {
  isInCluster,
  isInNamespace,
  isOfKind,
  hasLabel,
  isPartOfOwnedEntity,
};
