import { InputError } from '@backstage/errors';
import { GremlinError } from '@kubernetes-topology/engine';
import { topologyUsePermission } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { ActionServices, READS } from './actionServices';

/** Elements that an agent can read; more of them only cost. */
const MOST_ELEMENTS = 200;

const DESCRIPTION = `
Runs a query over the Kubernetes topology of the portal's clusters: objects are nodes, their relations edges. Read-only.

The language is Skydive's Gremlin dialect. A node has the fields \`Type\` (kind in lower case), \`Name\`, \`Status\` (ok, progressing,
degraded, down, missing, unknown, ...), \`ClusterName\`, \`K8s.Namespace\`, \`K8s.Labels.<key>\` and what the kind shows under \`K8s\`.

- All pods that are down: \`G.V().Has('Type', 'pod', 'Status', 'down')\`
- Pods that use a secret: \`G.V().Has('Type', 'secret', 'Name', 'mysql-pass').In().Has('Type', 'pod')\`
- What a deployment consists of: \`G.V().Has('Type', 'deployment', 'Name', 'cart').Out().Out()\`
- How many: \`G.V().Has('Type', 'pod').Count()\`; names only: \`….Values('Name')\`

Answers with at most ${MOST_ELEMENTS} elements: narrow the query, or count, when \`cut\` is set. A faulty query is refused with the place of the fault.
Why something is down is told by explain-kubernetes-object.`.trim();

export function registerQueryTopology({
  registry,
  topology,
  access,
}: ActionServices): void {
  registry.register({
    name: 'query-kubernetes-topology',
    title: 'Query the Kubernetes topology',
    description: DESCRIPTION,
    attributes: READS,
    visibilityPermission: topologyUsePermission,
    schema: {
      input: z =>
        z.object({
          query: z.string().min(1).max(10_000).describe('The query.'),
          at: z
            .string()
            .datetime({ offset: true })
            .optional()
            .describe('RFC 3339: what was then, instead of now.'),
        }),
      output: z =>
        z.object({
          value: z
            .any()
            .describe("Nodes, edges, values or a number in Skydive's form."),
          cut: z.string().optional().describe('What was left out, in words.'),
        }),
    },
    action: async ({ input, credentials }) => {
      const { filter } = await access.readerWith(credentials);
      try {
        const { value, cut } = await topology.query(input.query, {
          filter,
          ...(input.at !== undefined && { at: Date.parse(input.at) }),
        });
        return {
          output:
            Array.isArray(value) && value.length > MOST_ELEMENTS
              ? {
                  value: value.slice(0, MOST_ELEMENTS),
                  cut: `the first ${MOST_ELEMENTS} of ${value.length}${
                    cut === undefined ? '' : `; ${cut}`
                  }`,
                }
              : { value, ...(cut !== undefined && { cut }) },
        };
      } catch (error) {
        throw error instanceof GremlinError
          ? new InputError(`${error.message}\n${error.excerpt}`)
          : error;
      }
    },
  });
}
