import type { Diagnostics } from '../../diagnostics/diagnostic.ts'
import type { SourcePlace } from '../../model/schema-model.ts'
import type { Calls } from './calls.ts'
import { placeText } from './places.ts'

/** The names of the generated module. */
export interface ModuleNames {
  /** Gives a name away; false after a diagnostic, when it is taken. */
  readonly take: (name: string, at: SourcePlace) => boolean
}

/** No name is taken yet. */
export function createNames(diagnostics: Diagnostics): ModuleNames {
  const taken = new Map<string, SourcePlace>()
  return {
    take: (name, at) => {
      const other = taken.get(name)
      taken.set(name, at)
      if (other === undefined) return true
      const message = `${name} is there already, at ${placeText(other)}`
      const hint = 'Rename one of them: all that a project sends has its own name, whatever file it is in.'
      diagnostics.error('duplicate-name', at, message, hint)
      return false
    },
  }
}

/** Calls have names of their own, so have events, and streams. */
export function checkCallNames(calls: Calls, diagnostics: Diagnostics): void {
  for (const group of [[...calls.rpcs, ...calls.ffrpcs], [...calls.events, ...calls.keyedEvents], calls.streams]) {
    const seen = new Map<string, SourcePlace | undefined>()
    for (const { name, extra } of group) {
      if (seen.has(name)) {
        const message = `"${name}" is there already, at ${placeText(seen.get(name))}`
        const hint = 'Rename one of them, or write @name above it.'
        diagnostics.error('duplicate-name', extra?.at as SourcePlace, message, hint)
      }
      seen.set(name, extra?.at)
    }
  }
}
