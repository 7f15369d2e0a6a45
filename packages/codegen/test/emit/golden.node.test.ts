import {
  applyDelta,
  decodeDeltaOf,
  decodeValue,
  encodeDeltaOf,
  encodeValue,
  type EventDef,
  type KeyedEventDef,
  type RpcDef,
  type SendDef,
  type StoreDef,
  type StructDef,
  structOf,
  type Types,
  validateTypes,
  wireNameOf,
} from '@rivulet/wire'
import { beforeAll, describe, expect, test } from 'vitest'
import { isWritable, modelTypes, structNode, values, vectors } from '../../../wire/test/support/model.ts'
import { bytesToHex, comparable, fromNeutral, hexToBytes, type Neutral } from '../../../wire/test/support/neutral.ts'
import { emitHooks, emitTypeScript, tsName } from '../../src/index.ts'
import { COMPILER_TIME, formatted, importEmitted, typeErrors, writeEmitted } from '../support/emitted.ts'
import { goldenSchema, shuffled } from '../support/golden-schema.ts'

const model = goldenSchema()
const reference = modelTypes('bigint')

type Module = Readonly<Record<string, unknown>>

let modules: ReadonlyMap<string, Module>
const typesOf = (ref: string): Types => modules.get(ref.slice(0, ref.indexOf('.')))?.['types'] as Types

beforeAll(async () => {
  const folder = writeEmitted(emitTypeScript(model, { wide: 'bigint' }))
  const loaded = model.packages.map(async (pkg) => [pkg.name, await importEmitted(folder, pkg.tsFile)] as const)
  modules = new Map(await Promise.all(loaded))
})

interface DeltaVector {
  readonly type: string
  readonly beforeHex?: string
  readonly before: Neutral
  readonly deltaHex: string
  readonly deltaCanonical: boolean
}

const { deltas } = vectors('deltas.json') as { readonly deltas: readonly DeltaVector[] }

/** Names that the reference tables spell out and generated ones leave to the rule. */
function spelledOut(def: StructDef): StructDef {
  return { ...def, fields: def.fields.map((field) => ({ ...field, wire: wireNameOf(field) })) }
}

