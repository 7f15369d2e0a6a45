import { createEngine } from '../engine/create-engine.ts'
import { createLive } from '../page/create-live.ts'
import type { LoadLive } from '../page/live.ts'
import { inlineLink } from './inline-link.ts'
import { createLocalChannel } from './local-channel.ts'

/** The live part and its engine, on this thread and at once: for places without workers, where nothing is loaded later either. */
export const loadHere: LoadLive = () => (setup) =>
  createLive((request) => inlineLink(createEngine(), request, createLocalChannel()), setup)
