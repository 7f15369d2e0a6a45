import { describe, expect, test } from 'vitest'
import { emitGo, type SchemaModel } from '../../src/index.ts'
import { gofmt } from '../support/go-tool.ts'
import { cli, projectFolder } from '../support/project-folder.ts'
import { readTs } from '../support/read-ts.ts'

const SOURCE = `
/** @restream.store(Board) */ interface BoardStoreState { a: string }
/** @restream.rpc @access 3 */
interface Board {
  /** Places the next token. */
  place(x: int32, type: string | null): void
  cells(since: Date | null): readonly Cell[] | null
}
interface Cell { x: int32 }
/** @restream.send */ interface Notes { write(text: string, calls: uint8): void; ping(): void }
/** @restream.event */ interface Game { won(by: string): void; over(): void }
/** @restream.keyedEvent(Board) */ interface Cells { changed(at: string, key: uint16, cell: Cell): void }`

const model = (source = SOURCE): SchemaModel => {
  const { errors, model: found } = readTs(source)
  expect(errors).toEqual([])
  return found
}

function textOf(role: 'client' | 'host', source?: string): string {
  const files = emitGo(model(source), { importPath: 'example.com/game', role })
  const file = files.find(({ path }) => path === `schema/${role === 'host' ? 'registrations' : 'packets'}.go`)
  if (file === undefined) throw new Error(`there is only ${files.map(({ path }) => path).join(', ')}`)
  expect(gofmt(file.text)).toBe(file.text)
  return file.text
}

describe('for a client', () => {
  test('packets are annotated structs that say what they are', () => {
    const text = textOf('client')
    expect(text).toContain(
      [
        '// BoardPlaceRequest is what the call "Board.Place" carries.',
        '// @restream.serializers',
        'type BoardPlaceRequest struct {',
        '\tX    int32',
        '\tType *string',
        '}',
      ].join('\n'),
    )
    expect(text).toContain('// BoardCellsResponse is what the call "Board.Cells" is answered with.')
    expect(text).toContain('\tResult []Cell\n\tError  *string\n')
    expect(text).toContain('type GameOverEvent struct{}')
    // The key of a keyed event travels beside its packet.
    expect(text).toContain('type CellsChangedEvent struct {\n\tKey  uint16\n\tCell Cell\n}')
  })

  test('names on the wire are constants, which pages do not get', () => {
    expect(textOf('client')).toContain(
      '// BoardPlaceName is a name on the wire.\n// @restream.Ignore\nconst BoardPlaceName = "Board.Place"\n',
    )
  })

  test('marks are tags', () => {
    const text = textOf('client', '/** @restream.rpc */ interface A { b(list: readonly (readonly string[])[]): void }')
    expect(text).toContain('List [][]string `restream:",notnil,valnotnil"`')
  })

  test('is the default', () => {
    const [byDefault, client] = [{}, { role: 'client' }] as const
    expect(emitGo(model(), { importPath: 'example.com/game', ...byDefault })).toEqual(
      emitGo(model(), { importPath: 'example.com/game', ...client }),
    )
  })
})

