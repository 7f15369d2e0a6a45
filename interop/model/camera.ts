/** The store of the cameras. @restream.store(CameraStore) */
export interface CameraStoreState {
  readonly name: string
}

/** One that nobody may read. @restream.store(VaultStore) @access 5 */
export interface VaultStoreState extends CameraStoreState {}

/** @restream.stream(CameraStore) */
export interface Camera {
  /** What a camera sees. */
  video(key: string): Uint8Array
  /** The same, for the handler of the test's own worker. */
  painted(key: string): Uint8Array
}
