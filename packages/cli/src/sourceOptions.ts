import { Command, InvalidArgumentError, Option } from 'commander';
import { usageFailure } from './failure';
import { Logins, readLogins } from './loginFile';
import { ClusterSource, PortalSource, ReadingOptions, Source } from './source';

/** That of `npm start`. */
const LOCAL_PORTAL = 'http://localhost:7007';

export interface PortalOptions {
  portal?: string;
  token?: string;
}

export interface ClusterOptions {
  /** `true`: given without a file. */
  kubeconfig?: string | true;
  context?: string;
  inCluster?: boolean;
  namespaces?: string[];
  cluster?: string;
}

export interface EngineOptions {
  rules: string[];
  timeout: number;
  progress?: boolean;
  verbose?: boolean;
}

export type SourceOptions = PortalOptions &
  ClusterOptions &
  EngineOptions & {
    from?: string;
    graph?: string;
    database?: string;
    now?: number;
    rows?: number;
  };

/** Which source is asked, and how: the same for every command that asks. */
export function addSourceOptions(command: Command): Command {
  addPortalOptions(command);
  addClusterOptions(command);
  command
    .option(
      '--from <path>',
      'manifests, or a dump as "kubectl get … -o json" writes it: a file, a folder, or - for standard input',
    )
    .option(
      '--graph <file>',
      'a saved topology, as Skydive and "-o skydive" write it; - for standard input',
    )
    .option(
      '--cluster <name>',
      'what the cluster is called in the answer (default: as in the kubeconfig, or as the file)',
    )
    .option(
      '--database <file>',
      'with --kubeconfig, --in-cluster, --from: keep what is read in this file of SQLite, so that the next call reads only what changed (default: a temporary file)',
    )
    .option(
      '--now <time>',
      'with --from: the time that grace periods are measured against, e.g. 2026-01-31T12:00:00Z (default: now; for explain the newest time in the files)',
      time,
    )
    .option(
      '--rows <count>',
      'not of a portal: nodes, edges or values of one answer (default: 10000)',
      count,
    );
  return addEngineOptions(command);
}

export function addPortalOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--portal <url>',
        'the portal\'s backend (default: that of "kube-topology login", else http://localhost:7007)',
      ).env('KUBE_TOPOLOGY_PORTAL'),
    )
    .addOption(
      new Option(
        '--token <token>',
        'an access token of the portal (default: that of "kube-topology login"); a static one stands in its app-config.yaml under backend.auth.externalAccess',
      ).env('KUBE_TOPOLOGY_TOKEN'),
    );
}

export function addClusterOptions(command: Command): Command {
  return command
    .option(
      '--kubeconfig [file]',
      'read a cluster in this process; without a file as kubectl finds it (KUBECONFIG, ~/.kube/config)',
    )
    .option(
      '--context <name>',
      "the kubeconfig's context (default: the current one)",
    )
    .option(
      '--in-cluster',
      "read the cluster of this process' own pod, as its service account",
    )
    .option(
      '--namespaces <names>',
      'read only these, separated by commas; for accounts that may not list in the whole cluster',
      commaSeparated,
    );
}

export function addEngineOptions(command: Command): Command {
  return command
    .option(
      '--rules <folder>',
      'a folder of rule files (*.yaml) with kinds and relations of your own; can be repeated',
      (folder: string, former: string[]) => [...former, folder],
      [] as string[],
    )
    .option(
      '--timeout <duration>',
      'how long the first lists may take, e.g. 90s or 10m',
      duration,
      600_000,
    )
    .option(
      '--progress',
      'tell on standard error how far the first lists are (default: on a terminal)',
    )
    .option('--no-progress', 'do not')
    .option('--verbose', 'tell on standard error what the engine logs');
}

/**
 * The one source that the options name; without any the portal.
 *
 * @throws Failure when they contradict each other
 */
