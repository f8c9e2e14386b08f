/** The manual page, made of the tree of commands: one page for `man`, in the macros that every man knows. */

import type { Command } from "commander";

/** Paragraphs that are a section of their own, by the words that they begin with. */
const ownSections: readonly (readonly [begins: string, title: string])[] = [["Exit codes: ", "EXIT STATUS"]];

/**
 * The manual page of a program and its commands, in roff for section 1.
 *
 * @param program the tree of commands
 * @param version what the page's foot says
 */
export function manualPage(program: Command, version: string): string {
  const name = program.name(), after = textAfter(program), paragraphs = after.split(/\n{2,}/);
  const own = ownSections.flatMap(([begins, title]) => {
    const found = paragraphs.find((paragraph) => paragraph.startsWith(begins));
    return found ? [`.SH ${title}`, inline(found.slice(begins.length))] : [];
  });
  const others = paragraphs.filter((text) => !ownSections.some(([begins]) => text.startsWith(begins)));
  return [
    `.\\" Printed by \`${name} manual\` from the commands themselves.`,
    // No date: the same program prints the same page.
    `.TH ${name.toUpperCase()} 1 "" "${name} ${version}" "User Commands"`,
    // Options and addresses are never parted, and lines stay as ragged as they fall.
    ".nh",
    ".ad l",
    ".SH NAME",
    `${inline(name)} \\- ${inline(summaryOf(program))}`,
    ".SH SYNOPSIS",
    `.B ${inline(name)}`,
    ".I command",
    ".RI [ option ...]",
    ".SH DESCRIPTION",
    inline(program.description()),
    `The commands follow in the order in which they are needed.`,
    ".SH OPTIONS",
    ...optionsOf(program),
    ".SH COMMANDS",
    ...program.commands.flatMap(commandSection),
    ".SH EXAMPLES",
    ...formatted(others.join("\n\n").replace(/^Examples:\n/, "")),
    ...own,
  ].join("\n") + "\n";
}

function commandSection(command: Command): string[] {
  const usage = command.createHelp().commandUsage(command);
  return [
    `.SS "${inline(usage)}"`,
    inline(command.description()),
    ...optionsOf(command),
    ...formatted(textAfter(command)),
  ];
}

/** The first sentence of a description, as lists of pages have it. */
function summaryOf(program: Command): string {
  const [sentence] = program.description().split(/\.\s|\.$/);
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

function optionsOf(command: Command): string[] {
  const help = command.createHelp();
  return help.visibleOptions(command).flatMap((option) => [
    ".TP",
    `.B ${inline(help.optionTerm(option))}`,
    inline(help.optionDescription(option)),
  ]);
}

/** What a command's help says below its options. */
function textAfter(command: Command): string {
  const usual = command.configureOutput();
  let help = "";
  command.configureOutput({ ...usual, writeOut: (text) => help += text });
  command.outputHelp();
  command.configureOutput(usual);
  return help.slice(command.helpInformation().length).trim();
}

/** Paragraphs, and as they stand the lines that are indented. */
function formatted(text: string): string[] {
  const lines: string[] = [];
  let example = false, begins = true;
  for (const line of text.split("\n")) {
    const indented = line.startsWith("  ");
    if (line === "") begins = true;
    else {
      if (indented !== example) lines.push(...indented ? [".PP", ".RS 4", ".nf"] : [".fi", ".RE", ".PP"]);
      else if (begins && !indented) lines.push(".PP");
      lines.push(inline(indented ? line.slice(2) : line));
      [example, begins] = [indented, false];
    }
  }
  if (example) lines.push(".fi", ".RE");
  return lines;
}

/** Lines of roff for a text: nothing in it is a request, hyphens can be copied, other characters go by their numbers. */
function inline(text: string): string {
  const escaped = text.replaceAll("\\", "\\e").replaceAll("-", "\\-").replaceAll('"', "\\(dq")
    .replace(/[^\n\x20-\x7e]/gu, (character) => `\\[u${hexadecimal(character)}]`);
  return escaped.replace(/^(?=[.'])/gm, "\\&");
}

const hexadecimal = (character: string) =>
  character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0");
