/** The store that the streams belong to; nobody reads it. @restream.store(CameraStore) */
export interface CameraStoreState {
  readonly name: string
}
