export { PANEL_VERSION } from './protocol.ts'
