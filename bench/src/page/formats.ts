/** What is on the host: the world that is streamed, and the depot that arrives whole. */
export type Subject = 'world' | 'depot'

/** In what bytes. */
export type Format = 'rivulet' | 'colyseus'

/** Store name of each subject in each format. Those of Rivulet are in the schemas. */
export const storeNames: Readonly<Record<Format, Readonly<Record<Subject, string>>>> = {
  rivulet: { world: 'World', depot: 'Depot' },
  colyseus: { world: 'ColyseusWorld', depot: 'ColyseusDepot' },
}
