import type { Client, Path, PathOf, StoreDef, ValueAt } from '@rivulet/client'
import {
  createElement,
  useDebugValue,
  useState,
  useSyncExternalStore,
  type HTMLAttributes,
  type ReactNode,
} from 'react'
import { useClient } from './context.ts'
import { pathOf } from './path-of.ts'
import { describeQuery } from './store-query.ts'
import { createTextMemory, plainText, textSource, type Format } from './text-source.ts'
import { useOrigin } from './use-origin.ts'

/** What needs no `format`. */
type Plain = string | number | bigint | null | undefined

/** Props of {@link Text}; attributes of the element, too. */
export type TextProps<S, P extends PathOf<S>> = Omit<
  HTMLAttributes<HTMLElement>,
  'children' | 'dangerouslySetInnerHTML'
> & {
  /** The store, and the path of the value. */
  readonly of: readonly [def: StoreDef<S>, path: P]
  /** The element that holds the text; `span` when absent. */
  readonly as?: keyof HTMLElementTagNameMap
} & ([ValueAt<S, P>] extends [Plain]
    ? { readonly format?: (value: ValueAt<S, P>) => string }
    : { readonly format: (value: ValueAt<S, P>) => string })

/**
 * The value at a path as the text of an element. A change is written into the document at once and React renders nothing: for numbers that change many times a second, in lists of thousands.
 *
 * `format` should be the same function in every render. An error that it throws at a change is reported as uncaught, and the text stays.
 *
 * @throws RivuletError `config` when there is no `RivuletProvider` above; `path` when the path does not fit the store.
 *
 * @example
 * <Text of={[FleetStore, ['boats', id, 'speed']]} format={knots} as="td" className="number" />
 */
export function Text<S, const P extends PathOf<S>>(props: TextProps<S, P>): ReactNode {
  return useTextOf(useClient(), props as unknown as AnyTextProps)
}

/** {@link TextProps} of any store. */
export interface AnyTextProps extends HTMLAttributes<HTMLElement> {
  readonly of: readonly [def: StoreDef, path: string | Path]
  readonly as?: keyof HTMLElementTagNameMap
  readonly format?: Format
}

/** What {@link Text} renders, with the client in hand. */
export function useTextOf(client: Client, { of: [def, path], as, format, ...attributes }: AnyTextProps): ReactNode {
  const [memory] = useState(createTextMemory)
  useOrigin(client, memory, 'Text')
  const source = textSource(memory, client.store(def), pathOf(path), format ?? plainText)
  // Subscribes, and says what to hydrate; it never changes.
  const text = useSyncExternalStore(source.subscribe, source.get, source.getServer)
  useDebugValue(path, (shown) => describeQuery(def.name, shown))
  return createElement(as ?? 'span', { ...attributes, ref: source.attach }, text)
}
