import { Command } from 'commander';
import { version } from '../package.json';
import { lazily } from './lazily';

interface KnownCommand {
  summary: string;
  load(): Promise<Command>;
}

/** A command is loaded when it is called: help of all of them needs none. */
const COMMANDS: Record<string, KnownCommand> = {
  query: {
    summary: 'run a Gremlin query, or many',
    load: async () =>
      (await lazily(import('./commands/query'))).createQueryCommand(),
  },
  watch: {
    summary: 'tell what changes in an answer',
    load: async () =>
      (await lazily(import('./commands/watch'))).createWatchCommand(),
  },
  tree: {
    summary: 'show what an object owns and depends on, or who depends on it',
    load: async () =>
      (await lazily(import('./commands/tree'))).createTreeCommand(),
  },
  explain: {
    summary: 'tell why objects are down',
    load: async () =>
      (await lazily(import('./commands/explain'))).createExplainCommand(),
  },
  reach: {
    summary: 'tell what network policies let through',
    load: async () =>
      (await lazily(import('./commands/reach'))).createReachCommand(),
  },
  impact: {
    summary: 'tell what breaks if an object goes',
    load: async () =>
      (await lazily(import('./commands/impact'))).createImpactCommand(),
  },
  history: {
    summary: 'tell how an object changed',
    load: async () =>
      (await lazily(import('./commands/history'))).createHistoryCommand(),
  },
  diff: {
    summary: 'tell what changed between two times, dumps or graphs',
    load: async () =>
      (await lazily(import('./commands/diff'))).createDiffCommand(),
  },
  clusters: {
    summary: 'tell how well the clusters are read',
    load: async () =>
      (await lazily(import('./commands/clusters'))).createClustersCommand(),
  },
  verify: {
    summary: 'compare a database with the cluster',
    load: async () =>
      (await lazily(import('./commands/verify'))).createVerifyCommand(),
  },
  restart: {
    summary: 'restart pods through a portal',
    load: async () =>
      (await lazily(import('./commands/restart'))).createRestartCommand(),
  },
  login: {
    summary: 'keep the token of a portal',
    load: async () =>
      (await lazily(import('./commands/login'))).createLoginCommand(),
  },
  logout: {
    summary: 'forget the token of a portal',
    load: async () =>
      (await lazily(import('./commands/logout'))).createLogoutCommand(),
  },
};

const COMPLETION: KnownCommand = {
  summary: 'print a completion script for bash, zsh or fish',
  load: async () =>
    (await lazily(import('./commands/completion'))).createCompletionCommand(
      () =>
        Promise.all(
          Object.entries({ ...COMMANDS, completion: COMPLETION }).map(
            async ([name, { summary, load }]) =>
              (name === 'completion'
                ? new Command(name)
                : await load()
              ).summary(summary),
          ),
        ),
    ),
};

/** @param words what the command line was called with */
export async function createProgram(
  words: readonly string[],
): Promise<Command> {
  const program = new Command('kube-topology')
    .description(
      'Asks the Kubernetes topology: of a Backstage portal, or of a cluster, a dump or a saved graph that it reads itself.',
    )
    .version(version)
    .exitOverride()
    .showHelpAfterError('(--help tells more)')
    .addHelpText(
      'after',
      `
Sources of all commands that ask: --portal URL (the default), --kubeconfig [FILE] or --context NAME, --in-cluster,
--from DUMP|FOLDER|-, --graph FILE. "kube-topology COMMAND --help" teaches each command with examples.

Examples:
  $ kube-topology query "G.V().Has('Type', 'pod').Count()" --portal https://portal.example.com
  $ kube-topology query "G.V().Has('Status', 'down').Values('Name')" --context prod
  $ kube-topology query "G.V().Count()" --from dump.json
  $ kube-topology tree deploy/web -n shop --from dump.json
  $ kube-topology clusters --context prod
  $ kube-topology verify --context prod --cluster prod --database topology.db
`,
    );
  // `query …`, and `help query`.
  const called = words[0] === 'help' ? words[1] : words[0];
  const all = { ...COMMANDS, completion: COMPLETION };
  for (const [name, { summary, load }] of Object.entries(all)) {
    program.addCommand(
      (name === called ? await load() : new Command(name))
        .summary(summary)
        .exitOverride(),
    );
  }
  return program;
}
