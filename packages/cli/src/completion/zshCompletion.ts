import { CompletedCommand, CompletedOption } from './completionModel';

/** For a file `_kube-topology` in `fpath`, or `source <(kube-topology completion zsh)`. */
export function zshCompletion(commands: readonly CompletedCommand[]): string {
  return `#compdef kube-topology
# zsh completion of kube-topology
_kube_topology() {
  local -a commands
  commands=(
${commands
  .map(({ name, summary }) => `    ${quoted(`${name}:${summary}`)}`)
  .join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe -t commands command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${commands.map(commandCase).join('\n')}
    help) _describe -t commands command commands ;;
  esac
}
if [ "$funcstack[1]" = "_kube_topology" ] || [ "$funcstack[1]" = "_kube-topology" ]; then
  _kube_topology "$@"
else
  compdef _kube_topology kube-topology
fi
`;
}

function commandCase({ name, options, words }: CompletedCommand): string {
  const specs = options.map(optionSpec);
  if (words.length > 0) {
    const isOpen = words.some(word => word.endsWith('/'));
    specs.push(
      quoted(
        isOpen
          ? `*:object:{compadd -S '' -- ${words.join(' ')}}`
          : `*:word:(${words.join(' ')})`,
      ),
    );
  }
  return `    ${name})
      _arguments \\
${specs.map(spec => `        ${spec}`).join(' \\\n')}
      ;;`;
}

function optionSpec(option: CompletedOption): string {
  const { short, long, description, takesValue, choices, isFile } = option;
  const text = description.replace(/[[\]:\\]/g, ' ');
  const value = isFile ? ':file:_files' : `:value:(${choices.join(' ')})`;
  const rest = quoted(`[${text}]${takesValue ? value : ''}`);
  return short
    ? `${quoted(`(${short} ${long})`)}{${short},${long}}${rest}`
    : `${quoted(long)}${rest}`;
}

function quoted(text: string): string {
  return `'${text.replace(/'/g, `'\\''`)}'`;
}
