// A step of `npm run check`: links and anchors, the code in the pages, the table of error codes, and the TSDoc of what is public. `-- links`, `code`, `errors` or `tsdoc` alone does one of them.
import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { errorCodes, errorPageProblems } from './src/error-codes.mjs'
import { atTheirPages, writeExamples } from './src/examples.mjs'
import { repository, siteFolder } from './src/folders.mjs'
import { linkProblems } from './src/links.mjs'
import { sitePages } from './src/pages.mjs'
import { undocumentedExports } from './src/reference.mjs'

const sources = sitePages(repository).map(({ source }) => source)

/** Pages whose code a test compiles, with files of its own; without that test it is compiled here like any other. */
const COMPILED_BY_TESTS = { 'docs/migrate-from-restream.md': 'packages/restream/test/docs.node.test.ts' }

const compiledByTest = (source) => existsSync(join(repository, COMPILED_BY_TESTS[source] ?? 'none'))

async function compiled() {
  const { files, problems } = writeExamples({
    root: repository,
    sources: sources.filter((source) => !compiledByTest(source)),
    setupFolder: join(siteFolder, 'setup'),
    folder: join(siteFolder, '.examples'),
  })
  // The compiler of the repository, not the older one that only TypeDoc needs.
  const tsc = join(createRequire(join(repository, 'package.json')).resolve('typescript/package.json'), '../bin/tsc')
  const args = [tsc, '-p', join(siteFolder, 'setup'), '--pretty', 'false']
  const said = await promisify(execFile)(process.execPath, args, { cwd: repository, maxBuffer: 2 ** 26 }).then(
    () => '',
    (error) => {
      if (typeof error.code !== 'number') throw error
      return `${error.stdout}${error.stderr}`
    },
  )
  const lines = atTheirPages(said, files, 'site/.examples').split('\n')
  return [...problems, ...lines.filter((line) => line !== '')]
}

function errors() {
  const page = join(repository, 'docs/errors.md')
  const codes = errorCodes(readFileSync(join(repository, 'packages/wire/src/errors.ts'), 'utf8'))
  const problems = existsSync(page) ? errorPageProblems(codes, readFileSync(page, 'utf8')) : ['is missing']
  return problems.map((problem) => `docs/errors.md: ${problem}`)
}

const CHECKS = {
  links: () => linkProblems(repository, sources),
  code: compiled,
  errors,
  tsdoc: () => undocumentedExports(repository),
}

const wanted = process.argv.slice(2)
for (const [name, check] of Object.entries(CHECKS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  const problems = await check()
  for (const problem of problems) console.error(problem)
  if (problems.length > 0) process.exitCode = 1
}
