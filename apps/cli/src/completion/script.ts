import { script } from '@bomb.sh/tab'
import type { Shell } from './shells.js'

/**
 * For bash a script of our own: nothing that was typed, and nothing that a server said, is evaluated; it needs no other package, and can be
 * read in twice. `headway complete` prints one value a line, with a tab and what it is, and at the end a line with a colon.
 */
const BASH = `# Completion of headway for bash.
_headway() {
  local line=\${COMP_LINE:0:COMP_POINT} words=() value cur prefix
  read -ra words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=('')
  cur=\${words[\${#words[@]} - 1]}
  # Readline replaces only what stands after the last = or :.
  prefix=\${cur%"\${cur##*[=:]}"}
  COMPREPLY=()
  while IFS=$'\\t' read -r value _; do
    [[ $value == :* || $value != "$cur"* ]] && continue
    COMPREPLY+=("\${value#"$prefix"}")
  done < <("\${words[0]}" complete -- "\${words[@]:1}" 2>/dev/null)
  [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == *= ]] && compopt -o nospace 2>/dev/null
  return 0
}
complete -o bashdefault -o default -F _headway headway
`

/** Prints the script that a shell reads. */
export function printScript(shell: Shell): void {
  if (shell === 'bash') process.stdout.write(BASH)
  else script(shell, 'headway', 'headway')
}
