/** Refuses commands that do not exist, also together with --help, and says where the help is. */
import type { Command } from 'commander';

/** Ends each usage error of a command and of its subcommands with the command that prints its help. */
export function pointToHelp(command: Command, path: string): void {
  command.showHelpAfterError(`See: npx ${path} --help`);
  for (const child of command.commands) pointToHelp(child, `${path} ${child.name()}`);
}

/**
 * Commander prints the help of the parent, with success, for an unknown command that is followed by --help.
 *
 * @throws {CommanderError} for an unknown command.
 */
export function refuseUnknownCommands(program: Command, parameters: readonly string[]): void {
  let command = program;
  for (const parameter of parameters) {
    if (command.commands.length === 0 || parameter.startsWith('-')) return;
    const name = parameter;
    if (name === 'help') return;
    const found = command.commands.find((child) => child.name() === name);
    // Without --help commander says so itself, with a suggestion.
    if (found === undefined && parameters.some((one) => one === '--help' || one === '-h')) {
      command.error(`error: unknown command '${name}'`, { code: 'commander.unknownCommand', exitCode: 2 });
    }
    if (found === undefined) return;
    command = found;
  }
}
