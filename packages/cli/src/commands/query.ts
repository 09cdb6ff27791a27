import { Command } from 'commander';
import { interruptible } from '../interrupt';
import { openTopology, withTopology } from '../openTopology';
import {
  addSourceOptions,
  readingOf,
  sourceOf,
  SourceOptions,
} from '../sourceOptions';

const HELP = `
The answer is JSON in Skydive's form, on standard output:
  nodes        [{"ID": …, "Metadata": {"Name": …, "Type": …, "K8s": …}, …}, …]
  edges        [{"ID": …, "Parent": …, "Child": …, "Metadata": …, …}, …]
  Count(), Sum()            a number
  Values(), Keys()          an array

Sources: a portal (without options), or one that this process reads itself, with no portal at all:
  --portal URL         what a portal has read, as far as the token may see it
  --kubeconfig [FILE]  a cluster, as kubectl would reach it; lists it, answers, and forgets it
  --in-cluster         the cluster of this pod
  --from PATH          manifests or a dump; what it does not hold is unknown, never missing

Examples:
  All deployments
    $ kube-topology query "G.V().Has('Type', 'deployment')"
  Pods that use a secret
    $ kube-topology query "G.V().Has('Name', 'mysql-pass').In().Has('Type', 'pod')"
  Restart them
    $ kube-topology query "G.V().Has('Name', 'mysql-pass').In().Has('Type', 'pod')" \\
        | jq -r '.[] | .Metadata.Name' | xargs -n 1 kubectl delete pod
  What is down in a cluster, without a portal
    $ kube-topology query "G.V().Has('Status', 'down').Values('Name')" --context prod
  What a folder of manifests refers to and does not hold
    $ kube-topology query "G.V().Has('Status', 'unknown').Values('Name')" --from deploy/
  Ask a dump
    $ kubectl get all,secrets,configmaps,ingresses -A -o json | kube-topology query "G.V().Count()" --from -
  Ask a large cluster again and again: only what changed is written
    $ kube-topology query "G.V().Count()" --kubeconfig --database prod.db

Exit code: 0 with an answer, 1 without one (the reason is on standard error), 2 for a wrong call, 130 after Ctrl-C.`;

export function createQueryCommand(): Command {
  const query = new Command('query');
  return addSourceOptions(
    query
      .configureOutput({
        outputError: (text, write) => write(`${text}${misreadQuery(query)}`),
      })
      .summary('run a Gremlin query and print the answer as JSON')
      .description(
        "Runs a query in Skydive's Gremlin dialect and prints the answer as JSON.",
      )
      .argument('<gremlin>', 'the query; quote it for the shell'),
  )
    .addHelpText('after', HELP)
    .action(async (gremlin: string, _options, command: Command) => {
      const source = sourceOf(command);
      const reading = readingOf(command.opts());
      const { value, cut } = await interruptible(signal =>
        withTopology(openTopology(source, reading, signal), topology =>
          topology.query(gremlin),
        ),
      );
      process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
      if (cut) {
        process.stderr.write(
          `kube-topology: the answer is not complete: ${cut}\n`,
        );
      }
    });
}

/** An option's value that may be left out takes what follows. */
function misreadQuery(command: Command): string {
  const { kubeconfig } = command.opts<SourceOptions>();
  return command.args.length === 0 && typeof kubeconfig === 'string'
    ? `--kubeconfig took ${kubeconfig} for a file: put the query before it\n`
    : '';
}
