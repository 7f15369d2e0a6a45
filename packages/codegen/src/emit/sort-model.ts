import type { ConstValue, EnumMember, SchemaModel, SchemaPackage } from '../model/schema-model.ts'

/**
 * The model in an order that does not depend on where things stand in the sources: everything by name, the members of an enum by value. The fields
 * of structs stay as they are, because their order is the wire's.
 *
 * @example
 * JSON.stringify(sortModel(a)) === JSON.stringify(sortModel(b))
 */
export function sortModel(model: SchemaModel): SchemaModel {
  return { format: model.format, packages: byName(model.packages).map(sortPackage) }
}

function sortPackage(pkg: SchemaPackage): SchemaPackage {
  return {
    ...pkg,
    enums: byName(pkg.enums).map((type) => ({ ...type, members: type.members.toSorted(byValue) })),
    namedTypes: byName(pkg.namedTypes),
    consts: byName(pkg.consts),
    ignoredConsts: pkg.ignoredConsts.toSorted(compare),
    structs: byName(pkg.structs),
    packets: byName(pkg.packets),
    stores: byName(pkg.stores),
    rpcs: byName(pkg.rpcs),
    ffrpcs: byName(pkg.ffrpcs),
    events: byName(pkg.events),
    keyedEvents: byName(pkg.keyedEvents),
    ...(pkg.streams === undefined
      ? {}
      : { streams: pkg.streams.toSorted((a, b) => compare(a.name, b.name) || compare(a.store, b.store)) }),
  }
}

const byName = <T extends { readonly name: string }>(list: readonly T[]): T[] =>
  list.toSorted((a, b) => compare(a.name, b.name))

/** By code units, whatever the machine's language is. */
function compare<T extends string | number | bigint>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function byValue(a: EnumMember, b: EnumMember): number {
  const [left, right] = [plainValue(a.value), plainValue(b.value)]
  const order =
    typeof left === 'string' || typeof right === 'string'
      ? compare(String(left), String(right))
      : left < right
        ? -1
        : left > right
          ? 1
          : 0
  return order === 0 ? compare(a.goName, b.goName) : order
}

/** A constant's value as JavaScript has it; a bigint only where a number would not be exact. */
export function plainValue(value: ConstValue): boolean | number | string | bigint {
  return typeof value === 'object' ? BigInt(value.$int) : value
}
