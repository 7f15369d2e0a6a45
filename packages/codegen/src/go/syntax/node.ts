import type { Node } from 'web-tree-sitter'
import type { SourcePlace } from '../../model/schema-model.ts'

export type { Node }

/** The named children that are not comments. */
export function partsOf(node: Node): Node[] {
  return node.namedChildren.filter((child) => child.type !== 'comment')
}

/** The children in a grammar field, of which there may be several. */
export function allOf(node: Node, field: string): Node[] {
  return node.childrenForFieldName(field).filter((child) => child.isNamed)
}

/** Where the node begins. */
export function placeOf(file: string, node: Node): SourcePlace {
  return { file, line: node.startPosition.row + 1, column: node.startPosition.column + 1 }
}

/** The nodes that the grammar could not make sense of, outermost first. */
export function syntaxErrors(root: Node): Node[] {
  if (!root.hasError) return []
  if (root.isError || root.isMissing) return [root]
  return root.children.flatMap(syntaxErrors)
}
