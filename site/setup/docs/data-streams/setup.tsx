import type { RefObject } from 'react'
import type { StreamDef, StreamUnit } from '@rivulet/wire'

interface Decoder {
  decode(payload: Uint8Array): void
}

export declare const CameraVideo: StreamDef
export declare const decoder: Decoder & RefObject<Decoder>
export declare const decode: (decoder: VideoDecoder, unit: StreamUnit) => void
export declare const element: HTMLCanvasElement
