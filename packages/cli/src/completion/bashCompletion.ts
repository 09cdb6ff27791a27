import { CompletedCommand } from './completionModel';

/** For `source <(kube-topology completion bash)`; works in bash 3.2, too. */
export function bashCompletion(commands: readonly CompletedCommand[]): string {
  const names = commands.map(({ name }) => name).join(' ');
  return `# bash completion of kube-topology
_kube_topology() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}"
  local command="\${COMP_WORDS[1]}"
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${names} help --help --version" -- "$cur"))
    return
  fi
  case "$command $prev" in
${commands.flatMap(valueCases).join('\n')}
  esac
  case "$command" in
${commands.map(wordCase).join('\n')}
    help) COMPREPLY=($(compgen -W "${names}" -- "$cur")) ;;
  esac
  # An object goes on with its name.
  case "\${COMPREPLY[0]}" in
    */) compopt -o nospace 2>/dev/null ;;
  esac
}
complete -F _kube_topology kube-topology
`;
}

function valueCases({ name, options }: CompletedCommand): string[] {
  return options
    .filter(({ takesValue }) => takesValue)
    .map(({ short, long, choices, isFile }) => {
      const pattern = [short, long]
        .filter(each => each !== undefined)
        .map(each => `"${name} ${each}"`)
        .join('|');
      const words = `COMPREPLY=($(compgen -W "${choices.join(
        ' ',
      )}" -- "$cur")); `;
      const files =
        'COMPREPLY=($(compgen -f -- "$cur")); compopt -o filenames 2>/dev/null; ';
      const listed = choices.length > 0 ? words : '';
      const proposed = isFile ? files : listed;
      return `    ${pattern}) ${proposed}return ;;`;
    });
}

function wordCase({ name, options, words }: CompletedCommand): string {
  const flags = options.flatMap(({ short, long }) =>
    short ? [short, long] : [long],
  );
  return `    ${name})
      case "$cur" in
        -*) COMPREPLY=($(compgen -W "${flags.join(' ')}" -- "$cur")) ;;
        *) COMPREPLY=($(compgen -W "${words.join(' ')}" -- "$cur")) ;;
      esac ;;`;
}
