import { ReStreamSocket } from '@boatkit-io/restream'
import { client } from './client.ts'
import { HarbourDef } from './rivulet/harbour.ts'

export const rss = new ReStreamSocket(client, { stores: [HarbourDef] })
