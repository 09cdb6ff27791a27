import { Command } from 'commander';
import { version } from '../package.json';
import { createClustersCommand } from './commands/clusters';
import { createQueryCommand } from './commands/query';
import { createVerifyCommand } from './commands/verify';

export function createProgram(): Command {
  return new Command('kube-topology')
    .description(
      'Asks the Kubernetes topology: of a Backstage portal, or of a cluster or a dump that it reads itself.',
    )
    .version(version)
    .exitOverride()
    .showHelpAfterError('(--help tells more)')
    .addCommand(createQueryCommand().exitOverride())
    .addCommand(createClustersCommand().exitOverride())
    .addCommand(createVerifyCommand().exitOverride())
    .addHelpText(
      'after',
      `
Examples:
  $ kube-topology query "G.V().Has('Type', 'pod').Count()" --portal https://portal.example.com
  $ kube-topology query "G.V().Has('Status', 'down').Values('Name')" --context prod
  $ kube-topology query "G.V().Count()" --from dump.json
  $ kube-topology clusters --context prod
  $ kube-topology verify --context prod --cluster prod --database topology.db
`,
    );
}
