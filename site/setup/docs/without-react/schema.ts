export { FleetStore, Rename } from '../../common.tsx'
