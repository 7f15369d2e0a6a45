export { Client, getStateCallbacks } from '@colyseus/sdk'
