import type { Command } from './command.ts'

const PAD = 26

/** What `rivulet` alone says. */
export function overview(commands: readonly Command[]): string {
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(10)}${summary}`)
  return [
    'Usage: rivulet <command> [options]',
    '',
    ...lines,
    '',
    'Run `rivulet <command> --help` for the options of one.',
  ].join('\n')
}

/** What `--help` says. */
export function helpOf({ name, usage, summary, details, options }: Command): string {
  const lines = Object.entries(options).map(([long, { short, argument, help }]) => {
    const spelled = `${short === undefined ? '    ' : `-${short}, `}--${long}${argument === undefined ? '' : ` <${argument}>`}`
    return `  ${spelled.padEnd(PAD)}  ${help}`
  })
  return [
    `Usage: rivulet ${name} ${usage}`,
    '',
    summary,
    details,
    '',
    ...lines,
    `  ${'-h, --help'.padEnd(PAD)}  This text.`,
  ].join('\n')
}
