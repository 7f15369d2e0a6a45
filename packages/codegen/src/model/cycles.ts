type Edges = ReadonlyMap<string, ReadonlySet<string>>

/**
 * The nodes of a directed graph from which an edge or more lead back to themselves, in linear time: those in a strongly connected component with
 * another node or with an edge to itself. Without recursion, because a chain of types may be as long as a program.
 *
 * @example
 * cyclic(new Map([['a', new Set(['b'])], ['b', new Set(['a', 'c'])], ['c', new Set()]])) // a, b
 */
export function cyclic(edges: Edges): ReadonlySet<string> {
  const order = finishOrder(edges)
  const backwards = reversed(edges)
  const seen = new Set<string>()
  const found = new Set<string>()
  for (const start of order.toReversed()) {
    const component = reachable(start, backwards, seen)
    const [only] = component
    const loops = component.length > 1 || (only !== undefined && edges.get(only)?.has(only) === true)
    if (loops) for (const node of component) found.add(node)
  }
  return found
}

function finishOrder(edges: Edges): string[] {
  const order: string[] = []
  const seen = new Set<string>()
  for (const root of edges.keys()) {
    const stack = seen.has(root) ? [] : [{ node: root, rest: [...(edges.get(root) ?? [])] }]
    seen.add(root)
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const next = top.rest.pop()
      if (next === undefined) {
        order.push(top.node)
        stack.pop()
      } else if (!seen.has(next)) {
        seen.add(next)
        stack.push({ node: next, rest: [...(edges.get(next) ?? [])] })
      }
    }
  }
  return order
}

function reversed(edges: Edges): Edges {
  const result = new Map<string, Set<string>>()
  for (const [from, targets] of edges) {
    for (const to of targets) result.set(to, (result.get(to) ?? new Set<string>()).add(from))
  }
  return result
}

function reachable(start: string, edges: Edges, seen: Set<string>): string[] {
  if (seen.has(start)) return []
  seen.add(start)
  const nodes = [start]
  // Grows while it is walked.
  for (const node of nodes) {
    for (const next of edges.get(node) ?? []) {
      if (seen.has(next)) continue
      seen.add(next)
      nodes.push(next)
    }
  }
  return nodes
}
