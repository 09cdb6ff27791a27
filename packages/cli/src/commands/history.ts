import type { NodeChange } from '@kubernetes-topology/engine';
import { Command } from 'commander';
import { interruptible } from '../interrupt';
import { findObject } from '../objects/findObjects';
import {
  addObjectOptions,
  ObjectOptions,
  objectSelection,
} from '../objects/objectOptions';
import { ObjectHistory, openTopology, withTopology } from '../openTopology';
import {
  jsonText,
  outputOption,
  print,
  remark,
  yamlText,
} from '../output/outputForm';
import { Style, statusText } from '../output/style';
import { pastTime } from '../pastTime';
import {
  addSourceOptions,
  count,
  readingOf,
  sourceOf,
  SourceOptions,
} from '../sourceOptions';
import { printable, shortened, textTable } from '../textTable';

const FORMS = ['table', 'json', 'yaml'] as const;

type HistoryOptions = SourceOptions &
  ObjectOptions & {
    since?: string;
    until?: string;
    limit: number;
    output: (typeof FORMS)[number];
  };

/** Characters of a value in the table. */
const VALUE = 40;

const HELP = `
How an object was, version by version, the newest first, and what changed each time. A portal keeps the past; a cluster or
a dump has one only with --database, which keeps what each call of this command read.

Examples:
  What happened to a deployment
    $ kube-topology history deploy/web -n shop --portal https://portal.example.com
  Of the last hour
    $ kube-topology history pod/web-0 -n shop --since -1h
  Between two dumps of a cluster
    $ kube-topology clusters --from monday.json --cluster prod --database prod.db
    $ kube-topology history deploy/web -n shop --from tuesday.json --cluster prod --database prod.db

Exit code: 0 with an answer, 1 without one (no such object), 2 for a wrong call, 130 after Ctrl-C.`;

export function createHistoryCommand(): Command {
  const command = new Command('history')
    .summary('tell how an object changed')
    .description(
      'Tells how an object was, version by version, and what changed.',
    )
    .argument('<object...>', 'deploy/web, pod/web-0')
    .option('--since <time>', 'from here on: -1h, 2026-01-31T12:00:00Z')
    .option('--until <time>', 'up to here')
    .option('--limit <count>', 'versions', count, 100)
    .addOption(outputOption(FORMS));
  addObjectOptions(command);
  return addSourceOptions(command)
    .addHelpText('after', HELP)
    .action(async (words: string[], options: HistoryOptions) => {
      const selection = objectSelection(words, options);
      const source = sourceOf(command);
      const from = pastTime(options.since, '--since');
      const to = pastTime(options.until, '--until');
      await interruptible(signal =>
        withTopology(
          openTopology(source, readingOf(options), signal),
          async topology => {
            const { ID } = await findObject(topology, selection);
            const { limit } = options;
            const history = await topology.history(ID, { from, to, limit });
            await show(history, options.output);
          },
        ),
      );
    });
}

async function show(
  history: ObjectHistory,
  form: HistoryOptions['output'],
): Promise<void> {
  switch (form) {
    case 'json':
      print(jsonText(history));
      break;
    case 'yaml':
      print(await yamlText(history));
      break;
    default:
      print(historyTable(history, Style.of(process.stdout)));
  }
  if (history.more) {
    remark('older versions are left out; --limit or --until show them');
  }
}

function historyTable({ versions }: ObjectHistory, style: Style): string {
  return textTable(
    ['FROM', 'TO', 'CHANGES', 'STATUS'],
    versions.map(({ from, to, status, reason, changes }) => [
      from,
      to ?? 'now',
      changes === undefined ? 'appeared' : changes.map(changeText).join('; '),
      `${statusText(status, style)}${reason ? ` ${printable(reason)}` : ''}`,
    ]),
    { isStyled: true },
  );
}

function changeText({ part, name, before, after }: NodeChange): string {
  return `${name ?? part}: ${valueText(before)} → ${valueText(after)}`;
}

function valueText(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return shortened(text ?? 'none', VALUE);
}
