// `npm run check`: everything but the tests. Every step runs; one that fails shows its output and fails the whole.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { main } from './lib/fail.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { modernNode, toolEnv } from './lib/modern-node.mjs'
import { root } from './lib/root.mjs'
import { runCaptured } from './lib/run-captured.mjs'
import { toolEntry } from './lib/tools.mjs'

function publishedPackages() {
  const folders = readdirSync(join(root, 'packages')).map((name) => `packages/${name}`)
  return folders.filter((folder) => !JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')).private)
}

function steps() {
  const tool = (packageName, bin) => toolEntry(packageName, bin)
  const exportSteps = publishedPackages().flatMap((folder) => [
    { name: `exports: publint ${folder}`, run: [tool('publint'), folder, '--strict'] },
    {
      name: `exports: attw ${folder}`,
      run: [tool('@arethetypeswrong/cli', 'attw'), '--pack', folder, '--profile', 'esm-only', '--no-definitely-typed'],
    },
  ])
  return [
    // First, because the checks of exports and sizes look at what it leaves in dist.
    { name: 'build and types of the packages', run: ['scripts/build.mjs'] },
    {
      name: 'types of tests, demo, examples, bench, interop',
      run: [tool('typescript', 'tsc'), '-p', 'tsconfig.test.json'],
    },
    { name: 'lint', run: [tool('oxlint'), '--type-aware', '--deny-warnings'] },
    { name: 'format', run: [tool('oxfmt'), '--check', '.'] },
    { name: 'dead code', run: [tool('knip'), '--no-progress', '--no-config-hints'] },
    { name: 'schemas: as their sources say, and compatible with the commit', run: ['scripts/schemas.mjs', '--check'] },
    { name: 'arrows between rooms', run: ['scripts/check-arrows.mjs'] },
    { name: 'hygiene', run: ['scripts/check-hygiene.mjs'] },
    { name: 'docs: links, code, error codes, TSDoc', run: ['site/check.mjs'] },
    ...exportSteps,
    { name: 'size budgets', run: [tool('size-limit')], show: true },
  ]
}

function indent(text) {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n')
}

async function runStep(step) {
  const start = performance.now()
  const { code, output } = await runCaptured(modernNode(), step.run, { env: toolEnv() })
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  console.log(`${code === 0 ? 'pass' : 'FAIL'}  ${step.name} (${seconds} s)`)
  if ((code !== 0 || step.show) && output.trim() !== '') console.log(indent(output))
  return code === 0
}

await main(async () => {
  await ensureInstalled()
  const failed = []
  for (const step of steps()) {
    if (!(await runStep(step))) failed.push(step.name)
  }
  console.log(failed.length === 0 ? 'check: all steps passed' : `check: failed: ${failed.join('; ')}`)
  return failed.length === 0 ? 0 : 1
})
