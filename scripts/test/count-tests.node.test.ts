import { expect, test } from 'vitest'
import { countTests } from '../lib/count-tests.mjs'

const file = (status: string, ...statuses: string[]) => ({
  status,
  assertionResults: statuses.map((each) => ({ status: each })),
})

test('adds up over files', () => {
  const report = { testResults: [file('passed', 'passed', 'passed'), file('failed', 'failed', 'passed')] }
  expect(countTests(report).line).toBe('3 passed, 1 failed')
})

test('names skipped tests when there are any', () => {
  const report = { testResults: [file('passed', 'passed', 'pending', 'todo')] }
  expect(countTests(report).line).toBe('1 passed, 0 failed, 2 skipped')
})

test('a file that could not be loaded is a failure', () => {
  expect(countTests({ testResults: [file('failed'), file('passed', 'passed')] }).line).toBe('1 passed, 1 failed')
})

test('a file whose hooks failed after its tests passed is a failure', () => {
  expect(countTests({ testResults: [file('failed', 'passed')] }).line).toBe('1 passed, 1 failed')
})

test('nothing ran', () => {
  expect(countTests({ testResults: [] }).line).toBe('0 passed, 0 failed')
})
