/** The store of the cameras. @restream.store(CameraStore) */
export interface CameraStoreState {
  readonly name: string
}

/** One that nobody may read. @restream.store(VaultStore) @access 5 */
export interface VaultStoreState extends CameraStoreState {}
