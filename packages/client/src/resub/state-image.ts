import { namedStruct, type Path, type PathPart, type TypeNode } from '@rivulet/wire'
import { behindPointers, childNode, isBoxed } from '../page/schema-walk.ts'
import { structNode } from '../page/struct-node.ts'
import type { PageStore } from '../page/types.ts'

/** What an image of a state is made with. */
export interface ImageSource {
  readonly page: PageStore<unknown>
  /** Whether something below this path is followed although the path as a whole is not. */
  followedBelow(path: Path): boolean
  /** The value at `path` as the app sees it; the adapter for generated classes makes instances of them. */
  present(value: unknown, path: Path): unknown
  /** The object that an image of the struct at `path` starts from; its properties are added. */
  blank(path: Path): object
}

/**
 * The state of a store as far as it is followed, for getters that read `this._state.boats.get(id)` while only that boat is followed.
 *
 * What is known as a whole is the real, immutable value. A struct, map or list of which only parts are followed is an image that reads those parts; iterating such a map
 * or list yields nothing, because what it holds is not known. Everything else reads as its zero value.
 */
export function stateImage(source: ImageSource): unknown {
  const { def } = source.page
  return view(source, [], structNode(def.types, def.state))
}

function view(source: ImageSource, path: Path, type: TypeNode): unknown {
  const { page } = source
  // A version, because a struct of which one field is known to be missing is known to be absent.
  if (page.version(path) !== 0 || !source.followedBelow(path)) return source.present(page.get(path), path)
  const at = isBoxed(type) ? type : behindPointers(type)
  switch (at.kind) {
    case 'struct':
      return imageOf(source, path, at.ref)
    case 'map':
      return new PartialMapImage((key) => below(source, path, at, key))
    case 'array':
      return partialList((index) => below(source, path, at, index))
    default:
      return source.present(page.get(path), path)
  }
}

function below(source: ImageSource, path: Path, type: TypeNode, part: PathPart): unknown {
  const child = childNode(source.page.def.types, type, part)
  return child === undefined ? undefined : view(source, [...path, part], child)
}

function imageOf(source: ImageSource, path: Path, ref: string): object {
  const image = source.blank(path)
  for (const { name, type } of namedStruct(source.page.def.types, ref).fields) {
    Object.defineProperty(image, name, { enumerable: true, get: () => view(source, [...path, name], type) })
  }
  return image
}

/** A map of which only some keys are followed. A class, so that `instanceof Map` holds. */
class PartialMapImage extends Map<PathPart, unknown> {
  readonly #read: (key: PathPart) => unknown

  constructor(read: (key: PathPart) => unknown) {
    super()
    this.#read = read
  }

  override get(key: PathPart): unknown {
    return this.#read(key)
  }

  override has(key: PathPart): boolean {
    return this.#read(key) !== undefined
  }
}

function partialList(read: (index: number) => unknown): object {
  return new Proxy<unknown[]>([], {
    get: (target, key, receiver) =>
      typeof key === 'string' && /^(0|[1-9]\d*)$/.test(key) ? read(Number(key)) : Reflect.get(target, key, receiver),
  })
}
