import type { Client, PathOf } from '@rivulet/client'
import type { ReactNode } from 'react'
import { type AnyForProps, type For, type ForProps, useRowsOf } from './for.tsx'
import { type AnyTextProps, type Text, type TextProps, useTextOf } from './text.tsx'

/** The components of one client; see the components of the same names. */
export interface Views {
  readonly For: typeof For
  readonly Text: typeof Text
}

/**
 * `For` and `Text`, bound to one client, as `createHooks` does it for the hooks: they need no provider. Call it once, at module level.
 *
 * @example
 * export const { For, Text } = createViews(createClient({ url: location.origin }))
 */
export function createViews(client: Client): Views {
  return {
    For: <S, P extends PathOf<S>>(props: ForProps<S, P>): ReactNode =>
      useRowsOf(client, props as unknown as AnyForProps),
    Text: <S, P extends PathOf<S>>(props: TextProps<S, P>): ReactNode =>
      useTextOf(client, props as unknown as AnyTextProps),
  }
}
