import { resolve } from 'node:path'
import type { StoreDef, StructTable, Types } from '@rivulet/wire'
import {
  type Attribution,
  inspectDelta,
  type Inspection,
  inspectMessage,
  inspectUnit,
  inspectValue,
} from '@rivulet/wire/inspect'
import type { SchemaModel } from '../../model/schema-model.ts'
import { wireTypes } from '../../model/wire-types.ts'
import { hasErrors, readSources } from '../../project/generate.ts'
import { loadConfig } from '../../project/load-config.ts'
import { readSchema } from '../../project/schema-file.ts'
import { type Command, type Given, isGiven, PROJECT_OPTIONS, textOf, usageError } from '../command.ts'
import { type ExitCode, type Io, paint } from '../io.ts'
import { printDiagnostics } from './report.ts'

/** `rivulet inspect`. */
export const inspectCommand: Command = {
  name: 'inspect',
  summary: 'Name every byte of a message, or of a unit of a data stream.',
  usage: '<hex | -> (--store <name> | --type <package.Name> | --stream <name>) [--kind full|partial] [options]',
  details:
    'The message is hexadecimal, spaces allowed; with "-" it is read from the standard input. Exits with 1 when it cannot be decoded.',
  options: {
    ...PROJECT_OPTIONS,
    schema: {
      type: 'string',
      short: 's',
      argument: 'file',
      help: 'A schema file; the sources of the project by default.',
    },
    store: { type: 'string', argument: 'name', help: 'The store that the message is of, by its name on the wire.' },
    type: { type: 'string', short: 't', argument: 'name', help: 'The struct or packet it is, as package.Name.' },
    stream: { type: 'string', argument: 'name', help: 'The data stream that the unit is of, by its name on the wire.' },
    kind: { type: 'string', short: 'k', argument: 'kind', help: 'full (a state, the default) or partial (a delta).' },
  },
  run,
}

async function run(given: Given, io: Io): Promise<ExitCode> {
  const [text, ...others] = given.positionals
  if (text === undefined || others.length > 0)
    throw usageError(
      text === undefined ? 'there is no message' : 'there are several messages',
      'Give one hexadecimal text, in quotes if it has spaces.',
    )
  const kind = textOf(given, 'kind') ?? 'full'
  if (kind !== 'full' && kind !== 'partial')
    throw usageError(`--kind ${kind} is neither full nor partial`, 'Write --kind partial for a delta.')
  const [store, type, stream] = [textOf(given, 'store'), textOf(given, 'type'), textOf(given, 'stream')]
  if ([store, type, stream].filter((of) => of !== undefined).length !== 1)
    throw usageError('a message is of one store, type or stream', 'Give either --store, --type or --stream.')
  if (stream !== undefined && kind === 'partial')
    throw usageError('the units of a stream are no deltas', 'Leave out --kind partial.')
  const bytes = bytesOf(text === '-' ? await io.input() : text)
  const model = await modelOf(given, io)
  if (model === undefined) return 1
  const found =
    stream !== undefined
      ? ofStream(model, stream, bytes)
      : store === undefined
        ? ofType(model, type as string, kind, bytes)
        : ofStore(model, store, kind, bytes)
  if (isGiven(given, 'json'))
    io.out(JSON.stringify(plain(found), (_, part: unknown) => (typeof part === 'bigint' ? String(part) : part)))
  else print(io, bytes, found)
  return found.error === undefined ? 0 : 1
}

function bytesOf(text: string): Uint8Array {
  const hex = text.replace(/0x|[\s,:]/gi, '')
  const wrong = /[^0-9a-f]/i.exec(hex)
  if (wrong !== null) throw usageError(`"${wrong[0]}" is no hexadecimal digit`, 'Give the bytes as two digits each.')
  if (hex.length % 2 !== 0)
    throw usageError(`${hex.length} digits are half a byte too many`, 'Give the bytes as two digits each.')
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}

