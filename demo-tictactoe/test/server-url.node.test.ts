import { expect, test } from 'vitest'
import { serverUrl } from '../src/game/server-url.ts'

test('is the page’s own origin unless the page says otherwise', () => {
  expect(serverUrl('http://localhost:5173/')).toBe('http://localhost:5173')
  expect(serverUrl('https://game.example/play?server=')).toBe('https://game.example')
})

test('is what ?server= says, without a path', () => {
  expect(serverUrl('http://localhost:5173/?server=http://localhost:8080')).toBe('http://localhost:8080')
  expect(serverUrl('http://localhost:5173/?a=1&server=https%3A%2F%2Fplay.example%2Fx%3Fy')).toBe('https://play.example')
})

test.for(['localhost:8080', 'ws://localhost:8080', 'javascript:alert(1)', '//x', 'nonsense'])(
  '?server=%s is refused with an example',
  (asked) => {
    expect(() => serverUrl(`http://localhost/?server=${encodeURIComponent(asked)}`)).toThrow(
      `?server=${asked} is no server address. Write it as ?server=http://localhost:8080`,
    )
  },
)
