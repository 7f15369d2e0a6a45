import { h } from './h.ts'

/**
 * Puts text on the clipboard, and shows on `button` whether that worked. Where the clipboard is refused (a page without focus or permission, an insecure origin), the old way through a selection is tried.
 *
 * @example
 * h('button', { onclick: (event: Event) => void copyText(event.currentTarget as HTMLElement, toLiteral(value)) }, 'Copy')
 */
export async function copyText(button: HTMLElement, text: string): Promise<void> {
  const worked = await write(button, text)
  const before = button.dataset['label'] ?? button.textContent
  button.dataset['label'] = before
  button.textContent = worked ? 'Copied' : 'Not copied'
  setTimeout(() => {
    button.textContent = before
    delete button.dataset['label']
  }, 1200)
}

async function write(button: HTMLElement, text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    // Refused: the outcome of the other way counts.
    const area = h('textarea', { value: text, 'aria-hidden': 'true', tabIndex: -1 })
    area.style.position = 'fixed'
    button.after(area)
    area.select()
    const worked = document.execCommand('copy')
    area.remove()
    button.focus()
    return worked
  }
}
