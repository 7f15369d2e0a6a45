import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { partialShape, type SchemaField, type SchemaStruct } from '../../src/index.ts'
import type { Style } from '../support/print-ts.ts'
import { type Planned, print, projects } from '../support/random-ts-project.ts'
import { readTs } from '../support/read-ts.ts'

function expected(plan: readonly Planned[]): readonly SchemaStruct[] {
  return plan.map(({ flavour, group = 'schema.ts', nodes }, index) => ({
    name: `S${index}`,
    flavour,
    file: group,
    ...(flavour === 'flat' ? {} : { maxFieldID: nodes.length }),
    fields: nodes.map((node, at): SchemaField => {
      const nests = (ref: string): boolean => {
        const child = plan[Number(ref.slice('schema.S'.length))]
        return child?.flavour === 'partial' && (child.group ?? 'schema.ts') === group
      }
      return {
        goName: `F${at}`,
        tsName: `f${at}`,
        ...(flavour === 'flat' ? {} : { id: at + 1 }),
        node,
        ...(flavour === 'partial' ? { partial: partialShape(node, nests) } : {}),
      }
    }),
  }))
}

test('what is written at random is read as it was meant, in whatever files and spelling', () => {
  fc.assert(
    fc.property(projects, fc.infiniteStream(fc.nat(59)), (plan, stream) => {
      const style: Style = (choices) => (stream.next().value as number) % choices
      const reading = readTs(print(plan, style))
      expect(reading.diagnostics).toEqual([])
      expect(reading.pkg.structs.filter(({ name }) => name !== 'Duo')).toEqual(expected(plan))

      // In other files, the other way round and spelt otherwise: the same model, and nothing new in the lock file.
      const moved = plan.map((struct) => ({ ...struct, file: 2 - struct.file, alias: !struct.alias }))
      const again = readTs(print(moved, style), { lock: reading.lock?.text as string, frozen: true })
      expect(again.diagnostics).toEqual([])
      expect(again.pkg).toEqual(reading.pkg)
    }),
    { numRuns: 200 },
  )
})

test('whatever a file says, it is read without an exception, and an error has a place', () => {
  const word = fc.constantFrom(
    ...'/** @restream.fields */|/** @restream.rpc */|/** @id 3 */|/** @was a */|interface|type|enum|S|T|{|}|(|)|<|>|:|;|,|=|&|||[]|readonly|string|null|int32|"a"|1|export|extends|keyof|typeof|const|as const|Map|import'.split(
      '|',
    ),
    '|',
    '\n',
  )
  fc.assert(
    fc.property(fc.array(word, { maxLength: 30 }), (words) => {
      const { diagnostics, lock } = readTs(words.join(' '))
      for (const { line, column, hint } of diagnostics)
        expect([line > 0, column > 0, hint !== '']).toEqual([true, true, true])
      expect(lock === undefined).toBe(diagnostics.some(({ severity }) => severity === 'error'))
    }),
    { numRuns: 500 },
  )
})
