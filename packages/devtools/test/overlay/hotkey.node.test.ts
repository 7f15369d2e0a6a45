import { describe, expect, test } from 'vitest'
import { hotkeyLabel, matchesHotkey } from '../../src/overlay/hotkey.ts'

const press = (code: string, ...held: ('altKey' | 'ctrlKey' | 'metaKey' | 'shiftKey')[]) => ({
  code,
  altKey: held.includes('altKey'),
  ctrlKey: held.includes('ctrlKey'),
  metaKey: held.includes('metaKey'),
  shiftKey: held.includes('shiftKey'),
})

describe('matchesHotkey', () => {
  test('takes exactly the modifiers that it names', () => {
    expect(matchesHotkey('Alt+Shift+KeyR', press('KeyR', 'altKey', 'shiftKey'))).toBe(true)
    expect(matchesHotkey('Alt+Shift+KeyR', press('KeyR', 'altKey'))).toBe(false)
    expect(matchesHotkey('Alt+Shift+KeyR', press('KeyR', 'altKey', 'shiftKey', 'ctrlKey'))).toBe(false)
    expect(matchesHotkey('Alt+Shift+KeyR', press('KeyT', 'altKey', 'shiftKey'))).toBe(false)
  })

  test('names modifiers in any order, and may have none', () => {
    expect(matchesHotkey('Meta+Ctrl+F9', press('F9', 'ctrlKey', 'metaKey'))).toBe(true)
    expect(matchesHotkey('F9', press('F9'))).toBe(true)
    expect(matchesHotkey('F9', press('F9', 'shiftKey'))).toBe(false)
  })
})

test('hotkeyLabel: the key as it is printed on it', () => {
  expect(hotkeyLabel('Alt+Shift+KeyR')).toBe('Alt+Shift+R')
  expect(hotkeyLabel('Ctrl+Digit1')).toBe('Ctrl+1')
  expect(hotkeyLabel('F9')).toBe('F9')
})
