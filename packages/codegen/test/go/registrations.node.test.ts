import { describe, expect, test } from 'vitest'
import { read, type Read } from '../support/read-sources.ts'

const IMPORTS = `import (
	"context"
	"time"
	"github.com/boatkit-io/restream/pkg/restream"
	"github.com/boatkit-io/tugboat/pkg/subscribableevent"
)
var _ context.Context
var _ time.Time
var _ restream.AccessLevel
var _ subscribableevent.Event[func()]
`

const fieldsOf = ({ pkg }: Read, packet: string): unknown[] | undefined =>
  pkg()
    .packets.find(({ name }) => name === packet)
    ?.fields.map(({ goName, tsName, node }) => [goName, tsName, node])

const SIGNATURE = [
  ['X', 'x', { kind: 'int32' }],
  ['Name', 'name', { kind: 'string' }],
]

describe('handlers are found whatever they are', () => {
  test.each([
    [
      'a function literal',
      'rpcd.RegisterRPCHandler("Do", 1, func(x int32, name string) (bool, error) { return true, nil })',
      '',
    ],
    ['a function', 'rpcd.RegisterRPCHandler("Do", 1, handle)', ''],
    ['a function of another package', 'rpcd.RegisterRPCHandler("Do", 1, other.Handle)', ''],
    ['a method of a pointer made here', 's := &Store{}\n\trpcd.RegisterRPCHandler("Do", 1, s.Handle)', ''],
    ['a method of a variable with a type', 'var s *Store\n\trpcd.RegisterRPCHandler("Do", 1, s.Handle)', ''],
    [
      'a method of what a function returns',
      's, err := NewStore()\n\t_ = err\n\trpcd.RegisterRPCHandler("Do", 1, s.Handle)',
      '',
    ],
    [
      'a method of what a function of another package returns',
      's := other.New()\n\trpcd.RegisterRPCHandler("Do", 1, s.Handle)',
      '',
    ],
    ['a method of new(T)', 's := new(Store)\n\trpcd.RegisterRPCHandler("Do", 1, s.Handle)', ''],
    ['a method of a composite literal', 'rpcd.RegisterRPCHandler("Do", 1, (&Store{}).Handle)', ''],
    ['a method of a field', 'h := holder{}\n\trpcd.RegisterRPCHandler("Do", 1, h.inner.store.Handle)', ''],
    ['a method promoted from an embedded struct', 'var e embedder\n\trpcd.RegisterRPCHandler("Do", 1, e.Handle)', ''],
    ['a method of a package variable', 'rpcd.RegisterRPCHandler("Do", 1, global.Handle)', ''],
    ['a method of an interface', 'var h handlers\n\trpcd.RegisterRPCHandler("Do", 1, h.Handle)', ''],
    ['a method of an element', 'list := []*Store{}\n\trpcd.RegisterRPCHandler("Do", 1, list[0].Handle)', ''],
    [
      'a variable with a function',
      'f := func(x int32, name string) (bool, error) { return true, nil }\n\trpcd.RegisterRPCHandler("Do", 1, f)',
      '',
    ],
    ['a variable with a named function type', 'var f HandleFunc\n\trpcd.RegisterRPCHandler("Do", 1, f)', ''],
    ['under another receiver', 'dispatchers.rpc.RegisterRPCHandler("Do", 1, handle)', ''],
    [
      'inside a condition',
      'if true {\n\t\tif err := rpcd.RegisterRPCHandler("Do", 1, handle); err != nil { return }\n\t}',
      '',
    ],
    ['inside a function literal', 'go func() { for { rpcd.RegisterRPCHandler("Do", 1, handle) } }()', ''],
    [
      'with generated arguments',
      'rpcd.RegisterRPCHandler("Do", 1, handle, reflect.TypeFor[DoRequest](), reflect.TypeFor[DoResponse]())',
      '',
    ],
    ['with a comment between', 'rpcd.RegisterRPCHandler("Do" /* name */, 1, // level\n\t\thandle)', ''],
    [
      'in the value of a variable',
      '_ = 1',
      'var registered = func() bool { rpcd.RegisterRPCHandler("Do", 1, handle); return true }()',
    ],
    ['a shadowing variable', 'handle := (&Store{}).Handle\n\trpcd.RegisterRPCHandler("Do", 1, handle)', ''],
  ])('%s', async (_, body, top) => {
    const reading = await read({
      'shop/a.go': `package shop
${IMPORTS}
import "example.com/shop/other"
type Store struct{}
func (s *Store) Handle(x int32, name string) (bool, error) { return true, nil }
func NewStore() (*Store, error) { return nil, nil }
func handle(x int32, name string) (ok bool, err error) { return true, nil }
type HandleFunc func(x int32, name string) (bool, error)
type holder struct { inner struct { store *Store } }
type embedder struct { *Store }
type handlers interface { Handle(x int32, name string) (bool, error) }
var global = &Store{}
${top}
func register(rpcd *restream.RPCDispatcher) {
	${body}
}`,
      'other/b.go': `package other
type Store struct{}
func (s Store) Handle(x int32, name string) (bool, error) { return true, nil }
func New() *Store { return nil }
func Handle(x int32, name string) (bool, error) { return true, nil }`,
    })
    expect(reading.diagnostics).toEqual([])
    expect(fieldsOf(reading, 'DoRequest')).toEqual(SIGNATURE)
    expect(reading.pkg().rpcs).toEqual([
      {
        name: 'Do',
        access: 1,
        context: false,
        request: 'shop.DoRequest',
        response: 'shop.DoResponse',
        result: { kind: 'bool' },
      },
    ])
  })

  test('types are looked up where the handler is, with its type arguments', async () => {
    const reading = await read({
      'shop/a.go': `package shop
import "example.com/shop/other"
func register(d any, c *other.Cache[string]) {
	d.RegisterRPCHandler("Get", 0, c.Get)
}`,
      'other/b.go': `package other
import clock "time"
type Key uint16
type Cache[T any] struct{}
func (c *Cache[T]) Get(k Key, at clock.Time) ([]T, error) { return nil, nil }`,
    })
    expect(reading.diagnostics).toEqual([])
    expect(fieldsOf(reading, 'GetRequest')).toEqual([
      ['K', 'k', { kind: 'uint16', named: 'other.Key' }],
      ['At', 'at', { kind: 'time' }],
    ])
    expect(reading.pkg().rpcs[0]?.result).toEqual({ kind: 'array', elem: { kind: 'string' } })
  })
})

