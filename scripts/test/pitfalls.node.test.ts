import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { root } from '../lib/root.mjs'

/**
 * What the reference gets wrong, by its number in the specification's list (pitfalls.md), and what must hold here instead. Each has a regression test whose title starts with
 * `pitfall <number>: `, or `pitfalls <number>, <number> and <number>: `.
 */
const PITFALLS: Readonly<Record<number, string>> = {
  1: 'a write of any size finds room',
  2: 'string lengths are counted in UTF-8 bytes',
  3: '64-bit integers are exact or refused',
  4: 'the long form of the smallest narrow integers is read',
  5: 'a nested pointer can be set to null',
  6: 'setting one element leaves the others',
  7: 'a very long list can be replaced',
  8: 'names with acronyms are keyed as the host spells them',
  9: 'a view into a larger buffer is read within its bounds',
  10: 'shared memory and buffers of other realms are read',
  11: 'zero, null, empty and absent are told apart',
  12: 'an application error with empty text is an error',
  13: 'dynamic values keep their type and all their digits',
  14: 'no negative zero, no silent wrap-around, no unhelpful exception',
  15: 'a negative length does not hang the reader',
  16: 'a negative string length does not rewind it',
  17: 'nothing is allocated for a count that the message cannot hold',
  18: 'depth is bounded',
  19: 'null flags are 0 or 1 everywhere',
  20: 'byte order marks survive; invalid UTF-8 is told',
  21: 'a decode error names store, path and offset, and ends in a resync',
  22: 'a delta applies as a whole or not at all',
  23: 'an unknown store is no exception',
  24: 'an answer nobody waits for is ignored',
  25: 'an answer that cannot be read settles its call',
  26: 'data stream envelopes are read strictly',
  32: 'reducing changed paths is linear',
  33: 'one message is one notification',
  37: 'states are immutable and share what did not change',
  39: 'clients share nothing',
  40: 'dispose leaves nothing behind',
  42: 'status is told per store and path',
  43: 'nothing is applied without a baseline',
  44: 'a reconnect leaves no field stale',
  48: 'every failure is one kind of error',
  49: 'calls have timeouts and can be cancelled',
  50: 'a burst of calls does not end the connection',
  51: 'a failed login is repeated, and its calls settle',
  52: 'nothing is subscribed twice',
  53: 'it reconnects whatever the host gave as the reason',
  54: 'a call that makes the host hang up is named',
  56: 'a listener that throws stops nobody',
  57: 'doubt means resync',
}

/** The numbers in the titles of a test file. */
function numbersIn(source: string): number[] {
  const titles = source.matchAll(/\(\s*['"`]pitfalls? ([\d, and]+):/g)
  return Array.from(titles).flatMap(([, list]) => Array.from((list as string).matchAll(/\d+/g), Number))
}

const ROOMS = ['packages', 'interop', 'demo-tictactoe', 'scripts']

function testFiles(): string[] {
  return ROOMS.flatMap((room) =>
    readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(?:node|browser)\.test\.tsx?$/.test(file) && !file.includes('node_modules'))
      .map((file) => join(root, room, file))
      // Its own titles are examples.
      .filter((file) => file !== import.meta.filename),
  )
}

describe('regression tests of the known pitfalls', () => {
  const covered = new Set(testFiles().flatMap((file) => numbersIn(readFileSync(file, 'utf8'))))

  test.each(Object.entries(PITFALLS))('%s: %s', (number) => {
    expect(covered).toContain(Number(number))
  })

  test('titles are found in every form, and nothing else is', () => {
    const one = "test('pitfall 1: x', () => {})"
    const many = `describe(\n  "pitfalls 2, 3 and 4: x", () => {})`
    const each = `test.each([[1, f(2)]])(\n  'pitfall 5: %d', () => {})`
    const remark = `// see pitfall 6: x\ntest('x (pitfall 7)', () => {})`
    expect(numbersIn([one, many, each, remark].join('\n'))).toEqual([1, 2, 3, 4, 5])
  })
})
