import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findChromium } from '../lib/find-chromium.mjs'
import { tempTree } from './temp-tree.ts'

function withPrograms(...names: string[]): string {
  const folder = tempTree(Object.fromEntries(names.map((name) => [name, ''])))
  for (const name of names) chmodSync(join(folder, name), 0o755)
  return folder
}

test('CHROMIUM comes before what is installed', () => {
  const folder = withPrograms('mine', 'chromium')
  expect(findChromium({ CHROMIUM: join(folder, 'mine'), PATH: folder })).toBe(join(folder, 'mine'))
})

test('a CHROMIUM that cannot be run is an error, not another browser', () => {
  const folder = withPrograms('chromium')
  expect(() => findChromium({ CHROMIUM: join(folder, 'typo'), PATH: folder })).toThrow(/CHROMIUM is set to .*typo/)
})

test('a file that is not executable is passed over', () => {
  const first = tempTree({ chromium: '' })
  const second = withPrograms('chromium')
  expect(findChromium({ PATH: `${first}:${second}` })).toBe(join(second, 'chromium'))
})

test.runIf(process.platform === 'linux')("the newest of Playwright's downloads is the last resort", () => {
  const files = ['chromium-999/chrome-linux/chrome', 'chromium-1200/chrome-linux/chrome']
  const browsers = withPrograms(...files)
  const env = { PATH: tempTree({}), PLAYWRIGHT_BROWSERS_PATH: browsers }
  expect(findChromium(env)).toBe(join(browsers, files[1] ?? ''))
})

test.runIf(process.platform === 'linux')('nothing installed gives nothing', () => {
  expect(findChromium({ PATH: tempTree({}), PLAYWRIGHT_BROWSERS_PATH: tempTree({}) })).toBeUndefined()
})
