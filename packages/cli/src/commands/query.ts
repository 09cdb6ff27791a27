import { Command } from 'commander';
import { Failure, usageFailure } from '../failure';
import { interruptible } from '../interrupt';
import { OpenTopology, openTopology, withTopology } from '../openTopology';
import { ANSWER_FORMS, AnswerForm, answerText } from '../output/answerText';
import {
  outputOption,
  print,
  printLine,
  remark,
  remarkCut,
} from '../output/outputForm';
import { Style } from '../output/style';
import { answerAll } from '../queryBatch';
import { queriesOf } from '../queryFile';
import {
  addSourceOptions,
  readingOf,
  sourceOf,
  SourceOptions,
} from '../sourceOptions';

type QueryOptions = SourceOptions & { file?: string; output: AnswerForm };

const HELP = `
The answer is on standard output, as JSON in Skydive's form unless -o says otherwise:
  nodes        [{"ID": …, "Metadata": {"Name": …, "Type": …, "K8s": …}, …}, …]
  edges        [{"ID": …, "Parent": …, "Child": …, "Metadata": …, …}, …]
  Count(), Sum()            a number
  Values(), Keys()          an array
-o dot, mermaid, graphml and skydive draw the nodes of the answer with the edges between them; "skydive" is what --graph reads.

Many queries (--file): one a line, empty lines and "# comments" apart; one JSON document a line, in order:
  {"query": …, "result": …}     also "cut" when a bound cut it, "hint" when a word is probably misspelt
  {"query": …, "error": {"message": …, "line": …, "column": …}}

Sources: a portal (without options), or one that this process reads itself, with no portal at all:
  --portal URL         what a portal has read, as far as the token may see it
  --kubeconfig [FILE]  a cluster, as kubectl would reach it; lists it, answers, and forgets it
  --in-cluster         the cluster of this pod
  --from PATH          manifests or a dump; what it does not hold is unknown, never missing
  --graph FILE         a saved topology, as Skydive and -o skydive write it

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
  Many questions, one reading of the dump
    $ kube-topology query -f questions.txt --from dump.json | jq -c .result
  A picture of what a deployment needs
    $ kube-topology query "G.V().Has('Type', 'deployment', 'Name', 'web').Descendants(5)" -o dot --from dump.json | dot -Tsvg
  Ask a large cluster again and again: only what changed is written
    $ kube-topology query "G.V().Count()" --kubeconfig --database prod.db

Exit code: 0 with an answer (with --file: to every query), 1 without one (the reason is on standard error), 2 for a wrong call,
130 after Ctrl-C.`;

export function createQueryCommand(): Command {
  const query = new Command('query');
  return addSourceOptions(
    query
      .configureOutput({
        outputError: (text, write) => write(`${text}${misreadQuery(query)}`),
      })
      .summary('run a Gremlin query, or many')
      .description(
        "Runs a query in Skydive's Gremlin dialect and prints the answer, or all queries of a file.",
      )
      .argument('[gremlin]', 'the query; quote it for the shell')
      .option(
        '-f, --file <path>',
        'run the queries of a file, one a line; - for standard input',
      )
      .addOption(outputOption(ANSWER_FORMS)),
  )
    .addHelpText('after', HELP)
    .action(async (gremlin: string | undefined, options: QueryOptions) => {
      const { file } = options;
      if (gremlin !== undefined && file !== undefined) {
        throw usageFailure('give a query or --file, not both');
      }
      if (file === undefined && gremlin === undefined) {
        query.error("error: missing required argument 'gremlin'");
      }
      const source = sourceOf(query);
      const reading = readingOf(options);
      await interruptible(signal =>
        withTopology(openTopology(source, reading, signal), topology =>
          file === undefined
            ? answerOne(topology, gremlin ?? '', options.output)
            : answerMany(topology, file, options),
        ),
      );
    });
}

async function answerOne(
  topology: OpenTopology,
  gremlin: string,
  form: AnswerForm,
): Promise<void> {
  const answer = await topology.query(gremlin);
  const { text, cut } = await answerText(form, answer, {
    subGraph: () => topology.query(`${gremlin}.SubGraph()`),
    style: Style.of(process.stdout),
  });
  print(text);
  remarkCut(cut);
  if (answer.hint !== undefined) {
    remark(`nothing was found: ${answer.hint}`);
  }
}

async function answerMany(
  topology: OpenTopology,
  file: string,
  { output, from }: QueryOptions,
): Promise<void> {
  if (output !== 'json') {
    throw usageFailure(
      `many queries are answered as JSON: leave out -o ${output}`,
    );
  }
  if (file === '-' && from === '-') {
    throw usageFailure(
      '--file and --from cannot both be standard input: put one of them into a file',
    );
  }
  await topology.ready();
  const failed = await answerAll(topology, queriesOf(file), line =>
    printLine(JSON.stringify(line)),
  );
  if (failed > 0) {
    throw new Failure(
      `${failed} ${
        failed === 1 ? 'query has' : 'queries have'
      } no answer; "error" in their lines says why`,
    );
  }
}

/** An option's value that may be left out takes what follows. */
function misreadQuery(command: Command): string {
  const { kubeconfig } = command.opts<SourceOptions>();
  return command.args.length === 0 && typeof kubeconfig === 'string'
    ? `--kubeconfig took ${kubeconfig} for a file: put the query before it\n`
    : '';
}
