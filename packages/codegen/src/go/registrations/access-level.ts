import type { Diagnostics } from '../../diagnostics/diagnostic.ts'
import type { Constant } from '../constants/constant.ts'
import type { Evaluator } from '../constants/evaluate.ts'
import { type Node, placeOf } from '../syntax/node.ts'
import { localConst, type Named } from './registration-call.ts'

/** The number of a constant access level; one byte carries it. Undefined when it is none. */
export function levelOf(constant: Constant | undefined): number | undefined {
  if (constant?.kind !== 'int' || constant.value < 0n || constant.value > 255n) return undefined
  return Number(constant.value)
}

/** The least access level that a registration names. Undefined after a diagnostic. */
export function accessLevel(
  { args, file, name }: Named,
  { evaluator, diagnostics }: { evaluator: Evaluator; diagnostics: Diagnostics },
): number | undefined {
  const node = args[1] as Node
  const level = levelOf(evaluator.expression(node, { file, local: localConst(file) }))
  if (level === undefined) {
    const hint = 'Write a number, or a constant that is declared in these packages.'
    diagnostics.error(
      'access-level',
      placeOf(file.path, node),
      `the access level of "${name}" is no constant from 0 to 255`,
      hint,
    )
  }
  return level
}
