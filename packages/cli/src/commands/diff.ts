import type {
  GremlinAnswer,
  GremlinDifference,
} from '@kubernetes-topology/engine';
import type { QueryAnswer } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { Command } from 'commander';
import { differenceText } from '../changes/changesText';
import { usageFailure } from '../failure';
import { interruptible } from '../interrupt';
import { lazily } from '../lazily';
import { assertNodeForEngine } from '../nodeVersion';
import { openTopology, withTopology } from '../openTopology';
import {
  jsonText,
  outputOption,
  print,
  remarkCut,
  yamlText,
} from '../output/outputForm';
import { Style } from '../output/style';
import { pastTime } from '../pastTime';
import { Source } from '../source';
import {
  addSourceOptions,
  readingOf,
  sourceOf,
  SourceOptions,
} from '../sourceOptions';

const FORMS = ['table', 'json', 'yaml'] as const;

type DiffOptions = SourceOptions & {
  since?: string;
  until?: string;
  to?: string;
  exitCode?: boolean;
  output: (typeof FORMS)[number];
};

/** With `--exit-code`: there are differences. */
const DIFFERENT = 3;

const HELP = `
What came (+), went (-) and changed (~) in a query's answer, or in the whole graph: between two dumps or saved graphs (--from
with --to, --graph with --to), or between two times of a past that is kept (--since), which a portal does, and a
cluster or a dump with --database.

JSON (-o json): {"Added": {"Nodes", "Edges"}, "Removed": {"Nodes", "Edges"}, "Changed": {"Nodes": [{"ID", "Fields", "Before",
"After"}], "Edges": […]}}, as the step Diff of the language gives it.

Examples:
  Between two dumps
    $ kube-topology diff --from before.json --to after.json
  What a folder of manifests would change in a cluster's objects of a namespace
    $ kube-topology diff "G.V().Has('K8s.Namespace', 'shop')" --from live.json --to deploy/
  The deployments of the last ten minutes
    $ kube-topology diff "G.V().Has('Type', 'deployment')" --since -10m --portal https://portal.example.com

Exit code: 0 with an answer (with --exit-code 3 when there are differences), 1 without one, 2 for a wrong call, 130 after Ctrl-C.`;

export function createDiffCommand(): Command {
  const command = new Command('diff')
    .summary('tell what changed between two times, dumps or graphs')
    .description(
      "Tells what changed in a query's answer between two times, dumps or saved graphs.",
    )
    .argument('[gremlin]', 'the query', 'G')
    .option('--to <path>', 'the later dump, folder or saved graph')
    .option('--since <time>', 'the earlier time: -10m, 2026-01-31T12:00:00Z')
    .option('--until <time>', 'the later time (default: now)')
    .option('--exit-code', 'end with 3 when there are differences')
    .addOption(outputOption(FORMS));
  return addSourceOptions(command)
    .addHelpText('after', HELP)
    .action(async (gremlin: string, options: DiffOptions) => {
      const source = sourceOf(command);
      assertNodeForEngine();
      const [before, after] = await interruptible(signal =>
        options.to === undefined
          ? overTime(gremlin, source, options, signal)
          : overSources(gremlin, source, options, signal),
      );
      const { differenceOf } = await lazily(
        import('@kubernetes-topology/engine'),
      );
      const difference = differenceOf(
        comparable(before) as GremlinAnswer,
        comparable(after) as GremlinAnswer,
      );
      await show(difference, options);
      remarkCut(before.cut ?? after.cut);
    });
}

type Answers = [before: QueryAnswer, after: QueryAnswer];

async function overTime(
  gremlin: string,
  source: Source,
  options: DiffOptions,
  signal: AbortSignal,
): Promise<Answers> {
  const since = pastTime(options.since, '--since');
  const until = pastTime(options.until, '--until');
  if (since === undefined) {
    throw usageFailure(
      'say what is compared: --since TIME for a past that is kept, or --to PATH for a second dump',
    );
  }
  return withTopology(
    openTopology(source, readingOf(options), signal),
    async topology => {
      await topology.ready();
      return [
        await topology.query(at(gremlin, since)),
        await topology.query(
          until === undefined ? gremlin : at(gremlin, until),
        ),
      ];
    },
  );
}

/** The query at another time. */
function at(gremlin: string, time: number): string {
  const moved = gremlin.replace(/^\s*g\b/i, `G.At(${Math.round(time)})`);
  if (moved === gremlin) {
    throw usageFailure(`"${gremlin}" is no query: every query begins with G`);
  }
  return moved;
}

async function overSources(
  gremlin: string,
  source: Source,
  options: DiffOptions,
  signal: AbortSignal,
): Promise<Answers> {
  const { to = '', since, until } = options;
  if (source.from !== 'files' && source.from !== 'graph') {
    throw usageFailure(
      '--to is the later of two: give the earlier with --from or --graph',
    );
  }
  if (since !== undefined || until !== undefined || options.database) {
    throw usageFailure(
      '--to compares two files: leave out --since, --until and --database',
    );
  }
  if (source.path === '-' && to === '-') {
    throw usageFailure('only one of the two can be standard input');
  }
  const ask = (each: Source) =>
    withTopology(openTopology(each, readingOf(options), signal), topology =>
      topology.query(gremlin),
    );
  // One cluster at two times: the same names.
  const named =
    source.from === 'files'
      ? { ...source, name: source.name ?? 'cluster' }
      : source;
  return [await ask(named), await ask({ ...named, path: to })];
}

/** @throws Failure when the answer is not of nodes or edges */
function comparable(answer: QueryAnswer): QueryAnswer {
  const { value } = answer;
  const isComparable =
    Array.isArray(value) &&
    (value as unknown[]).every(
      each =>
        typeof each === 'object' &&
        each !== null &&
        ('ID' in each || 'Nodes' in each),
    );
  if (!isComparable) {
    throw usageFailure(
      'only answers of nodes and edges can be compared; leave out the last steps of the query',
    );
  }
  return answer;
}

async function show(
  difference: GremlinDifference,
  { output, exitCode }: DiffOptions,
): Promise<void> {
  const isEqual = Object.values(difference).every(
    ({ Nodes, Edges }) => Nodes.length === 0 && Edges.length === 0,
  );
  switch (output) {
    case 'json':
      print(jsonText(difference));
      break;
    case 'yaml':
      print(await yamlText(difference));
      break;
    default:
      print(
        isEqual
          ? 'Nothing has changed.'
          : differenceText(difference, Style.of(process.stdout)),
      );
  }
  if (exitCode && !isEqual) {
    process.exitCode = DIFFERENT;
  }
}
