import { Packr, Unpackr } from 'msgpackr/index-no-eval'
import { msgpackrCodec } from './msgpackr-codec.ts'

/** msgpackr's build for pages whose CSP forbids evaluation, which is what a Rivulet page has. */
export const msgpackrNoEval = msgpackrCodec(
  'msgpackr no-eval',
  'records, its CSP build; delta = hand-written list',
  Packr,
  Unpackr,
)
