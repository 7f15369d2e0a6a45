import { For, Text, useRpc } from '@rivulet/react'
import { optimistic } from '@rivulet/client/optimistic'
import { createElement as h, type ReactNode } from 'react'
import { expect, expectTypeOf, test } from 'vitest'
import { Add, FleetStore, type FleetState } from './support/schema.ts'

const none = (): ReactNode => null

test('For knows the keys of what it is given', () => {
  const elements = (): ReactNode[] => [
    For({
      each: [FleetStore, 'rows'],
      children(key) {
        expectTypeOf(key).toEqualTypeOf<string>()
        return null
      },
    }),
    For({
      each: [FleetStore, ['marks']],
      children(key) {
        expectTypeOf(key).toEqualTypeOf<number>()
        return null
      },
    }),
    // @ts-expect-error -- no such field
    For({ each: [FleetStore, 'nope'], children: none }),
    // @ts-expect-error -- a number is no key of this map
    For({ each: [FleetStore, 'rows'], children: (key: number) => h('i', null, key) }),
  ]
  expect(elements).toBeTypeOf('function')
})

test('Text wants a format for what is no text', () => {
  const elements = (): ReactNode[] => [
    Text({ of: [FleetStore, 'title'] }),
    Text({ of: [FleetStore, ['rows', 'r1', 'count']], as: 'td', className: 'number' }),
    Text({
      of: [FleetStore, 'head'],
      format(head) {
        expectTypeOf(head).toEqualTypeOf<FleetState['head']>()
        return head.name
      },
    }),
    // @ts-expect-error -- a struct is no text
    Text({ of: [FleetStore, 'head'] }),
    // @ts-expect-error -- a boolean is no text
    Text({ of: [FleetStore, 'on'] }),
    // @ts-expect-error -- a format of something else
    Text({ of: [FleetStore, 'title'], format: (title: number) => title.toFixed() }),
  ]
  expect(elements).toBeTypeOf('function')
})

test('useRpc knows the arguments and the draft of an optimistic call', () => {
  const useAdd = (): unknown =>
    useRpc(Add, {
      optimistic: optimistic(FleetStore, (fleet, { by }) => {
        expectTypeOf(by).toEqualTypeOf<number>()
        expectTypeOf(fleet.rows).toEqualTypeOf<Map<string, { name: string; count: number }> | null>()
        fleet.ticks += by
      }),
    })
  const renaming = optimistic(FleetStore, (fleet, { name }: { readonly name: string }) => void (fleet.title = name))
  // @ts-expect-error -- a recipe for other arguments
  const useWrong = (): unknown => useRpc(Add, { optimistic: renaming })
  expect([useAdd, useWrong]).toHaveLength(2)
})
