import { resolve } from 'node:path'
import { isRivuletError } from '@rivulet/wire'
import { loadConfig } from '../../project/load-config.ts'
import { followSources } from '../../project/follow.ts'
import { generate, type Generated } from '../../project/generate.ts'
import { type Command, type Given, isGiven, PROJECT_OPTIONS, textOf, usageError } from '../command.ts'
import { type ExitCode, type Io, paint } from '../io.ts'
import { plural, printDiagnostics } from './report.ts'

/** `rivulet generate`. */
export const generateCommand: Command = {
  name: 'generate',
  summary: 'Write the schema file and the modules that the sources ask for.',
  usage: '[--watch | --check] [options]',
  details:
    'Only files that differ are written. Files that an earlier run wrote and that are no longer wanted are removed; nothing is touched while the sources have errors.',
  options: {
    ...PROJECT_OPTIONS,
    watch: { type: 'boolean', short: 'w', help: 'Stay, and generate again whenever a source changes.' },
    check: { type: 'boolean', help: 'Write nothing; exit with 1 when a file would change. For CI.' },
    'assign-ids': { type: 'boolean', help: 'Give fields without an id the next one, in the sources.' },
  },
  run,
}

async function run(given: Given, io: Io): Promise<ExitCode> {
  const load = () => loadConfig(resolve(io.cwd, textOf(given, 'project') ?? '.'), textOf(given, 'config'))
  const dryRun = isGiven(given, 'check')
  const assignIds = isGiven(given, 'assign-ids')
  if (isGiven(given, 'watch')) {
    if (dryRun || assignIds || isGiven(given, 'json'))
      throw usageError('--watch goes with neither --check, --assign-ids nor --json', 'Leave one of them out.')
    return watch(load, io)
  }
  const result = await generate(await load(), { dryRun, assignIds })
  const { changes, failed, diagnostics } = result
  const differs = changes.written.length + changes.removed.length > 0
  const ok = !failed && !(dryRun && differs)
  if (isGiven(given, 'json')) io.out(JSON.stringify({ ok, diagnostics, ...changes }))
  else print(io, result, dryRun)
  return ok ? 0 : 1
}

function print(io: Io, { diagnostics, failed, changes }: Generated, dryRun: boolean): void {
  printDiagnostics(io, diagnostics)
  if (failed) return io.err(paint(io, 'red', 'nothing was written: the sources have errors'))
  for (const path of changes.written) io.out(`${dryRun ? 'differs' : 'wrote'}  ${path}`)
  for (const path of changes.removed) io.out(`${dryRun ? 'is stale' : 'removed'}  ${path}`)
  const differing = changes.written.length + changes.removed.length
  if (dryRun && differing > 0)
    io.err(`${plural(differing, 'file')} out of date: run \`rivulet generate\` and commit the result`)
  else if (differing === 0) io.out(`${plural(changes.unchanged.length, 'file')} up to date`)
}

async function watch(load: Parameters<typeof followSources>[0], io: Io): Promise<ExitCode> {
  const following = await followSources(load, {
    generated: (result) => {
      const { written, removed } = result.changes
      // A generation that found everything as it was has nothing to say.
      if (written.length + removed.length + result.diagnostics.length > 0) print(io, result, false)
    },
    failed: (error) => io.err(isRivuletError(error) ? error.message : String(error)),
  })
  io.out('watching: press Ctrl+C to end')
  await new Promise<void>((done) => {
    if (io.signal.aborted) done()
    io.signal.addEventListener('abort', () => done(), { once: true })
  })
  following.close()
  return 0
}
