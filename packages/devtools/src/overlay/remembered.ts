import type { Corner, Edge } from './options.ts'

/** What the developer chose. */
interface Remembered {
  readonly open?: boolean
  readonly corner?: Corner
  readonly dock?: Edge
  /** Of the panel, in pixels: its height at the bottom, its width at the right. */
  readonly bottom?: number
  readonly right?: number
}

const KEY = 'rivulet.devtools.overlay'

const oneOf = <T extends string>(value: unknown, values: readonly T[]): T | undefined =>
  values.find((one) => one === value)

const size = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : undefined

/** What was stored, whoever wrote it; nothing where the page may not store. */
function stored(): Remembered {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}')
    if (typeof found !== 'object' || found === null) return {}
    const { open, corner, dock, bottom, right } = found as Record<string, unknown>
    const known = {
      open: typeof open === 'boolean' ? open : undefined,
      corner: oneOf<Corner>(corner, ['bottom-right', 'bottom-left', 'top-right', 'top-left']),
      dock: oneOf<Edge>(dock, ['bottom', 'right']),
      bottom: size(bottom),
      right: size(right),
    }
    return Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined))
  } catch {
    return {} // no storage (a sandboxed frame, a browser that forbids it) or not ours: the defaults hold
  }
}

/** Choices that outlive the page, where the browser lets them. */
export interface Memory {
  readonly value: Remembered
  add(changes: Remembered): void
}

/** Reads once; what is added is stored, and holds for this page in any case. */
export function createMemory(): Memory {
  let value = stored()
  return {
    get value() {
      return value
    },
    add(changes) {
      value = { ...value, ...changes }
      try {
        localStorage.setItem(KEY, JSON.stringify(value))
      } catch {
        // No storage, or it is full: the choice holds until the page is left.
      }
    },
  }
}
