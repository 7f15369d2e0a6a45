import { Packr, Unpackr } from 'msgpackr'
import { msgpackrCodec } from './msgpackr-codec.ts'

/** msgpackr as it comes: reads records through functions it compiles at run time, which a strict CSP forbids. */
export const msgpackr = msgpackrCodec(
  'msgpackr',
  'records, needs unsafe-eval; delta = hand-written list',
  Packr,
  Unpackr,
)
