import { RivuletError } from '@rivulet/wire'
import { createSnapshot, type FilledSnapshot } from './create-snapshot.ts'
import { SNAPSHOT, type SnapshotCell } from './snapshot.ts'
import type { Client } from './types.ts'

/** Where a client keeps its snapshot. Throws `config` for what is no client. */
export function cellOf(client: Client): SnapshotCell {
  const cell = (client as { readonly [SNAPSHOT]?: SnapshotCell })[SNAPSHOT]
  if (cell === undefined) {
    throw new RivuletError('config', 'state can only be kept for a client made by createClient', {
      hint: 'Pass the client itself, not a copy or a part of it.',
    })
  }
  return cell
}

/** The snapshot of a client, made when there is none. Throws `config` for what is no client. */
export function snapshotOf(client: Client): FilledSnapshot {
  const cell = cellOf(client)
  cell.current ??= createSnapshot(cell.report)
  // Whoever else fills the cell is another copy of this module.
  return cell.current as FilledSnapshot
}
