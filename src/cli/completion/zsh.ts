/** The completion script for zsh: to be sourced after `compinit`, or kept in a file `_stormdrain` in fpath. */
import type { CommandWords, OptionWords, Words } from './command-words.ts';

export const zshCompletion = (commands: readonly CommandWords[]): string => `#compdef stormdrain
# stormdrain for zsh:
#   source <(stormdrain completion zsh)
_stormdrain() {
  local -a commands
  commands=(
${commands.map(({ name, summary }) => `    ${quoted(`${name}:${summary}`)}\n`).join('')}  )
  if (( CURRENT == 2 )); then
    _describe command commands
    compadd -- --help --version
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT -= 1 ))
  case $command in
${commands.map(commandCase).join('')}  esac
}
if [[ $funcstack[1] == _stormdrain ]]; then
  _stormdrain "$@"
else
  compdef _stormdrain stormdrain
fi
`;

function commandCase({ name, options, positionals }: CommandWords): string {
  const specs = [...options.map(optionSpec), `*:argument:${action(positionals)}`];
  return `    ${name})
      _arguments \\
${specs.map((spec) => `        ${quoted(spec)}`).join(' \\\n')} ;;
`;
}

function optionSpec({ name, summary, placeholder, value }: OptionWords): string {
  const told = `*${name}[${summary.replaceAll(/[[\]\\]/g, '\\$&')}]`;
  return value === undefined ? told : `${told}:${placeholder || 'value'}:${action(value)}`;
}

/** Both at once where a name and a file may stand. */
function action({ names, files }: Words): string {
  const words = names.map((name) => name.replaceAll(/[ :\\]/g, '\\$&')).join(' ');
  if (names.length === 0) return files ? '_files' : ' ';
  return files ? `{ compadd -- ${words}; _files }` : `(${words})`;
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