describe('for a host', () => {
  test('calls are an interface, and are registered with their levels', () => {
    const text = textOf('host')
    expect(text).toContain('type Calls interface {\n\tBoardCells(since *time.Time) ([]Cell, error)\n')
    expect(text).toContain('\t// Places the next token.\n\tBoardPlace(x int32, Type *string) error\n')
    expect(text).toContain('\tNotesWrite(text string, Calls uint8)\n')
    expect(text).toContain(
      [
        '\t// Places the next token.',
        '\trpcd.RegisterRPCHandler("Board.Place", 3, func(x int32, Type *string) error {',
        '\t\treturn calls.BoardPlace(x, Type)',
        '\t}, reflect.TypeFor[BoardPlaceRequest](), reflect.TypeFor[BoardPlaceResponse]())',
      ].join('\n'),
    )
    expect(text).toContain('\trpcd.RegisterFFRPCHandler("Notes.Ping", 0, func() {\n\t\tcalls.NotesPing()\n\t}, ')
  })

  test('events are made by the functions that register them, keyed ones with their store', () => {
    const text = textOf('host')
    expect(text).toContain('type GameWonCallback func(by string)\n')
    expect(text).toContain('type CellsChangedCallback func(routingKey string, key uint16, cell Cell)\n')
    expect(text).toContain(
      'eventd.RegisterKeyedEvent("Cells.Changed", &event, "Board", reflect.TypeFor[CellsChangedEvent](), reflect.TypeFor[func(string, uint16, Cell)]())',
    )
  })

  test('the interface has a name that nobody has', () => {
    const text = textOf('host', '/** @restream.send */ interface A { b(c: Calls): void }\ninterface Calls { x: int32 }')
    expect(text).toContain('type Calls_ interface {')
    expect(text).toContain('func RegisterCalls_(rpcd *restream.RPCDispatcher, calls Calls_) {')
  })

  test.each([
    ['a list that is never null', 'b(list: readonly int32[]): void', 'A.B" (List) is never null'],
    ['such a result', 'b(): ReadonlyMap<string, int32>', 'A.B" is never null'],
    ['such a list further in', 'b(list: readonly (readonly int32[])[] | null): void', 'A.B" (List) is never null'],
  ])('%s is refused: no parameter can say it', (_, call, message) => {
    const found = model(`/** @restream.rpc */ interface A { ${call} }`)
    expect(() => emitGo(found, { importPath: 'example.com/game', role: 'host' })).toThrow(
      expect.objectContaining({
        code: 'schema',
        message: expect.stringContaining(message),
        hint: expect.stringContaining('| null'),
      }),
    )
    expect(emitGo(found, { importPath: 'example.com/game' })).toHaveLength(1)
  })
})

test('a file of structs that is called so is left alone', () => {
  const source = '/** @restream.file(packets) @restream.partials */ interface Row { a: string }\n'
  const call = '/** @restream.send */ interface A { b(): void }'
  expect(emitGo(model(source + call), { importPath: 'example.com/game' }).map(({ path }) => path)).toEqual([
    'schema/packets.go',
    'schema/packets2.go',
  ])
})

test('packages that need each other through a call are refused', () => {
  const packages = ['shop', 'yard'].map((name, at, all) => ({
    ...(model('/** @restream.send */ interface A { b(c: Row): void }\ninterface Row { x: int32 }')
      .packages[0] as object),
    name,
    packets: [
      {
        name: 'ABRequest',
        flavour: 'flat',
        packet: 'ffrpcRequest',
        fields: [{ goName: 'C', tsName: 'c', node: { kind: 'struct', ref: `${all[1 - at]}.Row` } }],
      },
    ],
  }))
  const both = { format: 'restream-schema/1', packages } as unknown as SchemaModel
  expect(() => emitGo(both, { importPath: 'example.com/game' })).toThrow(/need each other/)
})

test('the output says which it is', async () => {
  const config = (role: string) =>
    JSON.stringify({
      source: 'typescript',
      inputDirs: ['schema'],
      outputs: [{ emit: 'go', dir: 'device', options: { importPath: 'example.com/device', role } }],
    })
  const { root, read, write } = projectFolder({
    'rivulet.config.json': config('host'),
    'schema/game.ts': `import type { int32, uint8, uint16 } from '@rivulet/wire'\n${SOURCE}`,
  })
  expect(await cli(root, 'generate')).toMatchObject({ code: 0, err: '' })
  expect(read('device/schema/registrations.go')).toContain('RegisterCalls')
  write('rivulet.config.json', config('boat'))
  expect(await cli(root, 'generate')).toMatchObject({
    code: 2,
    err: expect.stringContaining('the option role of the output "go" is none of "client", "host"'),
  })
})
