import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { diskTree, plainSchema, readGo, type SourceTree } from '../../src/index.ts'
import { gofmt } from '../support/go-tool.ts'

const vectors = new URL('../../../../vectors/restream/', import.meta.url)
const schema: unknown = JSON.parse(readFileSync(new URL('schema.json', vectors), 'utf8'))
const tree = (name: string) => diskTree(fileURLToPath(new URL(name, vectors)))

describe('the golden model', () => {
  test('is exactly schema.json', async () => {
    const { model, diagnostics } = await readGo(tree('model'))
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
    expect(plainSchema(model)).toEqual(schema)
  })

  test('warns where the rule of one file decides about the bytes, and of nothing else', async () => {
    const { diagnostics } = await readGo(tree('model'))
    expect(new Set(diagnostics.map(({ code }) => code))).toEqual(new Set(['file-boundary']))
    expect(
      diagnostics.filter(({ file }) => file === 'glass/shed.go').map(({ message }) => message.split(' ')[0]),
    ).toEqual([
      'Shed.Seed',
      'Shed.SeedP',
      'Shed.Seeds',
      'Shed.SeedPs',
      'Shed.ByID',
      'Shed.ByName',
      'Shed.Gauge',
      'Shed.GaugeP',
      'Shed.Gauges',
    ])
  })
})

describe('the model before the generator ran', () => {
  const sources = ['glass/bed.go', 'glass/collections.go', 'glass/evolve.go', 'glass/primitives.go', 'glass/shed.go']

  test('has no ids, and every error says how to get them', async () => {
    const { diagnostics, edits } = await readGo(tree('model-before'))
    const errors = diagnostics.filter(({ severity }) => severity === 'error')
    expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(['missing-id']))
    expect(errors[0]).toEqual({
      severity: 'error',
      code: 'missing-id',
      message: 'Seed.Kind has no field id',
      file: 'glass/bed.go',
      line: 12,
      column: 2,
      hint: 'Run the reference generator, `go run github.com/boatkit-io/restream/cmd/codegen -project .`, or read with --assign-ids.',
    })
    expect(edits.size).toBe(0)
  })

  test('gets exactly the ids of the reference with assignIds', async () => {
    const { model, diagnostics } = await readGo(tree('model-before'), { assignIds: true })
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
    expect(plainSchema(model)).toEqual(schema)
  })

  test('edited, it reads as the same model, and a second pass changes nothing', async () => {
    const before = tree('model-before')
    const { edits } = await readGo(before, { assignIds: true })
    expect([...edits.keys()].toSorted()).toEqual([...sources, 'glass/store.go', 'pump/pump.go', 'units/units.go'])
    const edited: SourceTree = { ...before, readFile: (path) => edits.get(path) ?? before.readFile(path) }
    const again = await readGo(edited, { assignIds: true })
    expect(plainSchema(again.model)).toEqual(schema)
    expect(again.edits.size).toBe(0)
  })

  test('edited and formatted, it is byte for byte what the reference wrote', async () => {
    const { edits } = await readGo(tree('model-before'), { assignIds: true })
    const golden = tree('model')
    const paths = [...sources, 'pump/pump.go', 'units/units.go']
    const formatted = paths.map((path) => [path, gofmt(edits.get(path) as string)])
    expect(formatted).toEqual(paths.map((path) => [path, golden.readFile(path)]))
    // The reference also rewrites the registrations in store.go; the ids are what is compared there.
    const ids = (text: string): string[] => text.match(/fID=\d+|MAXFIELD\(\d+\)/g) ?? []
    expect(ids(edits.get('glass/store.go') as string)).toEqual(ids(golden.readFile('glass/store.go') as string))
  })
})
