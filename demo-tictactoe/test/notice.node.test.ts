import { RivuletError } from '@rivulet/client'
import { expect, test } from 'vitest'
import { noticeOf } from '../src/game/notice.ts'

test('an occupied cell is explained, not quoted', () => {
  expect(noticeOf(new RivuletError('rpc', 'cell already occupied'))).toBe('That cell is taken. Pick a free one.')
  expect(noticeOf(new RivuletError('rpc', 'cell outside the board'))).toBe('That cell is not on the board.')
})

test('other words of the server are passed on', () => {
  expect(noticeOf(new RivuletError('rpc', 'not your turn'))).toBe('not your turn')
})

test('a silent server is named as such', () => {
  expect(noticeOf(new RivuletError('timeout', 'no answer'))).toContain('did not answer')
  expect(noticeOf(new RivuletError('disconnected', 'gone'))).toContain('did not answer')
  expect(noticeOf(new RivuletError('denied', 'level 0'))).toBe('This server does not let you play.')
})

test('everything else says what it is', () => {
  expect(noticeOf(new RivuletError('malformed', 'bad bytes'))).toBe('bad bytes')
  expect(noticeOf(new TypeError('x is undefined'))).toContain('on this page')
})
