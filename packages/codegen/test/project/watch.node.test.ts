import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { type FolderWatch, watchFolders } from '../../src/project/watch.ts'
import { projectFolder } from '../support/project-folder.ts'

const isText = (name: string): boolean => name.endsWith('.txt')

function watching(run: () => Promise<void>, files: Readonly<Record<string, string>> = { 'a/x.txt': '0' }) {
  const project = projectFolder(files)
  const watch = watchFolders(project.root, isText, run)
  onTestFinished(() => watch.close())
  return { ...project, watch }
}

describe('a watch of folders', () => {
  test('hears of files that it asks for, in folders that it follows', async () => {
    const run = vi.fn<() => Promise<void>>(() => Promise.resolve())
    const { watch, write } = watching(run, { 'a/x.txt': '0', 'b/x.txt': '0' })
    watch.follow(['a'])
    write('a/notes.md', '1')
    write('b/x.txt', '1')
    write('a/x.txt', '1')
    await expect.poll(() => run.mock.calls.length).toBe(1)
    write('a/new.txt', '1')
    await expect.poll(() => run.mock.calls.length).toBe(2)
  })

  test('runs one after another, and once more for what came meanwhile', async () => {
    let inside = 0
    let most = 0
    let runs = 0
    const gates: (() => void)[] = []
    const { watch, write } = watching(async () => {
      runs += 1
      inside += 1
      most = Math.max(most, inside)
      await new Promise<void>((open) => gates.push(open))
      inside -= 1
    })
    watch.follow(['a'])
    write('a/x.txt', '1')
    await expect.poll(() => gates.length).toBe(1)
    for (let turn = 2; turn < 10; turn += 1) write('a/x.txt', String(turn))
    await expect.poll(() => watch.isStale()).toBe(true)
    gates[0]?.()
    await expect.poll(() => gates.length).toBe(2)
    gates[1]?.()
    await expect.poll(() => inside).toBe(0)
    // What came late may have asked for a third one, which waits at its gate.
    await expect.poll(() => (gates.at(-1)?.(), inside === 0 && !watch.isStale())).toBe(true)
    expect(most).toBe(1)
    expect(runs).toBeLessThan(9)
  })

  test('can be started by hand, in the same row', async () => {
    const order: string[] = []
    const gates: (() => void)[] = []
    const { watch } = watching(async () => {
      order.push('in')
      await new Promise<void>((open) => gates.push(open))
      order.push('out')
    })
    const first = watch.start()
    const second = watch.start()
    await second
    expect(watch.isStale()).toBe(true)
    gates[0]?.()
    await expect.poll(() => gates.length).toBe(2)
    gates[1]?.()
    await first
    expect(order).toEqual(['in', 'out', 'in', 'out'])
    expect(watch.isStale()).toBe(false)
  })

  test('hears of a folder that is not there yet, and of one that comes back', async () => {
    const run = vi.fn<() => Promise<void>>(() => Promise.resolve())
    const { root, watch, write } = watching(async () => {
      await run()
      watchOf().follow(['a/deep'])
    })
    const watchOf = (): FolderWatch => watch
    watch.follow(['a/deep'])
    write('a/deep/x.txt', '1')
    await expect.poll(() => run.mock.calls.length).toBeGreaterThan(0)
    rmSync(join(root, 'a/deep'), { recursive: true })
    const before = run.mock.calls.length
    await expect
      .poll(() => {
        write('a/deep/x.txt', String(performance.now()))
        return run.mock.calls.length
      })
      .toBeGreaterThan(before)
  })

  test('follows no folder any more that is no longer named', async () => {
    const run = vi.fn<() => Promise<void>>(() => Promise.resolve())
    const { watch, write } = watching(run, { 'a/x.txt': '0', 'b/x.txt': '0' })
    watch.follow(['a'])
    watch.follow(['b'])
    write('a/x.txt', '1')
    write('b/x.txt', '1')
    await expect.poll(() => run.mock.calls.length).toBeGreaterThan(0)
    const heard = run.mock.calls.length
    write('a/x.txt', '2')
    write('b/x.txt', '2')
    await expect.poll(() => run.mock.calls.length).toBeGreaterThan(heard)
  })

  test('is silent once it is closed, also about what it had just heard', async () => {
    const run = vi.fn<() => Promise<void>>(() => Promise.resolve())
    const { watch, write } = watching(run)
    watch.follow(['a'])
    write('a/x.txt', '1')
    watch.close()
    watch.follow(['a'])
    const other = vi.fn<() => Promise<void>>(() => Promise.resolve())
    const second = watching(other)
    second.watch.follow(['a'])
    second.write('a/x.txt', '1')
    await expect.poll(() => other.mock.calls.length).toBe(1)
    expect(run).not.toHaveBeenCalled()
  })
})
