// What the page's examples take for granted.
import {
  copyAsTest,
  diffMoments,
  readRecording,
  type Recording,
  replayRecording,
  stateAt,
} from '@rivulet/devtools/recording'
import type { ReactNode } from 'react'

export { act, render, screen } from '@testing-library/react'
export { expect } from 'vitest'
export { RivuletProvider } from '@rivulet/react'
export { copyAsTest, diffMoments, readRecording, replayRecording, stateAt }
export declare const recording: Recording
export declare function App(): ReactNode
