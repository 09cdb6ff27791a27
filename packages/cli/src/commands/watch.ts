import { Command } from 'commander';
import { WatchedAnswer } from '../changes/watchedAnswer';
import { Failure, usageFailure } from '../failure';
import { interruptible } from '../interrupt';
import { openTopology, withTopology } from '../openTopology';
import { outputOption, printLine, remark } from '../output/outputForm';
import { Style } from '../output/style';
import {
  addSourceOptions,
  duration,
  readingOf,
  sourceOf,
  SourceOptions,
} from '../sourceOptions';

const FORMS = ['table', 'json'] as const;

type WatchOptions = SourceOptions & {
  for?: number;
  output: (typeof FORMS)[number];
};

const HELP = `
First the answer, then what comes into it (+), changes in it (~) and leaves it (-). Of files the answer changes when they do.
With -o json one document a line: {"type": "answer", "value": …}, {"type": "changes", "added": …, "changed": …, "removed": …};
each has the "revision" of the graph.

Examples:
  What is down, and what goes down
    $ kube-topology watch "G.V().Has('Status', 'down')" --portal https://portal.example.com
  The pods of a namespace, for ten minutes
    $ kube-topology watch "G.V().Has('Type', 'pod', 'K8s.Namespace', 'shop')" --context prod --for 10m
  A number
    $ kube-topology watch "G.V().Has('Type', 'pod', 'Status', 'ok').Count()" --context prod

Exit code: 0 when --for is over, 1 when it cannot go on, 2 for a wrong call, 130 after Ctrl-C.`;

export function createWatchCommand(): Command {
  const command = new Command('watch')
    .summary('tell what changes in an answer')
    .description("Tells a query's answer, and then what changes in it.")
    .argument('<gremlin>', 'the query; quote it for the shell')
    .option('--for <duration>', 'end after that time, e.g. 10m', duration)
    .addOption(outputOption(FORMS));
  return addSourceOptions(command)
    .addHelpText('after', HELP)
    .action(async (gremlin: string, options: WatchOptions) => {
      const source = sourceOf(command);
      if (source.from === 'graph' || options.from === '-') {
        throw usageFailure(
          'a saved graph and standard input do not change: ask with "query"',
        );
      }
      await interruptible(signal =>
        withTopology(
          openTopology(
            source.from === 'files' ? { ...source, isFollowed: true } : source,
            readingOf(options),
            signal,
          ),
          async topology => {
            await topology.ready();
            const over = AbortSignal.any([
              signal,
              ...(options.for ? [AbortSignal.timeout(options.for)] : []),
            ]);
            await follow(topology.live(gremlin, over), options.output);
            signal.throwIfAborted();
          },
        ),
      );
    });
}

type Messages = ReturnType<Awaited<ReturnType<typeof openTopology>>['live']>;

async function follow(
  messages: Messages,
  form: WatchOptions['output'],
): Promise<void> {
  const answer = new WatchedAnswer(Style.of(process.stdout));
  for await (const message of messages) {
    if (message.type === 'failed') {
      throw new Failure(message.message);
    }
    const lines =
      form === 'json' ? [JSON.stringify(message)] : answer.lines(message);
    for (const line of lines) {
      await printLine(line);
    }
    if (message.type === 'answer' && message.cut) {
      remark(`the answer is not complete: ${message.cut}`);
    }
  }
}
