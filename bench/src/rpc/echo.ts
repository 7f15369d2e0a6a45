import type { RpcDef } from '@rivulet/wire'

/** What is asked and what is answered: a text and a number, back and forth. */
export interface Ask {
  readonly text: string
  readonly n: number
}

const text = { kind: 'string' } as const
const int = { kind: 'int32' } as const
const askFields = [
  { name: 'text', type: text },
  { name: 'n', type: int },
] as const

/** The call in Rivulet's terms. */
export const Echo: RpcDef<Ask, Ask> = {
  kind: 'rpc',
  name: 'Echo',
  request: 'bench.Ask',
  response: 'bench.EchoResult',
  types: [
    {
      'bench.Ask': { form: 'flat', fields: askFields },
      'bench.EchoResult': {
        form: 'flat',
        fields: [
          { name: 'result', type: { kind: 'struct', ref: 'bench.Ask' } },
          { name: 'error', type: { kind: 'pointer', elem: text } },
        ],
      },
    },
  ],
}

/** What every handler does: one more than it was given. */
export function answerTo({ text: said, n }: Ask): Ask {
  return { text: said, n: n + 1 }
}
