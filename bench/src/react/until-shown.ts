/**
 * Watches `root` from before `change` until `done` says that the page shows what it should.
 *
 * Resolves to the milliseconds from `change` to the DOM mutation that completed it. A mutation observer is called right after the commit that
 * changed the DOM, so no frame, style or layout is in the figure, and no synchronous flush is forced upon anybody.
 * Rejects when the page does not get there within `timeoutMs`.
 */
export function untilShown(
  root: Element,
  change: () => void,
  done: () => boolean,
  timeoutMs = 10_000,
): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  let start = 0
  const observer = new MutationObserver(() => {
    // Taken before looking, so that looking is not part of the figure.
    const now = performance.now()
    if (done()) finish(() => resolve(now - start))
  })
  const timer = setTimeout(() => finish(() => reject(new Error('The page never showed the update.'))), timeoutMs)
  const finish = (settle: () => void): void => {
    clearTimeout(timer)
    observer.disconnect()
    settle()
  }
  observer.observe(root, { subtree: true, childList: true, characterData: true })
  start = performance.now()
  try {
    change()
  } catch (error) {
    finish(() => reject(error))
  }
  return promise
}
