/*
 * How wide a number is on the wire, as names for TypeScript's types. They are plain aliases and not brands: values are assigned and calculated with
 * as ever, encoders check the range, and the generator reads the name where the schema's source says it. A plain `number` is a `float64`,
 * a plain `bigint` a 64-bit signed integer.
 */

/**
 * An integer from -128 to 127 (spec: wire.md §1).
 *
 * @example
 * interface Motor { readonly trim: int8 }
 */
export type int8 = number

/**
 * An integer from -32,768 to 32,767 (spec: wire.md §1).
 *
 * @example
 * interface Motor { readonly torque: int16 }
 */
export type int16 = number

/**
 * An integer from -2^31 to 2^31 - 1 (spec: wire.md §1). Small values take one byte, whatever the width.
 *
 * @example
 * interface Cell { readonly x: int32; readonly y: int32 }
 */
export type int32 = number

/**
 * A 64-bit signed integer as a `number`: a value beyond ±2^53 throws, it is never rounded. See {@link bigint64} for the whole range.
 *
 * @example
 * interface Reading { readonly sequence: int64 }
 */
export type int64 = number

/**
 * An integer from 0 to 255 (spec: wire.md §1). A list of them is a `Uint8Array`.
 *
 * @example
 * interface Lamp { readonly brightness: uint8 }
 */
export type uint8 = number

/**
 * An integer from 0 to 65,535 (spec: wire.md §1).
 *
 * @example
 * interface Motor { readonly rpm: uint16 }
 */
export type uint16 = number

/**
 * An integer from 0 to 2^32 - 1 (spec: wire.md §1).
 *
 * @example
 * interface Device { readonly serial: uint32 }
 */
export type uint32 = number

/**
 * A 64-bit unsigned integer as a `number`: a value beyond 2^53 throws, it is never rounded. See {@link biguint64} for the whole range.
 *
 * @example
 * interface Disk { readonly bytesFree: uint64 }
 */
export type uint64 = number

/**
 * A 64-bit signed integer as a `bigint`; `bigint` alone says the same.
 *
 * @example
 * interface Ledger { readonly balance: bigint64 }
 */
export type bigint64 = bigint

/**
 * A 64-bit unsigned integer as a `bigint`.
 *
 * @example
 * interface Block { readonly hash: biguint64 }
 */
export type biguint64 = bigint

/**
 * A floating-point number of 4 bytes; what does not fit is rounded to the nearest (spec: wire.md §2).
 *
 * @example
 * interface Tank { readonly level: float32 }
 */
export type float32 = number

/**
 * A floating-point number of 8 bytes: what `number` alone says (spec: wire.md §2).
 *
 * @example
 * interface Position { readonly latitude: float64 }
 */
export type float64 = number

/**
 * A point in time as Unix milliseconds, where `Date` would be an object for each (spec: wire.md §2).
 *
 * @example
 * interface Sample { readonly at: millis }
 */
export type millis = number
