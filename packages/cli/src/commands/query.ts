import { Command } from 'commander';
import { openPortal } from '../portal';
import { addPortalOptions, PortalOptions } from '../portalOptions';

const HELP = `
The answer is JSON in Skydive's form, on standard output:
  nodes        [{"ID": …, "Metadata": {"Name": …, "Type": …, "K8s": …}, …}, …]
  edges        [{"ID": …, "Parent": …, "Child": …, "Metadata": …, …}, …]
  Count(), Sum()            a number
  Values(), Keys()          an array

Examples:
  All deployments
    $ kube-topology query "G.V().Has('Type', 'deployment')"
  Pods that use a secret
    $ kube-topology query "G.V().Has('Name', 'mysql-pass').In().Has('Type', 'pod')"
  Restart them
    $ kube-topology query "G.V().Has('Name', 'mysql-pass').In().Has('Type', 'pod')" \\
        | jq -r '.[] | .Metadata.Name' | xargs -n 1 kubectl delete pod

Exit code: 0 with an answer, 1 without one (the reason is on standard error), 2 for a wrong call.`;

export function createQueryCommand(): Command {
  return addPortalOptions(
    new Command('query')
      .summary('run a Gremlin query and print the answer as JSON')
      .description(
        "Runs a query in Skydive's Gremlin dialect and prints the answer as JSON.",
      )
      .argument('<gremlin>', 'the query; quote it for the shell'),
  )
    .addHelpText('after', HELP)
    .action(async (gremlin: string, options: PortalOptions) => {
      const portal = openPortal(options);
      const { value, cut } = await portal.ask((client, request) =>
        client.query(gremlin, request),
      );
      process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
      if (cut) {
        process.stderr.write(
          `kube-topology: the answer is not complete: ${cut}\n`,
        );
      }
    });
}
