import type { LoginLink } from '@rivulet/client'

export declare const user: { readonly id: string }
export declare const logIn: (link: LoginLink) => Promise<void>
