import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { diskTree, plainSchema, readGo } from '../../src/index.ts'

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