describe('variables are those that the call sees', () => {
  const lines = (body: string): string => `type T struct{}
func (t *T) Do(x int8) error { return nil }
type U struct{}
func (u *U) Do(y bool) error { return nil }
var v = &T{}
func f(d any, many []*T, rest ...*T) {
	${body}
}`

  test.each([
    ['the package’s', 'd.RegisterRPCHandler("A", 0, v.Do)', 'X'],
    ['one declared before', 'v := &U{}\n\td.RegisterRPCHandler("A", 0, v.Do)', 'Y'],
    ['not one declared after', 'd.RegisterRPCHandler("A", 0, v.Do)\n\tv := &U{}\n\t_ = v', 'X'],
    ['not one of an inner block', '{\n\t\tv := &U{}\n\t\t_ = v\n\t}\n\td.RegisterRPCHandler("A", 0, v.Do)', 'X'],
    [
      'the one of the inner block',
      'v := &T{}\n\t{\n\t\tv := &U{}\n\t\td.RegisterRPCHandler("A", 0, v.Do)\n\t}\n\t_ = v',
      'Y',
    ],
    ['the last of two', 'var v *T\n\t_ = v\n\tfor v := (&U{}); ; {\n\t\td.RegisterRPCHandler("A", 0, v.Do)\n\t}', 'Y'],
    ['one of a condition', 'if v := (&U{}); v != nil {\n\t\td.RegisterRPCHandler("A", 0, v.Do)\n\t}', 'Y'],
    ['one of a switch', 'switch v := (&U{}); {\n\tdefault:\n\t\td.RegisterRPCHandler("A", 0, v.Do)\n\t}', 'Y'],
    ['a parameter of a function around', 'func(v *U) {\n\t\td.RegisterRPCHandler("A", 0, v.Do)\n\t}(nil)', 'Y'],
    ['an element', 'd.RegisterRPCHandler("A", 0, many[0].Do)', 'X'],
    ['what a pointer points to', 'p := &v\n\td.RegisterRPCHandler("A", 0, (*p).Do)', 'X'],
    ['a conversion', 'd.RegisterRPCHandler("A", 0, (*U)(nil).Do)', 'Y'],
    ['an asserted type', 'd.RegisterRPCHandler("A", 0, d.(*U).Do)', 'Y'],
  ])('%s', async (_, body, field) => {
    const reading = await read(lines(body))
    expect(reading.diagnostics).toEqual([])
    expect(fieldsOf(reading, 'ARequest')?.map((found) => (found as string[])[0])).toEqual([field])
  })

  test.each([
    'for _, v := range many {\n\t\td.RegisterRPCHandler("A", 0, v.Do)\n\t}',
    'd.RegisterRPCHandler("A", 0, rest.Do)',
    'var v = unknown()\n\td.RegisterRPCHandler("A", 0, v.Do)',
  ])('one whose type is not worked out is an error, and not the package’s: %s', async (body) => {
    expect((await read(lines(body))).errors.map(({ code }) => code)).toEqual(['handler'])
  })
})

