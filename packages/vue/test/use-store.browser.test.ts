import { describe, expect, test } from 'vitest'
import { computed, defineComponent, h, nextTick, shallowRef } from 'vue'
import { useStore } from '@rivulet/vue'
import { HarborStore } from './support/schema.ts'
import { show } from './support/show.ts'

const paths = (page: { server: { subscriptions(): readonly { path: unknown }[] } }): unknown[] =>
  page.server.subscriptions().map(({ path }) => path)

describe('by path', () => {
  test('a component renders when its field changes, and only then', async () => {
    const renders = { name: 0, draught: 0 }
    const Part = (field: 'name' | 'draught') =>
      defineComponent(() => {
        const value = useStore(HarborStore, ['boats', 'a', field])
        return () => {
          renders[field]++
          return h('i', `${value.value};`)
        }
      })
    const Name = Part('name')
    const Draught = Part('draught')
    const page = await show(defineComponent(() => () => [h(Name), h(Draught)]))
    expect(page.text()).toBe('Anna;1;')
    const before = { ...renders }
    page.server.update(HarborStore, (draft) => void draft.boats?.set('a', { name: 'Anna', draught: 3 }))
    await page.settled()
    expect(page.text()).toBe('Anna;3;')
    expect(renders).toEqual({ name: before.name, draught: before.draught + 1 })
    page.server.update(HarborStore, (draft) => void (draft.title = 'unread'))
    await page.settled()
    expect(renders).toEqual({ name: before.name, draught: before.draught + 1 })
    expect(page.problems).toEqual([])
    await page.end()
  })

  test('a field name, the whole store, an element that is not there', async () => {
    const page = await show(
      defineComponent(() => {
        const title = useStore(HarborStore, 'title')
        const whole = useStore(HarborStore)
        const nobody = useStore(HarborStore, ['boats', 'x', 'name'])
        return () => `${title.value} ${whole.value.boats?.size} ${nobody.value}`
      }),
    )
    expect(page.text()).toBe('North 2 undefined')
    await page.end()
  })

  test('a path that is a ref: the new place is shown at once and the old one let go', async () => {
    const id = shallowRef('a')
    const page = await show(
      defineComponent(() => {
        const name = useStore(
          HarborStore,
          computed(() => ['boats', id.value, 'name'] as const),
        )
        return () => name.value
      }),
    )
    expect(page.text()).toBe('Anna')
    id.value = 'b'
    await page.settled()
    expect(page.text()).toBe('Berta')
    expect(paths(page)).toEqual([['boats', 'b']])
    await page.end()
  })
})

describe('by selector', () => {
  test('follows what it reads, and a result that is equal does not render', async () => {
    let renders = 0
    const page = await show(
      defineComponent(() => {
        const parity = useStore(HarborStore, (s) => ({ odd: s.ticks % 2 === 1 }))
        return () => {
          renders++
          return `${parity.value.odd}`
        }
      }),
    )
    expect(page.text()).toBe('true')
    expect(paths(page)).toEqual([['ticks']])
    const before = renders
    page.server.set(HarborStore, { ticks: 3 })
    await page.settled()
    expect(renders).toBe(before)
    page.server.set(HarborStore, { ticks: 4 })
    await page.settled()
    expect(page.text()).toBe('false')
    expect(renders).toBe(before + 1)
    await page.end()
  })

  test('reads props and refs like a computed', async () => {
    const id = shallowRef('a')
    const page = await show(
      defineComponent(() => {
        const name = useStore(HarborStore, (s) => s.boats?.get(id.value)?.name)
        return () => name.value
      }),
    )
    expect(page.text()).toBe('Anna')
    id.value = 'b'
    await page.settled()
    expect(page.text()).toBe('Berta')
    page.server.update(HarborStore, (draft) => void draft.boats?.set('b', { name: 'Bertha', draught: 2 }))
    await page.settled()
    expect(page.text()).toBe('Bertha')
    expect(paths(page)).toEqual([['boats', 'b']])
    await page.end()
  })

  test('a ref that only a later run reads counts too, even when that run returned the same', async () => {
    const unit = shallowRef('m')
    const page = await show(
      defineComponent(() => {
        // While the harbor is closed nothing is asked of `unit`.
        const text = useStore(HarborStore, (s) => (s.open && unit.value !== 'm' ? unit.value : 'metres'))
        return () => text.value
      }),
    )
    expect(page.text()).toBe('metres')
    page.server.set(HarborStore, { open: true })
    await page.settled()
    expect(page.text()).toBe('metres')
    unit.value = 'ft'
    await page.settled()
    expect(page.text()).toBe('ft')
    await page.end()
  })

  test('what it reads may change with the data', async () => {
    const page = await show(
      defineComponent(() => {
        const text = useStore(HarborStore, (s) => (s.open ? s.pilot.name : s.title))
        return () => text.value
      }),
    )
    expect(paths(page)).toEqual([['open'], ['title']])
    page.server.set(HarborStore, { open: true, pilot: { name: 'Paul', draught: 0 } })
    await page.settled()
    expect(page.text()).toBe('Paul')
    expect(paths(page)).toHaveLength(2)
    expect(paths(page)).not.toContainEqual(['title'])
    await page.end()
  })

  test('uses the equality that it is given', async () => {
    const page = await show(
      defineComponent(() => {
        const ticks = useStore(
          HarborStore,
          (s) => s.ticks,
          (a, b) => Math.abs(a - b) < 10,
        )
        return () => `${ticks.value}`
      }),
    )
    page.server.set(HarborStore, { ticks: 9 })
    await page.settled()
    const near = page.text()
    page.server.set(HarborStore, { ticks: 30 })
    await page.settled()
    expect([near, page.text()]).toEqual(['0', '30'])
    await page.end()
  })

  test('what it throws reaches whoever reads the ref, and better data mends it', async () => {
    const page = await show(
      defineComponent(() => {
        const size = useStore(HarborStore, (s) => {
          if (s.ticks === 7) throw new Error('seven')
          return s.ticks
        })
        return () => {
          try {
            return `${size.value}`
          } catch (e) {
            return (e as Error).message
          }
        }
      }),
    )
    expect(page.text()).toBe('1')
    page.server.set(HarborStore, { ticks: 7 })
    await page.settled()
    expect(page.text()).toBe('seven')
    page.server.set(HarborStore, { ticks: 8 })
    await page.settled()
    expect(page.text()).toBe('8')
    expect(page.problems).toEqual([])
    await page.end()
  })
})

test('nobody changes a store through what reads it', async () => {
  let title: { value: string } | undefined
  const page = await show(
    defineComponent(() => {
      title = useStore(HarborStore, 'title')
      return () => title?.value
    }),
  )
  const write = (): void => {
    if (title !== undefined) title.value = 'mine'
  }
  expect(write).toThrow(expect.objectContaining({ code: 'config', hint: expect.stringContaining('useRpc') }))
  expect(page.text()).toBe('North')
  await page.end()
})

test('values keep their identity while nothing in them has changed', async () => {
  const seen = new Set<unknown>()
  const page = await show(
    defineComponent(() => {
      const boats = useStore(HarborStore, 'boats')
      const ticks = useStore(HarborStore, 'ticks')
      return () => {
        if (boats.value !== null) seen.add(boats.value.get('a'))
        return `${ticks.value}`
      }
    }),
  )
  page.server.update(HarborStore, (draft) => {
    draft.ticks++
    draft.boats?.set('b', { name: 'Bertha', draught: 2 })
  })
  await page.settled()
  await nextTick()
  expect(seen.size).toBe(1)
  await page.end()
})
