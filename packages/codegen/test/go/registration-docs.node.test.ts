import { expect, test } from 'vitest'
import { emitTypeScript } from '../../src/index.ts'
import { read } from '../support/read-sources.ts'

const source = `
import (
	"github.com/boatkit-io/restream/pkg/restream"
	"github.com/boatkit-io/tugboat/pkg/subscribableevent"
)

func register(rpcd *restream.RPCDispatcher, eventd *restream.EventDispatcher) {
	// Not about the call below.

	// Adds two numbers.
	// They may be negative.
	rpcd.RegisterRPCHandler("Add", 0, func(x, y int) (int, error) { return x + y, nil })
	rpcd.RegisterFFRPCHandler("Ping", 0, func() {})
	event := subscribableevent.NewEvent[func(int)]()
	/* What comes by. */
	eventd.RegisterEvent("Tick", &event)
	keyed := subscribableevent.NewEvent[func(string, int)]() // Not about the event below.
	if eventd != nil {
		// What comes by for a key.
		eventd.RegisterKeyedEvent("Tock", &keyed, "Clock")
	}
}
`

test('the comment above a registration is the doc of what it registers', async () => {
  const { model, errors } = await read(source)
  expect(errors).toEqual([])
  const [pkg] = model.packages
  expect(pkg?.rpcs[0]?.extra?.doc).toBe('Adds two numbers.\nThey may be negative.')
  expect(pkg?.ffrpcs[0]?.extra?.doc).toBeUndefined()
  expect(pkg?.events[0]?.extra?.doc).toBe('What comes by.')
  expect(pkg?.keyedEvents[0]?.extra?.doc).toBe('What comes by for a key.')
  const [file] = emitTypeScript(model)
  expect(file?.text).toContain('/** What comes by. */\nexport const Tick: EventDef<TickEvent> = {')
})