describe('requests and responses', () => {
  test('drop the context, expand grouped parameters, name the unnamed, fold names', async () => {
    const reading = await read(`${IMPORTS}
func register(d *restream.RPCDispatcher) {
	d.RegisterRPCHandler("Radio.Audio.Set", 0, func(ctx context.Context, x, y int, URLPath string, _ bool) error { return nil })
	d.RegisterRPCHandler("Bare", 0, func(context.Context, int8, []byte) (*time.Time, error) { return nil, nil })
	d.RegisterFFRPCHandler("Ping", 0, func() {})
	d.RegisterFFRPCHandler("Note", 0, func(ctx context.Context, text string) error { return nil })
}`)
    expect(reading.diagnostics).toEqual([])
    const int = { kind: 'int64', goType: 'int' }
    expect(fieldsOf(reading, 'RadioAudioSetRequest')).toEqual([
      ['X', 'x', int],
      ['Y', 'y', int],
      ['URLPath', 'urlPath', { kind: 'string' }],
      ['Arg4', 'arg4', { kind: 'bool' }],
    ])
    expect(fieldsOf(reading, 'RadioAudioSetResponse')).toEqual([
      ['Error', 'error', { kind: 'pointer', elem: { kind: 'string' } }],
    ])
    expect(fieldsOf(reading, 'BareRequest')).toEqual([
      ['Arg1', 'arg1', { kind: 'int8' }],
      ['Arg2', 'arg2', { kind: 'array', elem: { kind: 'uint8', goType: 'byte' } }],
    ])
    expect(reading.pkg().rpcs.map(({ name, context, result }) => [name, context, result])).toEqual([
      ['Radio.Audio.Set', true, null],
      ['Bare', true, { kind: 'pointer', elem: { kind: 'time' } }],
    ])
    expect(reading.pkg().ffrpcs).toEqual([
      { name: 'Ping', access: 0, context: false, request: 'shop.PingRequest' },
      { name: 'Note', access: 0, context: true, request: 'shop.NoteRequest' },
    ])
    expect(reading.pkg().packets.map(({ name, packet }) => [name, packet])).toEqual([
      ['BareRequest', 'rpcRequest'],
      ['BareResponse', 'rpcResponse'],
      ['NoteRequest', 'ffrpcRequest'],
      ['PingRequest', 'ffrpcRequest'],
      ['RadioAudioSetRequest', 'rpcRequest'],
      ['RadioAudioSetResponse', 'rpcResponse'],
    ])
  })

  test('names and levels may be constants, of the function too', async () => {
    const reading = await read(`${IMPORTS}
const prefix = "House."
const Owner restream.AccessLevel = 1 << 3
func register(d *restream.RPCDispatcher) {
	const name = prefix + "Add"
	d.RegisterRPCHandler(name, Owner + 1, func() error { return nil })
	d.RegisterRPCHandler("House.Sub", restream.AccessLevel(2), func() error { return nil })
}`)
    expect(reading.errors).toEqual([])
    expect(reading.pkg().rpcs.map(({ name, access }) => [name, access])).toEqual([
      ['House.Add', 9],
      ['House.Sub', 2],
    ])
  })

  test('a type with the same context in its name is a parameter', async () => {
    const reading = await read(
      'type Context struct { N int8 }\nfunc r(d any) { d.RegisterFFRPCHandler("F", 0, func(c Context) {}) }',
    )
    expect(reading.pkg().ffrpcs[0]?.context).toBe(false)
    expect(reading.pkg().structs.map(({ name }) => name)).toEqual(['Context'])
  })
})

