import * as resub from 'resub'

const { AutoSubscribeStore, key } = resub

/** ReSub's options. Node finds all names of this CommonJS module but this one. */
export const resubOptions: typeof resub.Options = (
  'Options' in resub ? resub : (resub as { readonly default: typeof resub }).default
).Options

type Decorator = (target: object, name: string, descriptor: PropertyDescriptor) => unknown

/**
 * Applies ReSub's decorators as `experimentalDecorators` would: method name → `{ by, keys }`, where `keys` are the parameters with `@key`. By hand, so that no tool on the way needs to know legacy decorators.
 */
export function decorate(
  type: new (...args: never[]) => object,
  methods: Readonly<Record<string, { readonly by: unknown; readonly keys?: readonly number[] }>>,
): void {
  const prototype = type.prototype as object
  for (const [name, { by, keys = [] }] of Object.entries(methods)) {
    // TypeScript applies the decorators of parameters first, the last one first.
    for (const index of keys.toReversed()) key(prototype, name, index)
    const descriptor = Object.getOwnPropertyDescriptor(prototype, name)
    if (descriptor === undefined) throw new Error(`there is no method ${name}`)
    const decorated = (by as Decorator)(prototype, name, descriptor)
    Object.defineProperty(prototype, name, (decorated ?? descriptor) as PropertyDescriptor)
  }
  AutoSubscribeStore(type)
}
