import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { benchmarks } from '../src/benchmarks.ts'
import type { Result } from '../src/harness/result.ts'

const execute = promisify(execFile)
const command = fileURLToPath(new URL('../run.mjs', import.meta.url))

interface Report {
  readonly machine: string
  readonly short: boolean
  readonly results: readonly Result[]
}

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rivulet-bench-test-'))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

async function shortRun(name: string): Promise<{ text: string; report: Report }> {
  const file = join(folder, `${name}.json`)
  const { stdout } = await execute(process.execPath, [command, name, '--short', '--json', file])
  return { text: stdout, report: JSON.parse(await readFile(file, 'utf8')) as Report }
}

/** Benchmarks that measure ours against a budget: the reference generator needs a toolchain of its own, and what ours costs with devtools is compared with what it costs without. */
const ALONE: ReadonlySet<string> = new Set(['codegen', 'devtools'])

/** Nobody else shares an engine among tabs. */
const OURS_ONLY = /the engine that tabs share/

// That everything runs and gives figures; how fast it is depends on the machine and is nobody's test.
describe.each(Object.keys(benchmarks))('npm run bench %s --short', (name) => {
  test('runs and gives a finite figure for everybody', { timeout: 400_000 }, async () => {
    const { text, report } = await shortRun(name)
    expect(report.machine).toMatch(/^Node \d+.*cores/)
    expect(text).toContain(report.machine)
    expect(report.short).toBe(true)
    expect(report.results.length).toBeGreaterThan(0)
    for (const { benchmark, figures } of report.results) {
      expect(benchmark).toBe(name)
      expect(figures.some(({ ours }) => ours)).toBe(true)
      const unsound = figures.filter(
        ({ p50, p95, samples, bytes = 0 }) =>
          !(p50 > 0 && p95 >= p50 && samples > 0 && [p50, p95, bytes].every(Number.isFinite)),
      )
      expect(unsound).toEqual([])
      expect(figures.filter(({ contestant }) => !text.includes(contestant))).toEqual([])
      // In every scenario somebody of ours is compared with somebody else, where there is anybody.
      for (const [title, scenario] of Map.groupBy(figures, (figure) => figure.scenario)) {
        expect(scenario.some(({ ours }) => ours)).toBe(true)
        expect(scenario.some(({ ours }) => !ours)).toBe(!ALONE.has(name) && !OURS_ONLY.test(title))
      }
    }
  })
})

test('an unknown name is refused with the names there are', async () => {
  await expect(execute(process.execPath, [command, 'no-such-benchmark'])).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/no-such-benchmark.*decode/),
  })
})
