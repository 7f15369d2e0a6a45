import { type Client, observationOf, type Origin } from '@rivulet/client'
import { getCurrentInstance, onMounted, onUpdated } from 'vue'

/** Who the component is that `setup` runs for, for tools, which hear of its renders. Undefined unless the client was made with the option `devtools`. */
export function useOrigin(client: Client, hook: string): Origin | undefined {
  const observation = observationOf(client)
  if (observation === undefined) return undefined
  const instance = getCurrentInstance()
  const { name, ['__name']: fileName } = instance?.type ?? {}
  const called = name ?? fileName
  const origin: Origin = {
    hook,
    ...(called !== undefined && { name: called }),
    trace: new Error('set up'),
    runs: 0,
  }
  if (instance === null) return origin
  const ran = (): void => {
    if (observation.hooks) observation.hooks.ran(origin)
    else origin.runs++
  }
  onMounted(ran)
  onUpdated(ran)
  return origin
}