describe('events', () => {
  test.each([
    ['made here', 'e := subscribableevent.NewEvent[func(int8, string)]()\n\td.RegisterEvent("Tick", &e)'],
    ['of a named function type', 'e := subscribableevent.NewEvent[Callback]()\n\td.RegisterEvent("Tick", &e)'],
    [
      'of a function type of another package',
      'e := subscribableevent.NewEvent[other.Callback]()\n\td.RegisterEvent("Tick", &e)',
    ],
    ['declared with a type', 'var e subscribableevent.Event[Callback]\n\td.RegisterEvent("Tick", e)'],
    ['in a field', 's := &Store{}\n\td.RegisterEvent("Tick", &s.tick)'],
    ['in a pointer field', 's := &Store{}\n\td.RegisterEvent("Tick", s.tickP)'],
    ['in a generic struct', 'b := &Bus[Callback]{}\n\td.RegisterEvent("Tick", &b.tick)'],
    ['behind an alias', 'var e TickAlias\n\td.RegisterEvent("Tick", &e)'],
    ['returned by a function', 'd.RegisterEvent("Tick", NewTick())'],
    ['made with new', 'e := new(subscribableevent.Event[Callback])\n\td.RegisterEvent("Tick", e)'],
    ['with generated arguments', 'var e subscribableevent.Event[Callback]\n\td.RegisterEvent("Tick", &e, nil, nil)'],
  ])('%s', async (_, body) => {
    const reading = await read({
      'shop/a.go': `package shop
${IMPORTS}
import "example.com/shop/other"
type Callback func(int8, string)
type TickAlias = subscribableevent.Event[Callback]
type Store struct { tick subscribableevent.Event[Callback]; tickP *subscribableevent.Event[other.Callback] }
type Bus[F any] struct { tick subscribableevent.Event[F] }
func NewTick() *subscribableevent.Event[Callback] { return nil }
func register(d *restream.EventDispatcher) {
	${body}
}`,
      'other/b.go': 'package other\ntype Callback func(int8, string)',
    })
    expect(reading.diagnostics).toEqual([])
    expect(reading.pkg().events).toEqual([{ name: 'Tick', packet: 'shop.TickEvent' }])
    expect(fieldsOf(reading, 'TickEvent')).toEqual([
      ['Arg0', 'arg0', { kind: 'int8' }],
      ['Arg1', 'arg1', { kind: 'string' }],
    ])
  })

  test('keyed ones leave out their key and name their store', async () => {
    const reading = await read(`${IMPORTS}
type BedID string
// @restream.store(Garden)
type Store struct{}
// @restream.partials
type StoreState struct {}
func register(d *restream.EventDispatcher) {
	var e subscribableevent.Event[func(bed BedID, raw []byte, letter rune, n int)]
	d.RegisterKeyedEvent("Leaf", &e, StoreName)
	d.RegisterKeyedEvent("Stem", &e, "Garden")
}`)
    expect(reading.diagnostics).toEqual([])
    expect(reading.pkg().keyedEvents).toEqual([
      { name: 'Leaf', store: 'Garden', packet: 'shop.LeafEvent' },
      { name: 'Stem', store: 'Garden', packet: 'shop.StemEvent' },
    ])
    // Events know byte and rune by their other names, as the reference has it.
    expect(fieldsOf(reading, 'LeafEvent')).toEqual([
      ['Raw', 'raw', { kind: 'array', elem: { kind: 'uint8' } }],
      ['Letter', 'letter', { kind: 'int32' }],
      ['N', 'n', { kind: 'int64', goType: 'int' }],
    ])
  })
})

