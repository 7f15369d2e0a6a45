import { nodeAt, type Path, stateNode, type TypeNode } from '@rivulet/wire'
import type { ListQuery, RowSelection } from '../../list-query.ts'
import type { PlainError } from '../../protocol.ts'
import { failure } from '../plain-error.ts'
import type { StoreFeed } from '../store-feed.ts'
import { createDiffView } from './diff-view.ts'
import { createKeysView } from './keys-view.ts'
import type { ListView } from './list-view.ts'
import { rowNode } from './rows.ts'
import { shareIndex } from './share-index.ts'
import { createSizeView } from './size-view.ts'

/** What a query asks for, or why there is no such thing. The page has checked it; this is for pages that did not. `isKnown`: the watch has its value. */
export function createListView(
  feed: StoreFeed,
  path: Path,
  query: ListQuery,
  isKnown: () => boolean,
): ListView | PlainError {
  const { types } = feed.def
  const node = nodeAt(types, stateNode(feed.def), path)
  const row = node === null ? undefined : rowNode(node)
  if (row === undefined) return problem(feed, path, 'keys were asked for where there is no map, list or set')
  if (query.kind === 'size') return createSizeView()
  if (query.kind === 'diff') return createDiffView(types, row)
  const wrong = fieldsOf(query.select).find((field) => !isComparable(nodeAt(types, row, field)))
  if (wrong !== undefined) return problem(feed, [...path, ...wrong], 'rows cannot be ordered by this field')
  return createKeysView(shareIndex(feed, path, row, query.select), query.offset, query.limit, isKnown)
}

function fieldsOf({ orderBy, where }: RowSelection): Path[] {
  return [...(orderBy === undefined ? [] : [orderBy]), ...(where ?? []).map(({ field }) => field)]
}

function isComparable(node: TypeNode | null): boolean {
  let inner = node
  while (inner?.kind === 'pointer') inner = inner.elem
  return inner !== null && !['struct', 'array', 'map', 'set', 'bytes', 'any'].includes(inner.kind)
}

function problem(feed: StoreFeed, path: Path, what: string): PlainError {
  return failure('path', what, {
    store: feed.def.name,
    path,
    hint: 'Name a map, list or set, and fields without parts.',
  })
}
