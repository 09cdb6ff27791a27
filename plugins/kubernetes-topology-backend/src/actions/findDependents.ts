import { topologyUsePermission } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { ActionServices, READS } from './actionServices';
import { keyOfObject, OBJECT_FIELDS } from './namedObject';

const MOST = 100;

const DESCRIPTION = `
Says what breaks if a Kubernetes object goes or fails: which objects need it or are deleted along with it, directly or through others. Read-only.

Each has when it is felt (\`now\`, \`nextStart\`: when a pod starts the next time, \`scaling\`, \`drain\`: when a node is drained) and how much (\`hard\`: it stops
working, \`soft\`: it works worse or in part), and one sentence why. Ask it before a Secret, ConfigMap, Service, claim or node is changed, or to
find who depends on one.`.trim();

export function registerFindDependents({
  registry,
  topology,
  access,
}: ActionServices): void {
  registry.register({
    name: 'find-dependents',
    title: 'Find what depends on a Kubernetes object',
    description: DESCRIPTION,
    attributes: READS,
    visibilityPermission: topologyUsePermission,
    schema: {
      input: z =>
        z.object({
          kind: z.string().describe(OBJECT_FIELDS.kind),
          name: z.string().describe(OBJECT_FIELDS.name),
          namespace: z.string().optional().describe(OBJECT_FIELDS.namespace),
          cluster: z.string().optional().describe(OBJECT_FIELDS.cluster),
        }),
      output: z =>
        z.object({
          dependents: z.array(
            z.object({
              kind: z.string(),
              namespace: z.string(),
              name: z.string(),
              effects: z.array(
                z.object({ when: z.string(), strength: z.string() }),
              ),
              says: z.string(),
            }),
          ),
          more: z.number().describe('Dependents that are not listed.'),
          cut: z.string().optional().describe('What was left out, in words.'),
        }),
    },
    action: async ({ input, credentials }) => {
      const { filter } = await access.readerWith(credentials);
      const key = await keyOfObject(topology, input, filter);
      const impact = await topology.impact(key, { filter, limit: MOST });
      return {
        output: {
          dependents: (impact?.impacted ?? []).map(
            ({ node: { kind, namespace, name }, effects, says }) => ({
              kind,
              namespace,
              name,
              effects,
              says,
            }),
          ),
          more: impact?.more ?? 0,
          ...(impact?.cut !== undefined && { cut: impact.cut }),
        },
      };
    },
  });
}
