import { expect, test } from 'vitest'
import { serverUrl } from '../page/server-url.ts'

test('is the page’s own origin, unless the address says otherwise', () => {
  expect(serverUrl('https://radio.example/page?x=1')).toBe('https://radio.example')
  expect(serverUrl('https://radio.example/?server=')).toBe('https://radio.example')
  expect(serverUrl('https://radio.example/?server=http://localhost:8080/socket')).toBe('http://localhost:8080')
})

test.each(['ftp://a', 'localhost:8080', 'javascript:alert(1)', 'x'])('refuses %s, and says what to write', (server) => {
  expect(() => serverUrl(`http://a/?server=${server}`)).toThrow('Write it as ?server=http://localhost:8080')
})
