import type { Codec } from '../codec.ts'
import { colyseus } from './colyseus.ts'
import { json } from './json.ts'
import { msgpackrNoEval } from './msgpackr-no-eval.ts'
import { msgpackr } from './msgpackr.ts'
import { protobufEs } from './protobuf-es.ts'
import { rivulet, rivuletPure } from './rivulet.ts'

/** Everybody who takes part, ours first. */
export const codecs: readonly Codec[] = [
  rivulet,
  rivuletPure,
  msgpackr,
  msgpackrNoEval,
  json,
  protobufEs,
  colyseus,
] as readonly Codec[]
