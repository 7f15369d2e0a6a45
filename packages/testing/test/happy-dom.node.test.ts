// @vitest-environment happy-dom
import { expect, test } from 'vitest'

await import('./whole-react-test.browser.test.tsx')

test('runs in happy-dom', () => {
  expect('happyDOM' in globalThis).toBe(true)
})
