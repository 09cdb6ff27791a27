import { CompletedCommand, CompletedOption } from './completionModel';

/** For `kube-topology completion fish | source`. */
export function fishCompletion(commands: readonly CompletedCommand[]): string {
  return [
    '# fish completion of kube-topology',
    'complete -c kube-topology -f',
    ...commands.map(
      ({ name, summary }) =>
        `complete -c kube-topology -n __fish_use_subcommand -a ${name} -d ${quoted(
          summary,
        )}`,
    ),
    ...commands.flatMap(commandLines),
    '',
  ].join('\n');
}

function commandLines({ name, options, words }: CompletedCommand): string[] {
  const start = `complete -c kube-topology -n ${quoted(
    `__fish_seen_subcommand_from ${name}`,
  )}`;
  return [
    ...options.map(option => `${start} ${optionWords(option)}`),
    ...(words.length > 0 ? [`${start} -a ${quoted(words.join(' '))}`] : []),
  ];
}

function optionWords(option: CompletedOption): string {
  const { short, long, description, takesValue, choices, isFile } = option;
  return [
    ...(short ? [`-s ${short.slice(1)}`] : []),
    `-l ${long.slice(2)}`,
    ...(isFile ? ['-r -F'] : []),
    ...(takesValue && !isFile ? ['-x'] : []),
    ...(choices.length > 0 ? [`-a ${quoted(choices.join(' '))}`] : []),
    `-d ${quoted(description)}`,
  ].join(' ');
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
