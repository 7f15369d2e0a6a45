/** What the panel remembers between visits. */
export interface Settings {
  /** The tab that was last open. */
  tab?: string
  theme?: Theme
  /** Widths of the left parts of splits, by name; shares of the whole. */
  splits?: Record<string, number>
}

export type Theme = 'dark' | 'light' | 'auto'

const KEY = 'rivulet.devtools.panel'

/** Reads what was kept. Pages may have no storage, or a broken one: then nothing was. */
export function readSettings(): Settings {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}')
    return typeof kept === 'object' && kept !== null ? kept : {}
  } catch {
    return {} // refused, or written by somebody else
  }
}

/**
 * Keeps some of the settings; where there is no storage it is forgotten with the page.
 *
 * @example
 * keepSettings({ theme: 'light' })
 */
export function keepSettings(part: Settings): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...readSettings(), ...part }))
  } catch {
    return // refused or full: the panel works without
  }
}
