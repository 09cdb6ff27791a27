import { createPermissionRule } from '@backstage/plugin-permission-node';
import { kindText } from '@kubernetes-topology/engine';
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

export const topologyNodeRules = { isInCluster, isInNamespace, isOfKind };
