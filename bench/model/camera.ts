/** The store that the streams belong to; nobody reads it. @restream.store(CameraStore) */
export interface CameraStoreState {
  readonly name: string
}

/** @restream.stream(CameraStore) */
export interface Camera {
  /** Goes to the page. @name Video */
  video(key: string): Uint8Array
  /** Stays in the worker. @name Painted */
  painted(key: string): Uint8Array
}
