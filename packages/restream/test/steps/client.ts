import { createClient } from '@rivulet/client'

export const client = createClient({ url: 'https://harbour.example' })
