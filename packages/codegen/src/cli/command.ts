import type { parseArgs, ParseArgsConfig } from 'node:util'
import { RivuletError } from '@rivulet/wire'
import type { ExitCode, Io } from './io.ts'

type Options = NonNullable<ParseArgsConfig['options']>

/** An option, and its line in the help text. */
type OptionHelp = Options[string] & { readonly help: string; readonly argument?: string }

/** What was given on the command line. */
export interface Given {
  readonly values: Readonly<Record<string, ReturnType<typeof parseArgs>['values'][string]>>
  readonly positionals: readonly string[]
}

/** One of the things that `rivulet` does. */
export interface Command {
  readonly name: string
  /** One line. */
  readonly summary: string
  /** What follows the name in the usage line. */
  readonly usage: string
  /** The rest of the help text. */
  readonly details: string
  readonly options: Readonly<Record<string, OptionHelp>>
  readonly run: (given: Given, io: Io) => Promise<ExitCode>
}

/** The options that every command has which looks at a project. */
export const PROJECT_OPTIONS: Command['options'] = {
  project: { type: 'string', short: 'p', argument: 'folder', help: 'The project; the current folder by default.' },
  config: { type: 'string', short: 'c', argument: 'file', help: 'The configuration file, relative to the project.' },
  json: { type: 'boolean', help: 'Print the result as JSON.' },
}

/** The value of an option that takes one. */
export function textOf({ values }: Given, name: string): string | undefined {
  const value = values[name]
  return typeof value === 'string' ? value : undefined
}

/** Whether an option was given that takes no value. */
export const isGiven = ({ values }: Given, name: string): boolean => values[name] === true

/** The error for a command line that cannot be meant. */
export function usageError(what: string, hint: string): RivuletError {
  return new RivuletError('config', what, { hint })
}
