import type { SchemaConst, SchemaEnum, SchemaPackage } from '../model/schema-model.ts'
import { both, breaks, type Comparison, remark } from './report.ts'

/** Compares enums and constants: names for values, which the wire does not know. */
export function compareNames(comparison: Comparison): void {
  const { before, after } = comparison
  for (const pkg of after.model.packages) {
    const old = before.model.packages.find(({ name }) => name === pkg.name)
    if (old === undefined) continue
    for (const type of pkg.enums) compareEnum(comparison, pkg.name, find(old.enums, type.name), type)
    compareConsts(comparison, old, pkg)
  }
}

const find = <T extends { readonly name: string }>(list: readonly T[], wanted: string): T | undefined =>
  list.find(({ name }) => name === wanted)

const textOf = (value: unknown): string => JSON.stringify(value)

function compareEnum(comparison: Comparison, pkg: string, old: SchemaEnum | undefined, type: SchemaEnum): void {
  if (old === undefined) return
  const subjectOf = (name: string): string => `${pkg}.${name}`
  for (const member of type.members) {
    const was = old.members.find(({ goName }) => goName === member.goName)
    const subject = subjectOf(member.goName)
    if (was === undefined)
      remark(comparison, 'safe', {
        code: 'member-added',
        subject,
        message: `${subject} is a new member of ${pkg}.${type.name}`,
        hint: 'Old readers get a value that they have no name for: make sure that they do something sensible.',
        at: member.extra,
      })
    else if (textOf(was.value) !== textOf(member.value))
      breaks(comparison, new Set(['down', 'up']), both(`${member.goName} is taken for another value`), {
        code: 'member-value',
        subject,
        message: `${subject} was ${textOf(was.value)} and is ${textOf(member.value)}`,
        hint: `Give it the value ${textOf(was.value)} back, and new members new values.`,
        at: member.extra,
      })
  }
  for (const { goName, value } of old.members.filter((was) =>
    type.members.every(({ goName: now }) => was.goName !== now),
  ))
    remark(comparison, 'warning', {
      code: 'member-removed',
      subject: subjectOf(goName),
      message: `${subjectOf(goName)} is gone: old peers still write ${textOf(value)}`,
      hint: 'Do not use its value for anything else.',
      at: type.extra,
    })
}

function compareConsts(comparison: Comparison, old: SchemaPackage, pkg: SchemaPackage): void {
  for (const was of old.consts.filter(({ origin }) => origin === 'const')) {
    const subject = `${pkg.name}.${was.name}`
    const now: SchemaConst | undefined = find(pkg.consts, was.name)
    if (now === undefined)
      remark(comparison, 'warning', {
        code: 'const-removed',
        subject,
        message: `the constant ${subject} is gone`,
        hint: 'Pages that import it no longer compile.',
      })
    else if (textOf(now.value) !== textOf(was.value))
      remark(comparison, 'warning', {
        code: 'const-changed',
        subject,
        message: `${subject} was ${textOf(was.value)} and is ${textOf(now.value)}`,
        hint: 'Pages built before still have the old value.',
        at: now.extra,
      })
  }
}
