import type { Browser } from 'playwright'
import { attachTo } from '../harness/target-session.ts'

/** What the only SharedWorker of the browser holds after a collection, bytes, array buffers included. `measureUserAgentSpecificMemory` of its pages leaves it out. */
export async function sharedWorkerHeap(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession()
  try {
    const { targetInfos } = await session.send('Target.getTargets')
    const workers = targetInfos.filter(({ type }) => type === 'shared_worker')
    const [worker] = workers
    if (worker === undefined || workers.length > 1) throw new Error(`There are ${workers.length} shared workers.`)
    const { send } = await attachTo(session, worker.targetId)
    await send('HeapProfiler.enable')
    // What a first collection finalizes, the second frees.
    await send('HeapProfiler.collectGarbage')
    await send('HeapProfiler.collectGarbage')
    const { usedSize, backingStorageSize } = await send('Runtime.getHeapUsage')
    return usedSize + (backingStorageSize ?? 0)
  } finally {
    await session.detach()
  }
}
