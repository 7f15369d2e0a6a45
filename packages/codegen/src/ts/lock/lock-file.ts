/** A field that has an id. */
export interface LockedField {
  readonly id: number
  /** What it is on the wire, as text. */
  readonly type: string
}

/** A field that is gone; its id stays taken. */
export interface RetiredField extends LockedField {
  readonly name: string
}

/** The ids of one struct. */
export interface LockedStruct {
  /** The id of the next new field: above every id that was ever given. */
  readonly next: number
  readonly fields: ReadonlyMap<string, LockedField>
  /** Sorted by id. */
  readonly retired: readonly RetiredField[]
}

/** The ids of a project's fields, for as long as the project lives. */
export type Lock = ReadonlyMap<string, LockedStruct>

/** What the file says that it is. */
export const LOCK_FORMAT = 'rivulet-lock/1'

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : a > b ? 1 : 0

/**
 * The lock file's text: sorted by name, one struct per block and one field per line, so that changes to different fields merge by themselves, and
 * changes that gave one id twice are found when the file is read.
 */
export function formatLock(lock: Lock): string {
  const structs = [...lock].toSorted(byName).map(([name, struct]) => `    ${JSON.stringify(name)}: ${block(struct)}`)
  const body = structs.length === 0 ? '{}' : `{\n${structs.join(',\n')}\n  }`
  return `{\n  "format": "${LOCK_FORMAT}",\n  "structs": ${body}\n}\n`
}

function block({ next, fields, retired }: LockedStruct): string {
  const live = [...fields].toSorted(byName).map(([name, { id, type }]) => {
    return `        ${JSON.stringify(name)}: { "id": ${id}, "type": ${JSON.stringify(type)} }`
  })
  const gone = retired
    .toSorted((a, b) => a.id - b.id)
    .map(({ id, name, type }) => {
      return `        { "id": ${id}, "name": ${JSON.stringify(name)}, "type": ${JSON.stringify(type)} }`
    })
  const parts = [
    `      "next": ${next}`,
    `      "fields": ${live.length === 0 ? '{}' : `{\n${live.join(',\n')}\n      }`}`,
    `      "retired": ${gone.length === 0 ? '[]' : `[\n${gone.join(',\n')}\n      ]`}`,
  ]
  return `{\n${parts.join(',\n')}\n    }`
}
