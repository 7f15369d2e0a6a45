export declare const fullBytes: Uint8Array
export declare const deltaBytes: Uint8Array