describe('what cannot be registered is one error, at its place', () => {
  test.each([
    ['registration', 'the name in RegisterRPCHandler is no constant', 'd.RegisterRPCHandler(«name, 0, ok)'],
    ['registration', '"a-b" cannot name a type', 'd.RegisterRPCHandler(«"a-b", 0, ok)'],
    ['registration', '"" cannot name a type', 'd.RegisterRPCHandler(«"", 0, ok)'],
    ['registration', 'RegisterEvent has too few arguments', '«d.RegisterEvent("A")'],
    ['registration', 'the store of the keyed event "A" is no constant', 'd.RegisterKeyedEvent("A", &keyed, «name)'],
    ['access-level', 'the access level of "A" is no constant from 0 to 255', 'd.RegisterRPCHandler("A", «level, ok)'],
    ['access-level', 'the access level of "A" is no constant from 0 to 255', 'd.RegisterRPCHandler("A", «256, ok)'],
    [
      'handler',
      'the handler of "A" cannot be found: "nothing" is no function that these packages declare',
      'd.RegisterRPCHandler("A", 0, «nothing)',
    ],
    [
      'handler',
      'the handler of "A" cannot be found: "s.Missing" is no function that these packages declare',
      'd.RegisterRPCHandler("A", 0, «s.Missing)',
    ],
    [
      'handler',
      'the handler of "A" must return an error, or a result and an error',
      'd.RegisterRPCHandler("A", 0, «func() {})',
    ],
    [
      'handler',
      'the handler of "A" must return an error, or a result and an error',
      'd.RegisterRPCHandler("A", 0, «func() bool { return true })',
    ],
    [
      'handler',
      'the handler of "A" must return an error, or a result and an error',
      'd.RegisterRPCHandler("A", 0, «func() (int, int, error) { return 0, 0, nil })',
    ],
    [
      'handler',
      'the handler of "A" must return nothing, or an error',
      'd.RegisterFFRPCHandler("A", 0, «func() int { return 0 })',
    ],
    ['handler', 'A: Rest is variadic', 'd.RegisterFFRPCHandler("A", 0, func(«rest ...int) {})'],
    ['field-clash', 'A: two parameters would be called X', 'd.RegisterFFRPCHandler("A", 0, func(x int, «X int) {})'],
    ['event-type', '"A": &s is no subscribableevent.Event of a function type', 'd.RegisterEvent("A", «&s)'],
    ['event-type', '"A": &text is no subscribableevent.Event of a function type', 'd.RegisterEvent("A", «&text)'],
    ['event-type', 'the callback of the event "A" returns something', 'd.RegisterEvent("A", «&result)'],
    [
      'keyed-event',
      'the first parameter of the keyed event "A" is no string',
      'var own subscribableevent.Event[func(«int)]\n\td.RegisterKeyedEvent("A", &own, "S")',
    ],
    ['unsupported-type', 'A (Arg0) is a channel', 'd.RegisterFFRPCHandler("A", 0, func(«chan int) {})'],
    [
      'unsupported-type',
      'A (result) is a function',
      'd.RegisterRPCHandler("A", 0, func() («func(), error) { return nil, nil })',
    ],
    [
      'duplicate-name',
      '"A" needs the type AEvent, which is already there, at shop/shop.go:19',
      'd.RegisterEvent("A", &keyed)\n\t«d.RegisterEvent("A", &keyed)',
    ],
    [
      'duplicate-name',
      '"Ab" needs the type AbEvent, which is already there, at shop/shop.go:19',
      'd.RegisterEvent("A.b", &keyed)\n\t«d.RegisterEvent("Ab", &keyed)',
    ],
    [
      'duplicate-name',
      '"Own" needs the type OwnEvent, which is already there, at shop/shop.go:16',
      '«d.RegisterEvent("Own", &keyed)',
    ],
  ])('%s: %s', async (code, message, body) => {
    const { errors, marks } = await read(`${IMPORTS}type Store struct{}
var name, level = "n", 1
var s Store
var keyed subscribableevent.Event[func(key string)]; type OwnEvent struct{}
func ok() error { return nil }
func register(d *restream.EventDispatcher, text subscribableevent.Event[string], result subscribableevent.Event[func() int]) {
	${body}
}`)
    expect(errors.map((error) => [error.code, error.message])).toEqual([[code, message]])
    expect(errors.map(({ file, line, column }) => ({ file, line, column }))).toEqual(marks)
  })

  test('a wrapper around the real method is left alone', async () => {
    const reading = await read(`
type Wrapper struct { d any }
func (w *Wrapper) RegisterEvent(name string, event any) { w.d.RegisterEvent("Fixed", nil) }
func use(w *Wrapper, name string) { w.RegisterEvent(name, nil) }`)
    expect(reading.errors.map(({ code, line }) => [code, line])).toEqual([['event-type', 5]])
  })
})
