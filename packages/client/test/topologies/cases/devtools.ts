import { expect } from 'vitest'
import { asOrigin, observationOf } from '../../../src/index.ts'
import type { FeedEntry, FeedMessage, FeedRequest, Probe } from '../../../src/inspect.ts'
import { pageProbes } from '../../../src/page/page-probes.ts'
import { eventually } from '../../support/eventually.ts'
import type { Case } from '../case.ts'

/** What devtools see. */
export const devtools: readonly Case[] = [
  {
    name: 'tools find the client, and hear from its engine what passes',
    covers: ['ClientOptions.devtools', 'index.asOrigin', 'index.observationOf'],
    options: () => ({ devtools: { ringBytes: 100_000 } }),
    async run({ client, board, host, atEnd }) {
      const find = (): Probe | undefined => [...pageProbes().clients].find((probe) => probe.client === client)
      await eventually(() => expect(find()).toBeDefined())
      const probe = find() as Probe
      const told: string[] = []
      const origin = { name: 'Title', trace: new Error('here'), runs: 0 }
      const stop = asOrigin(
        client,
        origin,
        () => board.get('title'),
        () => told.push(board.get('title')),
        (heard) => board.subscribe('title', heard),
      )
      await board.ready('title')
      expect(observationOf(client)?.origins).toBeDefined()
      expect(probe.subscribers('BoardStore').flatMap(({ origins }) => origins.map((one) => one?.name))).toContain(
        'Title',
      )

      const { port1, port2 } = new MessageChannel()
      const heard: FeedMessage[] = []
      port1.addEventListener('message', ({ data }: MessageEvent<FeedMessage>) => {
        heard.push(data)
        if (data.type !== 'answer' && data.type !== 'defs') ask({ type: 'more' })
      })
      port1.start()
      const ask = (request: FeedRequest): void => port1.postMessage(request)
      probe.inspect(port2).catch(() => undefined)
      atEnd(() => {
        stop()
        port1.close()
      })
      await eventually(() => expect(heard[0]).toMatchObject({ type: 'hello', ringBytes: 100_000 }))
      await host.title('while devtools look')
      await eventually(() => expect(told).toContain('while devtools look'))
      const entries = (): FeedEntry[] => heard.flatMap((message) => (message.type === 'entries' ? message.entries : []))
      await eventually(() =>
        expect(entries()).toContainEqual(
          expect.objectContaining({ type: 'frame', dir: 'in', kind: 'storeupdate', store: 'BoardStore' }),
        ),
      )
      await eventually(() => expect(entries().some(({ type }) => type === 'patch')).toBe(true))
      ask({ type: 'ring', id: 7 })
      await eventually(() =>
        expect(heard).toContainEqual(
          expect.objectContaining({
            type: 'answer',
            id: 7,
            answer: expect.objectContaining({ type: 'ring' }) as unknown,
          }),
        ),
      )
    },
  },
]
