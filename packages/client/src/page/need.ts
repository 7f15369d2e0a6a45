import { RivuletError } from '@rivulet/wire'

/** Throws `config` for an option that does not fit. */
export function need(fits: boolean, option: string, value: unknown, hint: string): void {
  if (fits) return
  const shown = typeof value === 'string' ? `"${value}"` : String(value)
  throw new RivuletError('config', `the option ${option} cannot be ${shown}`, { hint })
}
