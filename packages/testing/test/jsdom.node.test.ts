// @vitest-environment jsdom
import { expect, test } from 'vitest'

await import('./whole-react-test.browser.test.tsx')

test('runs in jsdom', () => {
  expect(navigator.userAgent).toContain('jsdom')
})
