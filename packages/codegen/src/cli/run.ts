import { parseArgs } from 'node:util'
import { isRivuletError } from '@rivulet/wire'
import { type Command, usageError } from './command.ts'
import { checkCommand } from './commands/check.ts'
import { generateCommand } from './commands/generate.ts'
import { initCommand } from './commands/init.ts'
import { inspectCommand } from './commands/inspect.ts'
import { helpOf, overview } from './help.ts'
import { type ExitCode, type Io, paint } from './io.ts'

/** Everything that `rivulet` does. */
const COMMANDS: readonly Command[] = [initCommand, generateCommand, checkCommand, inspectCommand]

/**
 * Runs a command line, without the program's name; never throws. The exit code is 0 when all is well, 1 when something was found in the sources or
 * the bytes, 2 when the command line or the configuration cannot work.
 *
 * @example
 * process.exitCode = await runCli(process.argv.slice(2), io)
 */
export async function runCli(args: readonly string[], io: Io): Promise<ExitCode> {
  try {
    return await dispatch(args, io)
  } catch (error) {
    io.err(`${paint(io, 'red', 'rivulet')}: ${error instanceof Error ? error.message : String(error)}`)
    // Ours say what to do; of others whoever mends them needs the place.
    if (!isRivuletError(error) && error instanceof Error && error.stack !== undefined) io.err(error.stack)
    return 2
  }
}

async function dispatch([name, ...rest]: readonly string[], io: Io): Promise<ExitCode> {
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    const about = COMMANDS.find((command) => command.name === rest[0])
    io.out(about === undefined ? overview(COMMANDS) : helpOf(about))
    return name === undefined ? 2 : 0
  }
  const command = COMMANDS.find((one) => one.name === name)
  if (command === undefined)
    throw usageError(`"${name}" is no command`, `There is ${COMMANDS.map((one) => one.name).join(', ')}.`)
  if (rest.includes('--help') || rest.includes('-h')) {
    io.out(helpOf(command))
    return 0
  }
  const given = parse(command, rest)
  if (command !== inspectCommand && given.positionals.length > 0)
    throw usageError(`"${given.positionals[0]}" is not expected`, `Run \`rivulet ${name} --help\`.`)
  return await command.run(given, io)
}

function parse(command: Command, args: readonly string[]): ReturnType<typeof parseArgs> {
  try {
    return parseArgs({ args: [...args], options: command.options, allowPositionals: true, strict: true })
  } catch (error) {
    const what = error instanceof Error ? (error.message.split('. ')[0] as string) : String(error)
    throw usageError(what, `Run \`rivulet ${command.name} --help\`.`)
  }
}
