import { explanationDocument } from '@kubernetes-topology/engine';
import { topologyUsePermission } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { ActionServices, READS } from './actionServices';
import { keyOfObject, OBJECT_FIELDS } from './namedObject';

const DESCRIPTION = `
Says why a Kubernetes object is down or degraded: the one object that is the cause, the chain from it to the asked one, the evidence for each hop in
Kubernetes' own words, how sure that is (\`proven\` or \`likely\`) and what to do next. Read-only.

Without an object it tells all incidents of a cluster, or of all clusters, the most severe first. \`unexplained\` names what is down for
reasons that the Kubernetes API does not show: that is an answer, too; look at logs then. No incidents and nothing unexplained: all is well.`.trim();

export function registerExplainObject({
  registry,
  topology,
  access,
}: ActionServices): void {
  registry.register({
    name: 'explain-kubernetes-object',
    title: 'Explain why a Kubernetes object is down',
    description: DESCRIPTION,
    attributes: READS,
    visibilityPermission: topologyUsePermission,
    schema: {
      input: z =>
        z.object({
          kind: z.string().optional().describe(OBJECT_FIELDS.kind),
          name: z
            .string()
            .optional()
            .describe(`${OBJECT_FIELDS.name} Needs a kind.`),
          namespace: z.string().optional().describe(OBJECT_FIELDS.namespace),
          cluster: z
            .string()
            .optional()
            .describe(
              `${OBJECT_FIELDS.cluster} Without an object: only this cluster's incidents.`,
            ),
        }),
      output: z =>
        z.object({
          incidents: z.array(z.any()),
          unexplained: z.array(z.any()),
          cut: z.string().optional().describe('What was left out, in words.'),
        }),
    },
    action: async ({ input, credentials }) => {
      const { filter } = await access.readerWith(credentials);
      const { kind, name, namespace, cluster } = input;
      const found = await topology.incidents({
        filter,
        ...(kind !== undefined && name !== undefined
          ? {
              keys: [
                await keyOfObject(
                  topology,
                  { kind, name, namespace, cluster },
                  filter,
                ),
              ],
            }
          : { ...(cluster !== undefined && { clusters: [cluster] }) }),
      });
      return { output: explanationDocument(found) };
    },
  });
}
