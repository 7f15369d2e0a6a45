import { expect, test } from 'vitest'
import { goLibrary } from '../src/go-library.mjs'

const failing = (error: object) => async (): Promise<never> => {
  throw Object.assign(new Error('failed'), error)
}

test('names the version that can be had', async () => {
  expect(await goLibrary(async () => ({ stdout: 'v0.18.1\n' }))).toEqual({ version: 'v0.18.1' })
})

test('says that Go is missing', async () => {
  expect(await goLibrary(failing({ code: 'ENOENT' }))).toEqual({
    reason: expect.stringContaining('Go is not installed'),
    noGo: true,
  })
})

test('passes on why the proxy refused', async () => {
  const refused = failing({
    code: 1,
    stderr: 'go: reading: 403 Forbidden\n\tserver response: This module version is not available.\n',
  })
  expect(await goLibrary(refused)).toEqual({ reason: expect.stringContaining('This module version is not available.') })
})

test('says that the look-up took too long', async () => {
  expect(await goLibrary(failing({ killed: true }))).toEqual({ reason: expect.stringContaining('60 s') })
})
