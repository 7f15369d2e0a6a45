import type { Compare } from './compare.ts'

/** Items in an order, each of which has a position. */
export interface RankedTree<T> {
  readonly size: number
  /** Puts an item in that no other one equals. O(log n). */
  insert(item: T): void
  /** Takes an item out that is in. O(log n). */
  remove(item: T): void
  /** How many items come before this one. O(log n). */
  rank(item: T): number
  /** The items from a position on. O(log n + count). */
  slice(from: number, count: number): T[]
  /** Replaces all items by these, which are in order. O(n). */
  fill(sorted: readonly T[]): void
}

interface Node<T> {
  readonly item: T
  size: number
  left: Node<T> | null
  right: Node<T> | null
}

/** A subtree may weigh this many times its sibling. With {@link SINGLE} the pair of Hirai and Yamamoto, for which balance is proven. */
const HEAVY = 3
/** From this ratio of the inner grandchild to the outer one on, one rotation does not do. */
const SINGLE = 2

/**
 * An empty tree, balanced by weight: the sizes that balance it are the ones that positions are counted with. `compare` must tell any two items apart.
 *
 * @example
 * const tree = createRankedTree<number>((a, b) => a - b)
 * tree.fill([10, 20, 30])
 * tree.rank(20) // 1
 */
export function createRankedTree<T>(compare: Compare<T>): RankedTree<T> {
  let root: Node<T> | null = null

  const insert = (node: Node<T> | null, item: T): Node<T> => {
    if (node === null) return { item, size: 1, left: null, right: null }
    if (compare(item, node.item) < 0) node.left = insert(node.left, item)
    else node.right = insert(node.right, item)
    return balanced(node)
  }

  const remove = (node: Node<T> | null, item: T): Node<T> | null => {
    if (node === null) return null
    const order = compare(item, node.item)
    if (order < 0) node.left = remove(node.left, item)
    else if (order > 0) node.right = remove(node.right, item)
    else return joined(node.left, node.right)
    return balanced(node)
  }

  return {
    get size() {
      return sizeOf(root)
    },
    insert(item) {
      root = insert(root, item)
    },
    remove(item) {
      root = remove(root, item)
    },
    rank(item) {
      let before = 0
      for (let node = root; node !== null;) {
        const order = compare(item, node.item)
        if (order === 0) return before + sizeOf(node.left)
        if (order > 0) before += sizeOf(node.left) + 1
        node = order < 0 ? node.left : node.right
      }
      return before
    },
    slice(from, count) {
      const out: T[] = []
      if (count > 0) collect(root, from, count, out)
      return out
    },
    fill(sorted) {
      root = build(sorted, 0, sorted.length)
    },
  }
}

function sizeOf(node: Node<unknown> | null): number {
  return node === null ? 0 : node.size
}

function counted<T>(node: Node<T>): Node<T> {
  node.size = sizeOf(node.left) + sizeOf(node.right) + 1
  return node
}

function build<T>(sorted: readonly T[], from: number, to: number): Node<T> | null {
  if (from >= to) return null
  const middle = (from + to) >> 1
  return counted({
    item: sorted[middle] as T,
    size: 0,
    left: build(sorted, from, middle),
    right: build(sorted, middle + 1, to),
  })
}

/** Adds up to `count` items from position `from` of the subtree on. */
function collect<T>(node: Node<T> | null, from: number, count: number, out: T[]): void {
  if (node === null || from >= node.size) return
  const left = sizeOf(node.left)
  if (from < left) collect(node.left, from, count, out)
  if (from <= left && out.length < count) out.push(node.item)
  if (out.length < count) collect(node.right, Math.max(0, from - left - 1), count, out)
}

/** Restores the balance of a node of which one subtree has gained or lost one item. */
function balanced<T>(node: Node<T>): Node<T> {
  const { left, right } = node
  const weightLeft = sizeOf(left) + 1
  const weightRight = sizeOf(right) + 1
  if (right !== null && weightRight > HEAVY * weightLeft) {
    if (sizeOf(right.left) + 1 >= SINGLE * (sizeOf(right.right) + 1)) node.right = rotatedRight(right)
    return rotatedLeft(node)
  }
  if (left !== null && weightLeft > HEAVY * weightRight) {
    if (sizeOf(left.right) + 1 >= SINGLE * (sizeOf(left.left) + 1)) node.left = rotatedLeft(left)
    return rotatedRight(node)
  }
  return counted(node)
}

function rotatedLeft<T>(node: Node<T>): Node<T> {
  const up = node.right as Node<T>
  node.right = up.left
  up.left = counted(node)
  return counted(up)
}

function rotatedRight<T>(node: Node<T>): Node<T> {
  const up = node.left as Node<T>
  node.left = up.right
  up.right = counted(node)
  return counted(up)
}

/** What is left of a node that goes: the larger side gives its nearest item as the new root. */
function joined<T>(left: Node<T> | null, right: Node<T> | null): Node<T> | null {
  if (left === null) return right
  if (right === null) return left
  if (left.size > right.size) {
    const [rest, last] = withoutLast(left)
    return balanced({ ...last, left: rest, right })
  }
  const [rest, first] = withoutFirst(right)
  return balanced({ ...first, left, right: rest })
}

function withoutFirst<T>(node: Node<T>): [Node<T> | null, Node<T>] {
  if (node.left === null) return [node.right, node]
  const [rest, first] = withoutFirst(node.left)
  node.left = rest
  return [balanced(node), first]
}

function withoutLast<T>(node: Node<T>): [Node<T> | null, Node<T>] {
  if (node.right === null) return [node.left, node]
  const [rest, last] = withoutLast(node.right)
  node.right = rest
  return [balanced(node), last]
}
