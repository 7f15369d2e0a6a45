import type { TypeNode } from '@rivulet/wire'
import { expect, it } from 'vitest'
import { formatType } from '../../src/panel/format-type.ts'

it.each<[TypeNode, string]>([
  [{ kind: 'int8' }, 'int8'],
  [{ kind: 'uint8', named: 'Colour' }, 'Colour (uint8)'],
  [{ kind: 'bytes' }, 'bytes'],
  [{ kind: 'struct', ref: 'game.Cell' }, 'game.Cell'],
  [{ kind: 'pointer', elem: { kind: 'array', elem: { kind: 'bool' } } }, 'pointer to list of bool'],
  [{ kind: 'map', key: { kind: 'string' }, value: { kind: 'any' } }, 'map of string to any'],
  [{ kind: 'set', key: { kind: 'int64', as: 'bigint' } }, 'set of int64'],
])('%j is %s', (node, text) => expect(formatType(node)).toBe(text))
