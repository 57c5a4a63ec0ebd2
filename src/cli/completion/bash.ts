/**
 * The completion script for bash, 3.2 and later, without the bash-completion package.
 *
 * Readline breaks words before `@`, which names of drivers have: words are taken from the line itself, and what stands
 * before the part that readline completes ($2) is left off of what is proposed.
 */
import type { CommandWords, OptionWords, Words } from './command-words.ts';

export const bashCompletion = (commands: readonly CommandWords[]): string => `# stormdrain for bash:
#   source <(stormdrain completion bash)
_stormdrain() {
  local line=\${COMP_LINE:0:COMP_POINT} names='' files='' word before prefix
  local -a words
  read -ra words <<< "$line"
  [[ $line == *[[:space:]] ]] && words+=('')
  word=\${words[\${#words[@]}-1]}
  before=\${words[\${#words[@]}-2]}
  if (( \${#words[@]} == 2 )); then
    names='${[...commands.map(({ name }) => name), '--help', '--version'].join(' ')}'
  else
    case \${words[1]} in
${commands.map(commandCase).join('')}    esac
  fi
  COMPREPLY=()
  [[ -n $names ]] && COMPREPLY=($(compgen -W "$names" -- "$word"))
  if [[ -n $files ]]; then
    COMPREPLY+=($(compgen -f -- "$word"))
    compopt -o filenames 2>/dev/null
  fi
  prefix=\${word%"$2"}
  [[ -n $prefix ]] && COMPREPLY=("\${COMPREPLY[@]#"$prefix"}")
  return 0
}
complete -F _stormdrain stormdrain
`;

function commandCase({ name, options, positionals }: CommandWords): string {
  const valued = options.flatMap(valueCase).join('');
  const all = options.map((option) => option.name).join(' ');
  const otherwise = `if [[ $word == -* ]]; then names='${all}'; else ${assigned(positionals)}; fi`;
  return `      ${name})
        case $before in
${valued}          *) ${otherwise} ;;
        esac ;;
`;
}

const valueCase = ({ name, value }: OptionWords): readonly string[] =>
  value === undefined ? [] : [`          ${name}) ${assigned(value)} ;;\n`];

const assigned = ({ names, files }: Words): string =>
  `names='${names.filter((name) => !name.includes(' ')).join(' ')}'${files ? ' files=1' : ''}`;
