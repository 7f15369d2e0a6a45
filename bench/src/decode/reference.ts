import { refusal, registryAnswer } from '../harness/registry-answer.ts'
import type { Absent } from '../harness/result.ts'

/** Asks the registries, now, whether the reference's own TypeScript can be had. */
export async function referenceFromRegistries(short: boolean): Promise<Absent> {
  const timeoutMs = short ? 3000 : 10_000
  const [npm, go] = await Promise.all([
    registryAnswer('@boatkit-io/restream', timeoutMs),
    refusal('go', ['list', '-m', 'github.com/boatkit-io/restream@latest'], timeoutMs),
  ])
  const missing = npm !== null && go !== null
  return { contestant: 'restream web', reason: missing ? `${npm}; ${go}` : 'no adapter for it has been written yet' }
}
