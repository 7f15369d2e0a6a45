import { RivuletError } from '@rivulet/wire'

/** Something that an engine can do and not every app uses: here already, or on its way once it is asked for. Rejects with `worker` when it cannot be loaded; asked again, it is tried again. */
export type Extra<T> = () => T | Promise<T>

/** An extra in a chunk of its own. `name` is what the error calls it. */
export function onDemand<T extends object>(name: string, load: () => Promise<T>): Extra<T> {
  let extra: T | Promise<T> | undefined
  const fetch = async (): Promise<T> => {
    try {
      return (extra = await load())
    } catch (e) {
      extra = undefined
      throw new RivuletError('worker', `the worker's part for ${name} could not be loaded`, {
        hint: "Serve all files of the client's worker, of the same build, beside it.",
        cause: e,
      })
    }
  }
  return () => (extra ??= fetch())
}

/** Goes on with an extra: at once when it is here, so that nothing is reordered where nothing is loaded. */
export function withExtra<T>(extra: Extra<T>, goOn: (it: T) => void, failed: (error: unknown) => void): void {
  const it = extra()
  if (it instanceof Promise) it.then(goOn, failed)
  else goOn(it)
}
