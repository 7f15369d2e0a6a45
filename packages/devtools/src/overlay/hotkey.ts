const MODIFIERS = { Alt: 'altKey', Ctrl: 'ctrlKey', Meta: 'metaKey', Shift: 'shiftKey' } as const

/** What a key press is compared with. */
export type Pressed = Pick<KeyboardEvent, 'code' | 'altKey' | 'ctrlKey' | 'metaKey' | 'shiftKey'>

/**
 * Whether a key press is the one that `hotkey` names: every modifier that it names and no other. By `code`, because with Alt or Option held `key` is another character on many keyboards.
 *
 * @example
 * matchesHotkey('Alt+Shift+KeyR', event)
 */
export function matchesHotkey(hotkey: string, event: Pressed): boolean {
  const parts = hotkey.split('+')
  const code = parts.pop()
  return (
    code === event.code &&
    Object.entries(MODIFIERS).every(([name, property]) => event[property] === parts.includes(name))
  )
}

/** As people write it: `Alt+Shift+R`. */
export function hotkeyLabel(hotkey: string): string {
  return hotkey.replace(/\+(Key|Digit)(?=.$)/, '+')
}