/** Undefined after what is wrong with the sources was said: bytes read by half a schema would be named wrongly. */
async function modelOf(given: Given, io: Io): Promise<SchemaModel | undefined> {
  const folder = resolve(io.cwd, textOf(given, 'project') ?? '.')
  const file = textOf(given, 'schema')
  if (file === undefined) {
    const { model, diagnostics } = await readSources(await loadConfig(folder, textOf(given, 'config')))
    if (!hasErrors(diagnostics)) return model
    if (isGiven(given, 'json')) io.out(JSON.stringify({ ok: false, diagnostics, parts: [] }))
    else printDiagnostics(io, diagnostics)
    return undefined
  }
  const model = readSchema(resolve(folder, file))
  if (model === undefined) throw usageError(`there is no ${file} in ${folder}`, 'Name a schema file that exists.')
  return model
}

function ofStore(model: SchemaModel, name: string, kind: 'full' | 'partial', bytes: Uint8Array): Inspection {
  const stores = model.packages.flatMap((pkg) => pkg.stores)
  const store = stores.find((one) => one.name === name)
  if (store === undefined)
    throw unknown(
      `no store is called "${name}"`,
      stores.map((one) => one.name),
    )
  const def: StoreDef = { kind: 'store', name, state: store.state, types: typesOf(model) }
  return inspectMessage(def, bytes, kind)
}

function ofType(model: SchemaModel, type: string, kind: 'full' | 'partial', bytes: Uint8Array): Inspection {
  const types = typesOf(model)
  const table: StructTable = types[0] ?? {}
  if (!Object.hasOwn(table, type)) throw unknown(`no struct or packet is called "${type}"`, Object.keys(table))
  if (kind === 'full') return inspectValue(types, { kind: 'struct', ref: type }, bytes, type)
  if (table[type]?.form !== 'partial')
    throw usageError(`${type} is not partial: it has no deltas`, 'Leave out --kind partial.')
  return inspectDelta(types, type, bytes, type)
}

function ofStream(model: SchemaModel, name: string, bytes: Uint8Array): Inspection {
  const streams = model.packages.flatMap((pkg) => pkg.streams ?? [])
  if (streams.every((one) => one.name !== name))
    throw unknown(
      `no stream is called "${name}"`,
      streams.map((one) => one.name),
    )
  return inspectUnit(bytes, name)
}

const typesOf = (model: SchemaModel): Types => [wireTypes(model, { wide: 'bigint' })]

const unknown = (what: string, names: readonly string[]) =>
  usageError(what, names.length === 0 ? 'The schema has none.' : `There is ${names.toSorted().join(', ')}.`)

function plain({ parts, error }: Inspection): object {
  const { code, offset, message } = error ?? {}
  return { ok: error === undefined, parts, ...(error === undefined ? {} : { error: { code, offset, message } }) }
}

const SHOWN = 8

function print(io: Io, bytes: Uint8Array, { parts, error }: Inspection): void {
  const rows = parts.map((part) => [String(part.offset), hexOf(bytes, part), part.path, part.meaning + valueOf(part)])
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  for (const [offset = '', hex = '', path = '', meaning = ''] of rows) {
    const at = paint(io, 'dim', offset.padStart(widths[0] ?? 0))
    io.out(`${at}  ${hex.padEnd(widths[1] ?? 0)}  ${paint(io, 'cyan', path.padEnd(widths[2] ?? 0))}  ${meaning}`)
  }
  if (error !== undefined) io.err(`${paint(io, 'red', error.code)}: ${error.message}`)
}

function hexOf(bytes: Uint8Array, { offset, length }: Attribution): string {
  const shown = Array.from(bytes.subarray(offset, offset + Math.min(length, SHOWN)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  )
  return length > SHOWN ? `${shown.join(' ')} … ${length} bytes` : shown.join(' ')
}

function valueOf({ value }: Attribution): string {
  if (value === undefined) return ''
  return ` = ${typeof value === 'string' ? JSON.stringify(value) : String(value)}`
}