export function sourceOf(command: Command): Source {
  const options = command.opts<SourceOptions>();
  const { kubeconfig, context, inCluster, from, graph } = options;
  const { cluster: name } = options;
  const isPortalNamed = command.getOptionValueSource('portal') === 'cli';
  assertOne([
    ['--portal', isPortalNamed],
    ['--kubeconfig', kubeconfig !== undefined || context !== undefined],
    ['--in-cluster', inCluster],
    ['--from', from !== undefined],
    ['--graph', graph !== undefined],
  ]);
  if (options.now !== undefined && from === undefined) {
    throw usageFailure(
      '--now is for files: a cluster and a portal have their own time',
    );
  }
  const clusterSource = clusterSourceOf(options);
  if (clusterSource) {
    return clusterSource;
  }
  for (const only of ['namespaces', 'database', 'cluster'] as const) {
    if (
      options[only] !== undefined &&
      (from === undefined || only === 'namespaces')
    ) {
      throw usageFailure(
        `--${only} is for a cluster that this process reads: give --kubeconfig as well, or leave it out`,
      );
    }
  }
  if (graph !== undefined) {
    return { from: 'graph', path: graph };
  }
  return from === undefined
    ? portalSourceOf(options)
    : { from: 'files', path: from, ...(name && { name }) };
}

/** `undefined` when they name none. */
export function clusterSourceOf(
  options: ClusterOptions,
): ClusterSource | undefined {
  const { kubeconfig, context, inCluster, namespaces, cluster } = options;
  const common = {
    ...(cluster && { name: cluster }),
    ...(namespaces && { namespaces }),
  };
  if (kubeconfig !== undefined || context !== undefined) {
    return {
      ...common,
      from: 'kubeconfig',
      ...(typeof kubeconfig === 'string' && { file: kubeconfig }),
      ...(context !== undefined && { context }),
    };
  }
  return inCluster ? { ...common, from: 'in-cluster' } : undefined;
}

/** What is not given is as "kube-topology login" kept it. */
export function portalSourceOf(options: PortalOptions): PortalSource {
  const isWhole = options.portal !== undefined && options.token !== undefined;
  const { current, portals }: Logins = isWhole ? { portals: {} } : readLogins();
  const url = options.portal ?? current ?? LOCAL_PORTAL;
  const token = options.token || portals[url.replace(/\/+$/, '')]?.token;
  return { from: 'portal', url, ...(token && { token }) };
}

export function readingOf(
  options: EngineOptions & {
    database?: string;
    now?: ReadingOptions['now'];
    rows?: number;
  },
): ReadingOptions {
  const { database, rules, timeout, progress, verbose = false } = options;
  const { now, rows } = options;
  if (database !== undefined && /^postgres(ql)?:/.test(database)) {
    throw usageFailure(
      '--database takes a file of SQLite here; a database of PostgreSQL belongs to a portal: ask that with --portal',
    );
  }
  return { database, rules, timeout, progress, verbose, now, rows };
}

/** @throws Failure when more than one is given */
export function assertOne(
  given: readonly (readonly [name: string, isGiven: boolean | undefined])[],
): void {
  const names = given.filter(([, isGiven]) => isGiven).map(([name]) => name);
  if (names.length > 1) {
    throw usageFailure(
      `${names.join(' and ')} name different sources: give one of them`,
    );
  }
}

const UNITS: Record<string, number> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};

/** `500ms`, `90s`, `10m`, `1h` in milliseconds. */
export function duration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text);
  if (!match) {
    throw new InvalidArgumentError('Give a number and ms, s, m or h: 90s.');
  }
  // The longest that timers can wait.
  return Math.min(Number(match[1]) * UNITS[match[2]], 2 ** 31 - 1);
}

/** `2026-01-31T12:00:00Z` or milliseconds since the epoch, in milliseconds. */
export function time(text: string): number {
  const milliseconds = /^\d{11,}$/.test(text) ? Number(text) : Date.parse(text);
  if (Number.isNaN(milliseconds) || /^\d{1,10}$/.test(text)) {
    throw new InvalidArgumentError('Give a time like 2026-01-31T12:00:00Z.');
  }
  return milliseconds;
}

export function count(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1) {
    throw new InvalidArgumentError('Give a whole number from 1.');
  }
  return number;
}

function commaSeparated(text: string): string[] {
  const names = text.split(',').map(name => name.trim());
  if (names.some(name => name === '')) {
    throw new InvalidArgumentError('Give names separated by commas: a,b.');
  }
  return names;
}
