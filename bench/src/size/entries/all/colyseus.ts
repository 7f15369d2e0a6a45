export * from '@colyseus/sdk'
