import type { Impact, Impacted } from '@kubernetes-topology/engine';
import { Command } from 'commander';
import { Failure } from '../failure';
import { interruptible } from '../interrupt';
import { findObject } from '../objects/findObjects';
import {
  addObjectOptions,
  ObjectOptions,
  objectSelection,
} from '../objects/objectOptions';
import { openTopology, withTopology } from '../openTopology';
import {
  jsonText,
  outputOption,
  print,
  remark,
  remarkCut,
  yamlText,
} from '../output/outputForm';
import { Style } from '../output/style';
import {
  addSourceOptions,
  count,
  readingOf,
  sourceOf,
  SourceOptions,
} from '../sourceOptions';
import { printable } from '../textTable';

const FORMS = ['table', 'json', 'yaml', 'name'] as const;

type ImpactOptions = SourceOptions &
  ObjectOptions & { limit: number; output: (typeof FORMS)[number] };

const HELP = `
Each object that would feel it, when (now, at its next start, on scaling, on a drain) and how much: "hard" does not work
without, "soft" works worse, in part, or perhaps. The gravest first.

Examples:
  What breaks if this secret goes
    $ kube-topology impact secret/mysql-pass -n wordpress --from dump.json
  What a node takes along
    $ kube-topology impact node/worker-2 --context prod
  Who stops at once, for a script
    $ kube-topology impact svc/db -n shop --from dump.json -o json | jq -r '.impacted[] | select(.effects[0].when == "now") | .node.key'

Exit code: 0 with an answer, whatever it says, 1 without one (no such object), 2 for a wrong call, 130 after Ctrl-C.`;

export function createImpactCommand(): Command {
  const command = new Command('impact')
    .summary('tell what breaks if an object goes')
    .description('Tells what breaks if an object goes, when, and how badly.')
    .argument('<object...>', 'secret/mysql-pass, node/worker-2')
    .option('--limit <count>', 'objects that are named', count, 500)
    .addOption(outputOption(FORMS));
  addObjectOptions(command);
  return addSourceOptions(command)
    .addHelpText('after', HELP)
    .action(async (words: string[], options: ImpactOptions) => {
      const selection = objectSelection(words, options);
      const source = sourceOf(command);
      await interruptible(signal =>
        withTopology(
          openTopology(source, readingOf(options), signal),
          async topology => {
            const { ID } = await findObject(topology, selection);
            const impact = await topology.impact(ID, options.limit);
            if (!impact) {
              throw new Failure(`there is no ${ID} any more`);
            }
            await show(impact, options.output);
          },
        ),
      );
    });
}

async function show(
  impact: Impact,
  form: ImpactOptions['output'],
): Promise<void> {
  switch (form) {
    case 'json':
      print(jsonText(impact));
      break;
    case 'yaml':
      print(await yamlText(impact));
      break;
    case 'name':
      print(
        impact.impacted
          .map(({ node }) => `${node.kind.toLowerCase()}/${node.name}`)
          .join('\n'),
      );
      break;
    default:
      print(impactText(impact, Style.of(process.stdout)));
  }
  if (impact.more > 0) {
    remark(`${impact.more} more objects are not named; --limit names more`);
  }
  remarkCut(impact.cut);
}

const MOMENTS: Record<string, string> = {
  now: 'now',
  nextStart: 'at the next start',
  scaling: 'on scaling',
  drain: 'on a drain',
};

function impactText({ node, impacted }: Impact, style: Style): string {
  const name = `${node.kind.toLowerCase()}/${node.name}`;
  if (impacted.length === 0) {
    return `Nothing breaks if ${name} goes.`;
  }
  const groups = new Map<string, Impacted[]>();
  for (const each of impacted) {
    const [{ when, strength }] = each.effects;
    const title = `${MOMENTS[when] ?? when}, ${strength}`;
    groups.set(title, [...(groups.get(title) ?? []), each]);
  }
  return [
    style.paint('bold', `If ${name} goes:`),
    ...[...groups].flatMap(([title, members]) => [
      '',
      style.paint(
        title.endsWith('hard') ? 'red' : 'yellow',
        `${title.endsWith('hard') ? '✗' : '!'} ${title}`,
      ),
      ...members.map(each => `  ${impactedText(each)}`),
    ]),
  ].join('\n');
}

function impactedText({ node, says, inferred }: Impacted): string {
  const place = node.namespace === '' ? '' : ` (${node.namespace})`;
  const guess = inferred ? ' (guessed from names)' : '';
  return printable(
    `${node.kind.toLowerCase()}/${node.name}${place}: ${says}${guess}`,
  );
}
