import { Command } from 'commander';
import { usageFailure } from '../failure';
import { interruptible } from '../interrupt';
import { lazily } from '../lazily';
import { assertNodeForEngine } from '../nodeVersion';
import { outputOption } from '../output/outputForm';
import { ClusterSource } from '../source';
import {
  addClusterOptions,
  addEngineOptions,
  addPortalOptions,
  assertOne,
  ClusterOptions,
  clusterSourceOf,
  count,
  duration,
  EngineOptions,
  portalSourceOf,
  PortalOptions,
  readingOf,
} from '../sourceOptions';
import { verificationText } from '../verificationText';

const HELP = `
The cluster is listed anew by this process and followed for as long as the comparison takes; the database is only read. A
portal need not run meanwhile, but one that does should have caught up. A difference counts once it stood
unchanged, on both sides, for --patience.

How the cluster is read:
  --kubeconfig [FILE], --context NAME, --in-cluster   directly
  --portal URL --token TOKEN                          through the proxy of the portal's Kubernetes plugin, with the portal's
                                                      credentials (the token needs the permission kubernetes.proxy)
Give --namespaces and --rules as the portal is configured, or what it does not read shows up as a difference.

Examples:
  A portal on PostgreSQL
    $ kube-topology verify --context prod --cluster prod --database postgresql://reader@db/backstage_plugin_kubernetes-topology
  A portal on SQLite, every difference as JSON
    $ kube-topology verify --kubeconfig --cluster demo --database kubernetes-topology.sqlite -o json | jq '.differences[]'
  As a check in a pipeline
    $ kube-topology verify --in-cluster --cluster prod --database "$DATABASE" || alert

Exit code: 0 equal, 1 different (or still changing when time was up), 2 nothing could be compared or a wrong call, 130 after Ctrl-C.`;

type VerifyCommandOptions = PortalOptions &
  Omit<ClusterOptions, 'cluster'> &
  EngineOptions & {
    cluster: string;
    database: string;
    patience: number;
    limit: number;
    output: 'table' | 'json';
  };

export function createVerifyCommand(): Command {
  const command = new Command('verify')
    .summary('compare a database with the cluster')
    .description(
      'Compares what a database holds of a cluster with a fresh list of it, and prints every difference.',
    )
    .requiredOption('--cluster <name>', "the cluster's name in the database")
    .requiredOption(
      '--database <file|url>',
      'a file of SQLite or postgresql://…',
    )
    .option(
      '--patience <duration>',
      'how long a difference has to stand to count',
      duration,
      10_000,
    )
    .option('--limit <count>', 'differences that are told', count, 1_000)
    .addOption(outputOption());
  addClusterOptions(command);
  addPortalOptions(command);
  return addEngineOptions(command)
    .addHelpText('after', HELP)
    .action(async (_options, self: Command) => {
      const options = self.opts<VerifyCommandOptions>();
      const { cluster, database, patience, limit, output, ...rest } = options;
      const source = { ...freshSource(self, options), name: cluster };
      const reading = readingOf(rest);
      const found = await interruptible(async signal => {
        // Loads for a second: `--help` does not wait for it.
        assertNodeForEngine();
        const { verification } = await lazily(import('../verification'));
        return verification({
          source,
          database,
          patience,
          limit,
          reading,
          signal,
        });
      });
      process.stdout.write(
        `${
          output === 'json'
            ? JSON.stringify(found, null, 2)
            : verificationText(found)
        }\n`,
      );
      process.exitCode = found.isEqual ? 0 : 1;
    });
}

/** How the cluster is read anew. Unlike elsewhere the portal has to be named: it is no default to read through it. */
function freshSource(
  command: Command,
  options: VerifyCommandOptions,
): ClusterSource {
  const portalFrom = command.getOptionValueSource('portal');
  assertOne([
    ['--portal', portalFrom === 'cli'],
    [
      '--kubeconfig',
      options.kubeconfig !== undefined || options.context !== undefined,
    ],
    ['--in-cluster', options.inCluster],
  ]);
  const direct = clusterSourceOf(options);
  if (direct) {
    return direct;
  }
  if (portalFrom === undefined) {
    throw usageFailure(
      'say how the cluster is read anew: give --kubeconfig, --context, --in-cluster or --portal',
    );
  }
  const { namespaces } = options;
  return {
    ...portalSourceOf(options),
    from: 'portal-proxy',
    ...(namespaces && { namespaces }),
  };
}
