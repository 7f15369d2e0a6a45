import type { Path } from '@rivulet/wire'
import type { Registration } from './notify.ts'

/** What a store shows over the server's state: the changes of calls that are under way (optimistic.ts). A store without any has none, and pays nothing. */
export interface Overlay {
  /** What is shown at `path`, which the schema has. The same object as long as nothing there has changed. */
  get(path: Path): unknown
  /** The same for versions. Those of changed places are negative, so that none is ever one of the store's own. */
  version(path: Path): number
  /** A patch has reached a path of the store; adds to `heard` what has to run once the whole patch is in. */
  changed(heard: Set<Registration>): void
}
