import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { followSources, generate, loadConfig } from '@rivulet/codegen'
import type { Benchmark, Figure } from '../harness/result.ts'
import { summary } from '../harness/stats.ts'
import { fileText, sources, STRUCTS } from './sources.ts'

function figure(scenario: string, samples: readonly number[], note: string): Figure {
  return { scenario, contestant: 'rivulet', packageName: null, ours: true, ...summary(samples), note }
}

/** Milliseconds that a whole generation takes in a process that has generated before. */
async function warmTimes(root: string, rounds: number): Promise<number[]> {
  const project = await loadConfig(root)
  await generate(project)
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    // Every round changes the schema, so that every round writes.
    writeFileSync(join(root, 'depot/rows0.go'), fileText(0, `Round${round}`))
    const start = performance.now()
    const { failed, changes } = await generate(project)
    times.push(performance.now() - start)
    if (failed || changes.written.length === 0) throw new Error('nothing was generated')
  }
  return times
}

/** Milliseconds from writing a source to the files being written. */
async function reactionTimes(root: string, rounds: number): Promise<number[]> {
  const times: number[] = []
  let wrote = Promise.withResolvers<void>()
  const watch = await followSources(() => loadConfig(root), {
    generated: ({ changes }) => {
      if (changes.written.length > 0) wrote.resolve()
    },
    failed: (error) => wrote.reject(error),
  })
  try {
    for (let round = 0; round < rounds; round++) {
      wrote = Promise.withResolvers<void>()
      const start = performance.now()
      writeFileSync(join(root, 'depot/rows0.go'), fileText(0, `Watched${round}`))
      await wrote.promise
      times.push(performance.now() - start)
    }
  } finally {
    watch.close()
  }
  return times
}

/** How long a developer waits for generated code: budgets are a second for everything, warm, and 200 ms for a change that is watched. */
export const codegen: Benchmark = {
  name: 'codegen',
  async run({ short }) {
    const root = mkdtempSync(join(tmpdir(), 'rivulet-bench-'))
    try {
      for (const [path, text] of Object.entries(sources())) {
        mkdirSync(dirname(join(root, path)), { recursive: true })
        writeFileSync(join(root, path), text)
      }
      const rounds = short ? 2 : 30
      const figures = [
        figure(`generate from ${STRUCTS} Go structs, warm`, await warmTimes(root, rounds), 'budget 1 s'),
        figure(
          `watch: from saving a file of them to files written`,
          await reactionTimes(root, rounds),
          'budget 200 ms',
        ),
      ]
      return [{ benchmark: 'codegen', title: 'code generator', unit: 'ms', figures, absent: [] }]
    } finally {
      rmSync(root, { recursive: true, force: true })
    }
  },
}
