import { answerParent } from '../harness/child.ts'
import { type KeyedHost, contestants } from './contestants.ts'
import type { Setting } from './setting.ts'

let host: KeyedHost | undefined

answerParent({
  async start({ name, setting }: { name: string; setting: Setting }) {
    host = await contestants.find((one) => one.name === name)?.start(setting)
    return host?.port
  },
  tick: (tick: number) => host?.tick(tick),
})
