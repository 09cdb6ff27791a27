import { Argument, Command } from 'commander';
import { bashCompletion } from '../completion/bashCompletion';
import {
  CompletedCommand,
  completedCommands,
} from '../completion/completionModel';
import { fishCompletion } from '../completion/fishCompletion';
import { zshCompletion } from '../completion/zshCompletion';

const SCRIPTS: Record<
  string,
  (commands: readonly CompletedCommand[]) => string
> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

const HELP = `
Examples:
  bash, in ~/.bashrc
    source <(kube-topology completion bash)
  zsh, in ~/.zshrc, after compinit
    source <(kube-topology completion zsh)
  fish
    $ kube-topology completion fish > ~/.config/fish/completions/kube-topology.fish

Exit code: 0 with a script, 2 for a wrong call.`;

/** @param loadAll all commands with their options */
export function createCompletionCommand(
  loadAll: () => Promise<Command[]>,
): Command {
  return new Command('completion')
    .summary('print a completion script for bash, zsh or fish')
    .description('Prints a script that lets a shell complete this command.')
    .addArgument(new Argument('<shell>', 'which').choices(Object.keys(SCRIPTS)))
    .addHelpText('after', HELP)
    .action(async (shell: string) => {
      process.stdout.write(SCRIPTS[shell](completedCommands(await loadAll())));
    });
}
