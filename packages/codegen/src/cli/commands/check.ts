import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { compareSchemas } from '../../compare/compare-schemas.ts'
import { type Finding, isBreaking } from '../../compare/finding.ts'
import { countFindings, formatFinding } from '../../compare/format-finding.ts'
import { commitOf, schemaAt, schemaHistory } from '../../git/schema-history.ts'
import type { SchemaModel } from '../../model/schema-model.ts'
import type { Project } from '../../project/config.ts'
import { hasErrors, readSources } from '../../project/generate.ts'
import { loadConfig } from '../../project/load-config.ts'
import { readSchema } from '../../project/schema-file.ts'
import { type Command, type Given, isGiven, PROJECT_OPTIONS, textOf, usageError } from '../command.ts'
import { type ExitCode, type Io, paint } from '../io.ts'
import { printDiagnostics } from './report.ts'

const DEPTH = 50

/** `rivulet check`. */
export const checkCommand: Command = {
  name: 'check',
  summary: 'Say which deployed peers a change of the schema would break, and how.',
  usage: '[--against <commit or file>] [--history] [options]',
  details: [
    'Compares the sources with the committed schema file: the one of HEAD where there is one, else the one on disk.',
    'Exits with 1 when a finding breaks a peer.',
  ].join('\n'),
  options: {
    ...PROJECT_OPTIONS,
    against: { type: 'string', short: 'a', argument: 'what', help: 'A commit, branch or tag, or another schema file.' },
    history: { type: 'boolean', help: 'Also compare with every earlier version of the schema file in git.' },
    depth: { type: 'string', argument: 'n', help: `How many versions --history looks at; ${DEPTH} by default.` },
    strict: { type: 'boolean', help: 'Exit with 1 for warnings, too.' },
  },
  run,
}

interface Baseline {
  /** What messages call it. */
  readonly name: string
  readonly model: SchemaModel
}

interface Found extends Finding {
  readonly against: string
}

async function run(given: Given, io: Io): Promise<ExitCode> {
  const project = await loadConfig(resolve(io.cwd, textOf(given, 'project') ?? '.'), textOf(given, 'config'))
  const depth = depthOf(given)
  const { model, diagnostics } = await readSources(project)
  if (hasErrors(diagnostics)) {
    if (isGiven(given, 'json')) io.out(JSON.stringify({ ok: false, diagnostics, against: [], findings: [] }))
    else printDiagnostics(io, diagnostics)
    return 1
  }
  const baselines = await baselinesOf(project, textOf(given, 'against'), depth)
  const findings = findingsOf(baselines, model)
  const isBad = ({ severity }: Finding): boolean =>
    severity.startsWith('breaks-') || (isGiven(given, 'strict') && severity === 'warning')
  const ok = !findings.some(isBad)
  const against = baselines.map(({ name }) => name)
  if (isGiven(given, 'json')) io.out(JSON.stringify({ ok, diagnostics, against, findings }))
  else print(io, against, findings, diagnostics)
  return ok ? 0 : 1
}

function depthOf(given: Given): number {
  const text = textOf(given, 'depth')
  if (text === undefined) return isGiven(given, 'history') ? DEPTH : 0
  if (!/^[1-9]\d{0,5}$/.test(text)) throw usageError(`--depth ${text} is no number of versions`, 'Write --depth 50.')
  return Number(text)
}

/** What to compare with: first the schema asked for, then, down to `depth`, its earlier versions. */
async function baselinesOf(project: Project, against: string | undefined, depth: number): Promise<readonly Baseline[]> {
  const { root, schema } = project
  // A branch may be called as a folder is.
  const isFile = against !== undefined && statSync(resolve(root, against), { throwIfNoEntry: false })?.isFile() === true
  if (isFile && depth > 0) throw usageError('a file has no history', 'Give --against a commit, or leave --history out.')
  if (isFile) return [fromFile(root, against)]
  const commit = await commitOf(root, against ?? 'HEAD')
  if (commit === undefined && (against !== undefined || depth > 0))
    throw usageError(
      `"${against ?? 'HEAD'}" is neither a commit nor a file`,
      'Name a commit, a branch, a tag or a schema file.',
    )
  const committed = commit === undefined ? undefined : await schemaAt(root, commit, schema)
  if (commit === undefined || committed === undefined) {
    if (against !== undefined) throw usageError(`${schema} is not in ${against}`, 'Commit the schema file first.')
    return [fromFile(root, schema)]
  }
  const earlier = depth === 0 ? [] : await schemaHistory(root, commit, schema, depth + 1)
  const versions = [committed, ...earlier.filter((version) => version.commit !== committed.commit)]
  return versions.map(({ model, commit: short, date }) => ({ model, name: `${schema} of ${short}, ${date}` }))
}

function fromFile(root: string, file: string): Baseline {
  const model = readSchema(resolve(root, file))
  if (model !== undefined) return { name: file, model }
  throw usageError(`there is no ${file} to compare with`, 'Run `rivulet generate` and commit the schema file.')
}

/** Every finding against the first; against earlier versions what breaks there alone: they were deployed once, and may still be. */
function findingsOf(baselines: readonly Baseline[], model: SchemaModel): readonly Found[] {
  const found = new Map<string, Found>()
  for (const [index, baseline] of baselines.entries()) {
    for (const finding of compareSchemas(baseline.model, model)) {
      if (index > 0 && !isBreaking(finding)) continue
      const key = `${finding.code} ${finding.subject}`
      if (!found.has(key)) found.set(key, { ...finding, against: baseline.name })
    }
  }
  return [...found.values()]
}

function print(
  io: Io,
  against: readonly string[],
  findings: readonly Found[],
  diagnostics: Parameters<typeof printDiagnostics>[1],
): void {
  printDiagnostics(io, diagnostics)
  for (const name of against) {
    const here = findings.filter((finding) => finding.against === name)
    if (here.length > 0 || name === against[0]) io.out(paint(io, 'bold', `compared with ${name}`))
    for (const finding of here) {
      const color = isBreaking(finding) ? 'red' : finding.severity === 'warning' ? 'yellow' : 'green'
      io.out(formatFinding(finding).replace(finding.severity, () => paint(io, color, finding.severity)))
    }
  }
  io.out(countFindings(findings))
}
