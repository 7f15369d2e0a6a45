export declare const user: { readonly id: string }
export { HarborStore } from '../../README/setup.tsx'