describe('the modules of the golden model', () => {
  test.each(['number', 'bigint'] as const)(
    'type-check under the strictest settings with hooks, %s',
    { timeout: COMPILER_TIME },
    (wide) => {
      const folder = writeEmitted([...emitTypeScript(model, { wide }), ...emitHooks(model, { wide })])
      expect(typeErrors(folder)).toBe('')
    },
  )

  test('are formatted', async () => {
    for (const file of [...emitTypeScript(model), ...emitHooks(model)])
      expect(file.text, `the module ${file.path}`).toBe(await formatted(file))
  })

  test('do not depend on the order of the model', () => {
    const [files, hooks] = [emitTypeScript(model), emitHooks(model)]
    for (let turn = 0; turn < 7; turn++) {
      expect(emitTypeScript(shuffled(model, turn))).toEqual(files)
      expect(emitHooks(shuffled(model, turn))).toEqual(hooks)
    }
  })

  test('have tables without contradictions', () => {
    for (const pkg of model.packages) expect(() => validateTypes(typesOf(`${pkg.name}.`))).not.toThrow()
  })

  test('have every struct and packet as it travels', () => {
    let compared = 0
    for (const pkg of model.packages) {
      for (const { name, ...def } of [...pkg.structs, ...pkg.packets]) {
        if ('typeParams' in def) continue
        const ref = `${pkg.name}.${name}`
        // Generic structs are named in another way; their fields are compared below, by their bytes.
        const generic = JSON.stringify(def).includes('"args"')
        if (generic) continue
        expect(spelledOut(structOf(typesOf(ref), ref)), `struct ${ref}`).toEqual(structOf(reference, ref))
        compared += 1
      }
    }
    expect(compared).toBe(51)
  })

  test('fold the names of fields as the reference does', () => {
    for (const pkg of model.packages) {
      for (const { name, fields } of pkg.packets) {
        const ref = `${pkg.name}.${name}`
        const names = structOf(typesOf(ref), ref).fields.map((field) => field.name)
        expect(names).toEqual(fields.map(({ goName }) => tsName(goName)))
      }
    }
  })

  test('have every store, call and event', () => {
    const of = (pkg: string, name: string): unknown => modules.get(pkg)?.[name]
    for (const pkg of model.packages) {
      for (const { goStruct, name, state, minimumAccess } of pkg.stores) {
        const def = of(pkg.name, goStruct) as StoreDef
        expect([def.kind, def.name, def.state, def.access ?? 0]).toEqual(['store', name, state, minimumAccess])
      }
      for (const { name, request, response, access } of pkg.rpcs) {
        const def = of(pkg.name, name.replaceAll('.', '')) as RpcDef
        expect([def.kind, def.name, def.request, def.response]).toEqual(['rpc', name, request, response])
        expect(def.access ?? 0).toBe(access)
      }
      for (const { name, request, access } of pkg.ffrpcs) {
        const def = of(pkg.name, name.replaceAll('.', '')) as SendDef
        expect([def.kind, def.name, def.request, def.access ?? 0]).toEqual(['send', name, request, access])
      }
      for (const { name, packet } of pkg.events) {
        const def = of(pkg.name, name.replaceAll('.', '')) as EventDef
        expect([def.kind, def.name, def.packet]).toEqual(['event', name, packet])
      }
      for (const { name, packet, store } of pkg.keyedEvents) {
        const def = of(pkg.name, name.replaceAll('.', '')) as KeyedEventDef
        expect([def.kind, def.name, def.packet, def.store]).toEqual(['keyedEvent', name, packet, store])
      }
    }
  })

  test('features 91 and 118: have every enum and constant', () => {
    const units = modules.get('units') as Module
    expect(units['Phase']).toEqual({ Idle: 0, Grow: 1, Bloom: 2, Wilted: 240 })
    expect(units['Drift']).toEqual({ FarBelow: -300, Below: -1, None: 0, Above: 1, FarAbove: 31000 })
    expect(units['Light']).toEqual({ Shade: 'half-shade', Night: 'night', Sun: 'sun' })
    expect(modules.get('pump')?.['Mode']).toEqual({ Broken: -7, Off: 0, Low: 10, High: 20 })
    const { GoldenRatio, MaxSlots, Motto, Verbose } = units
    expect({ GoldenRatio, MaxSlots, Motto, Verbose }).toEqual({
      GoldenRatio: 1.618,
      MaxSlots: 4096,
      Motto: 'grow slowly',
      Verbose: true,
    })
    expect(Object.keys(units)).not.toContain('InternalToken')
  })
})

describe('golden values through generated descriptors', () => {
  test.each(values.map((v, i) => [`${i} ${v.type} ${v.note ?? ''}`, v] as const))('%s', (_, v) => {
    const types = typesOf(v.type)
    const node = structNode(v.type)
    const got = decodeValue(types, node, hexToBytes(v.hex))
    expect(got).toEqual(decodeValue(reference, node, hexToBytes(v.hex)))
    expect(comparable(types, node, got)).toEqual(comparable(reference, node, fromNeutral(reference, node, v.value)))
    const written = bytesToHex(encodeValue(types, node, fromNeutral(reference, node, v.value)))
    expect(isWritable(v) ? written : v.hex).toBe(v.shortHex ?? v.hex)
  })
})

describe('golden deltas through generated descriptors', () => {
  test.each(deltas.map((v, i) => [`${i} ${v.type}`, v] as const))('%s', (_, v) => {
    const types = typesOf(v.type)
    const node = structNode(v.type)
    const bytes = hexToBytes(v.deltaHex)
    const delta = decodeDeltaOf(types, v.type, bytes)
    expect(delta).toEqual(decodeDeltaOf(reference, v.type, bytes))
    const written = bytesToHex(encodeDeltaOf(types, v.type, delta))
    expect(v.deltaCanonical ? written : v.deltaHex).toBe(v.deltaHex)
    const before =
      v.beforeHex === undefined
        ? fromNeutral(reference, node, v.before)
        : decodeValue(types, node, hexToBytes(v.beforeHex))
    const store = { kind: 'store', name: v.type, state: v.type } as const
    const after = applyDelta({ ...store, types }, before, delta)
    expect(after).toEqual(applyDelta({ ...store, types: reference }, before, delta))
  })
})
