// `npm test [-- vitest arguments]`: every test in Node and in Chromium; the last line says how many passed and failed.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { countTests } from './lib/count-tests.mjs'
import { main, UserError } from './lib/fail.mjs'
import { ensureBrowser } from './lib/install-browser.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { modernNode, toolEnv } from './lib/modern-node.mjs'
import { root } from './lib/root.mjs'
import { run } from './lib/run.mjs'
import { toolEntry } from './lib/tools.mjs'

async function runVitest(reportFile) {
  const flaky = join(root, 'scripts/lib/flaky-reporter.mjs')
  const reporters = ['--reporter=default', '--reporter=json', `--reporter=${flaky}`, `--outputFile.json=${reportFile}`]
  const args = [toolEntry('vitest'), 'run', ...reporters, ...process.argv.slice(2)]
  return run(modernNode(), args, { env: toolEnv() })
}

await main(async () => {
  await ensureInstalled()
  await ensureBrowser()

  // Kept for .ci/run, which prints it again after the other checks; removed first so that it is never an old one.
  const cache = join(root, 'node_modules/.cache/rivulet')
  const lineFile = join(cache, 'test-count.txt')
  rmSync(lineFile, { force: true })

  const folder = mkdtempSync(join(tmpdir(), 'rivulet-test-'))
  try {
    const reportFile = join(folder, 'report.json')
    const code = await runVitest(reportFile)
    if (!existsSync(reportFile)) throw new UserError(`Vitest ended with exit code ${code} and no report. See above.`)
    const { passed, failed, line } = countTests(JSON.parse(readFileSync(reportFile, 'utf8')))
    mkdirSync(cache, { recursive: true })
    writeFileSync(lineFile, `${line}\n`)
    if (passed + failed === 0) console.error('rivulet: no test ran')
    else if (code !== 0 && failed === 0) console.error('rivulet: all tests passed, but the run had errors. See above.')
    console.log(line)
    return code === 0 && failed === 0 && passed > 0 ? 0 : code || 1
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
