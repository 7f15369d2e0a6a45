/**
 * What can be wrong with the sources, as one closed set.
 *
 * Project: `config` (restream.yaml says something that cannot work), `no-package` (a folder without Go files, or with several packages),
 * `duplicate-package` (two packages of one name would share a generated file), `syntax` (the grammar does not accept the file),
 * `foreign-package` (a type of a package that is not on disk), `excluded-file` (a declaration in a file that is not read).
 *
 * Types: `unknown-type`, `unsupported-type` (channels, functions, complex numbers, interfaces with methods, lists whose elements take no bytes), `anonymous-struct`,
 * `not-annotated` (a struct of another file without an annotation), `defined-from-struct` (`type A B` of a struct), `type-arguments`
 * (generic without them, or too few), `generic-flavour` (a generic struct with ids), `map-key`, `recursive-value` (a struct that contains itself
 * by value), `field-clash` (two fields, or two promoted ones, with one name), `embedded` (an embedded field that is no struct), `tag` (a field tag that
 * cannot be read), `beyond-reference` (fine here, but the Go reference cannot generate or encode it), `file-boundary` (a partial struct that
 * its parent replaces whole, because it is declared in another file).
 *
 * Ids: `missing-id`, `duplicate-id`, `id-range`, `max-field` (MAXFIELD is absent or too low).
 *
 * Constants: `constant` (an expression that cannot be evaluated), `enum-member` (two members of one value or name, or a name that is no identifier).
 *
 * Stores and registrations: `annotation` (an annotation that cannot be read), `store-state` (no state struct, or several), `store-type`,
 * `access-level` (no constant, or out of range), `registration` (an argument that cannot be read), `handler` (a handler that cannot be found, or with
 * the wrong signature), `event-type`, `keyed-event`, `duplicate-name` (two stores, calls, events or generated types of one name).
 *
 * TypeScript: `no-input` (a file or folder that is not there), `undefined` (the wire has null and no undefined), `byte-list` (a list of uint8, which is
 * a Uint8Array), `literal-type` (literals without a name), `field-name` (a property that cannot be a field's name), `call` (a signature that is no call
 * or event), `enum-kind` (an enum whose values are not all integers of its kind, or not all strings).
 *
 * Lock file: `lock` (it cannot be read, or contradicts itself), `frozen-lock` (it would change), `moved-id` (a tag gives a field another id than it
 * had), `reused-id` (a tag gives a field the id of one that is gone), `renamed` (`@was` names what never was, or still is).
 */
export type DiagnosticCode =
  | 'config'
  | 'no-package'
  | 'duplicate-package'
  | 'syntax'
  | 'foreign-package'
  | 'excluded-file'
  | 'unknown-type'
  | 'unsupported-type'
  | 'anonymous-struct'
  | 'not-annotated'
  | 'defined-from-struct'
  | 'type-arguments'
  | 'generic-flavour'
  | 'map-key'
  | 'recursive-value'
  | 'field-clash'
  | 'embedded'
  | 'tag'
  | 'beyond-reference'
  | 'file-boundary'
  | 'missing-id'
  | 'duplicate-id'
  | 'id-range'
  | 'max-field'
  | 'constant'
  | 'enum-member'
  | 'annotation'
  | 'store-state'
  | 'store-type'
  | 'access-level'
  | 'registration'
  | 'handler'
  | 'event-type'
  | 'keyed-event'
  | 'duplicate-name'
  | 'no-input'
  | 'undefined'
  | 'byte-list'
  | 'literal-type'
  | 'field-name'
  | 'call'
  | 'enum-kind'
  | 'lock'
  | 'frozen-lock'
  | 'moved-id'
  | 'reused-id'
  | 'renamed'
