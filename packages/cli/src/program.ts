import { Command } from 'commander';
import { version } from '../package.json';
import { createQueryCommand } from './commands/query';

export function createProgram(): Command {
  return new Command('kube-topology')
    .description(
      'Asks the Kubernetes topology of a Backstage portal, for scripts and the curious.',
    )
    .version(version)
    .exitOverride()
    .showHelpAfterError('(--help tells more)')
    .addCommand(createQueryCommand().exitOverride())
    .addHelpText(
      'after',
      `
Example:
  $ kube-topology query "G.V().Has('Type', 'pod').Count()"
`,
    );
}
