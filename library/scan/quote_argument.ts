/** Words of command lines, as people copy them into a shell. */

/** Quotes one word of a command line for POSIX shells where it needs to be. */
export function quoteArgument(argument: string): string {
  return /^[\w./:=,@%+-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}
