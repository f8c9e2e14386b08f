/** Completions for shells, made of the tree of commands. */

import type { Command, Option } from "commander";

/** Shells that completions can be made for. */
export const shells = ["bash", "zsh", "fish"] as const;

/** One of {@link shells}. */
export type Shell = typeof shells[number];

/** What a shell completes. */
interface Completion {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly {
    readonly long: string;
    readonly help: string;
    readonly choices: readonly string[];
  }[];
}

/**
 * A script that teaches a shell the commands of a program, their options and the values of those that have a few.
 *
 * @param program the tree of commands
 */
export function shellCompletions(program: Command, shell: Shell): string {
  const completions = program.commands.map((command): Completion => ({
    name: command.name(),
    summary: command.summary(),
    options: command.options.map((option: Option) => ({
      long: option.long!,
      help: option.description.replace(/ \(default: .*/, ""),
      choices: option.argChoices ?? [],
    })),
  }));
  return { bash, zsh, fish }[shell](program.name(), completions);
}

/** In single quotes of a POSIX shell. */
const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

function bash(program: string, completions: readonly Completion[]): string {
  const flags = completions.map(({ name, options }) =>
    `    ${name}) flags=${quoted(options.map(({ long }) => long).join(" "))} ;;`
  );
  const values = completions.flatMap(({ name, options }) =>
    options.filter(({ choices }) => choices.length > 0).map(({ long, choices }) =>
      `    "${name} ${long}") COMPREPLY=($(compgen -W ${quoted(choices.join(" "))} -- "$word")); return ;;`
    )
  );
  return `# ${program} completions for bash: source it, or put it into bash-completion's folder.
_${program}() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" command="\${COMP_WORDS[1]}" flags=""
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W ${quoted(completions.map(({ name }) => name).join(" "))} -- "$word"))
    return
  fi
  case "$command $before" in
${values.join("\n")}
  esac
  case "$command" in
${flags.join("\n")}
  esac
  case "$word" in
    -*) COMPREPLY=($(compgen -W "$flags" -- "$word")) ;;
  esac
}
complete -o default -F _${program} ${program}
`;
}

function zsh(program: string, completions: readonly Completion[]): string {
  // Colons separate a word from its explanation, brackets hold the explanation of an option.
  const plain = (text: string) => text.replace(/[[\]:]/g, " ");
  const names = completions.map(({ name, summary }) => `    ${quoted(`${name}:${plain(summary)}`)}`).join(
    "\n",
  );
  const cases = completions.map(({ name, options }) => {
    const lines = options.map(({ long, help, choices }) =>
      quoted(`*${long}[${plain(help)}]${choices.length > 0 ? `:value:(${choices.join(" ")})` : ""}`)
    );
    return `    ${name}) _arguments ${lines.join(" ")} '*:file:_files' ;;`;
  });
  return `#compdef ${program}
# ${program} completions for zsh: put it as _${program} into a folder of $fpath.
_${program}() {
  local -a commands
  commands=(
${names}
  )
  if (( CURRENT == 2 )); then
    _describe 'command' commands
    return
  fi
  case "$words[2]" in
${cases.join("\n")}
  esac
}
compdef _${program} ${program}
`;
}

function fish(program: string, completions: readonly Completion[]): string {
  const quote = (text: string) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
  const lines = completions.flatMap(({ name, summary, options }) => [
    `complete -c ${program} -n __fish_use_subcommand -f -a ${name} -d ${quote(summary)}`,
    ...options.map(({ long, help, choices }) =>
      `complete -c ${program} -n '__fish_seen_subcommand_from ${name}' -l ${long.slice(2)} -d ${
        quote(help)
      }` +
      (choices.length > 0 ? ` -x -a ${quote(choices.join(" "))}` : "")
    ),
  ]);
  return `# ${program} completions for fish: put it into ~/.config/fish/completions.\n${lines.join("\n")}\n`;
}
