import type { Browser } from 'playwright'

interface Answer {
  readonly id?: number
  readonly result?: { readonly usedSize: number; readonly backingStorageSize?: number }
  readonly error?: { readonly message: string }
}

/** What the only SharedWorker of the browser holds after a collection, bytes, array buffers included. `measureUserAgentSpecificMemory` of its pages leaves it out. */
export async function sharedWorkerHeap(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession()
  try {
    const { targetInfos } = await session.send('Target.getTargets')
    const workers = targetInfos.filter(({ type }) => type === 'shared_worker')
    const [worker] = workers
    if (worker === undefined || workers.length > 1) throw new Error(`There are ${workers.length} shared workers.`)
    const { sessionId } = await session.send('Target.attachToTarget', { targetId: worker.targetId, flatten: false })
    const answers = new Map<number, (answer: Answer) => void>()
    session.on('Target.receivedMessageFromTarget', ({ message }) => {
      const answer = JSON.parse(message) as Answer
      if (answer.id !== undefined) answers.get(answer.id)?.(answer)
    })
    const send = async (id: number, method: string): Promise<Answer['result']> => {
      const answered = new Promise<Answer>((resolve) => answers.set(id, resolve))
      await session.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id, method }) })
      const { result, error } = await answered
      if (error !== undefined) throw new Error(`${method}: ${error.message}`)
      return result
    }
    await send(1, 'HeapProfiler.enable')
    // What a first collection finalizes, the second frees.
    await send(2, 'HeapProfiler.collectGarbage')
    await send(3, 'HeapProfiler.collectGarbage')
    const usage = await send(4, 'Runtime.getHeapUsage')
    if (usage === undefined) throw new Error('The shared worker did not say how much it holds.')
    return usage.usedSize + (usage.backingStorageSize ?? 0)
  } finally {
    await session.detach()
  }
}
