import { Command } from 'commander';
import { clusterTables } from '../clusterTables';
import { interruptible } from '../interrupt';
import { openTopology, withTopology } from '../openTopology';
import { outputOption } from '../output/outputForm';
import { addSourceOptions, readingOf, sourceOf } from '../sourceOptions';

const HELP = `
State of a cluster: syncing (the first lists are being read), ready, failing (the message says why).
KINDS are those that were listed; below stand the kinds that cannot be read, or not all of which can be, and why.
What refers to an object of a kind that cannot be read is unknown, never missing.

Examples:
  What a portal reads
    $ kube-topology clusters --portal https://portal.example.com
  What this account could read of a cluster
    $ kube-topology clusters --context prod
  Kinds that a portal may not read
    $ kube-topology clusters -o json | jq -r '.[].kinds[] | select(.state == "forbidden") | .kind'

Exit code: 0 with an answer, whatever it says; 1 without one, 2 for a wrong call, 130 after Ctrl-C.`;

export function createClustersCommand(): Command {
  return addSourceOptions(
    new Command('clusters')
      .summary('tell how well the clusters are read')
      .description(
        'Tells how well each cluster is read, and which kinds of objects cannot be read and why.',
      ),
  )
    .addOption(outputOption())
    .addHelpText('after', HELP)
    .action(async (_options, command: Command) => {
      const { output } = command.opts<{ output: 'table' | 'json' }>();
      const source = sourceOf(command);
      const reading = readingOf(command.opts());
      const clusters = await interruptible(signal =>
        withTopology(openTopology(source, reading, signal), topology =>
          topology.clusters(),
        ),
      );
      const text =
        output === 'json'
          ? JSON.stringify(clusters, null, 2)
          : clusterTables(clusters);
      process.stdout.write(`${text}\n`);
    });
}
