import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { diskTree, plainSchema, readGo } from '../../src/index.ts'
import { goVet } from '../support/go-tool.ts'

const folder = fileURLToPath(new URL('../fixtures/workshop', import.meta.url))

// The fixture has every construct of codegen.md §6 that can travel; its schema.json was checked by hand.
test('a project with everything that the reference fails on reads as its schema.json', async () => {
  const { model, diagnostics, config } = await readGo(diskTree(folder))
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  expect(plainSchema(model)).toEqual(JSON.parse(readFileSync(`${folder}/schema.json`, 'utf8')))
  expect(config?.tsDir).toBe('web/src/restream')
})

test('its warnings say for every field what the reference cannot do', async () => {
  const { diagnostics } = await readGo(diskTree(folder))
  const lines = diagnostics.map(({ code, file, line }) => `${file}:${line} ${code}`)
  const beyond = (from: number, to: number): string[] =>
    Array.from({ length: to - from + 1 }, (_, index) => `parts/parts.go:${from + index} beyond-reference`)
  expect(new Set(lines)).toEqual(
    new Set([
      'bench/bench.go:33 file-boundary',
      'bench/bench.go:41 file-boundary',
      'bench/bench.go:39 beyond-reference',
      'bench/bench.go:55 beyond-reference',
      'parts/parts.go:31 beyond-reference',
      'parts/parts.go:52 beyond-reference',
      'parts/parts.go:66 beyond-reference',
      ...beyond(68, 79),
      'parts/parts.go:82 beyond-reference',
      ...beyond(87, 89),
    ]),
  )
})

test('it is Go that compiles', () => expect(goVet(folder)).toBe(''))
