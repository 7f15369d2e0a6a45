import type { Diagnostics } from '../../diagnostics/diagnostic.ts'
import type { SourcePlace } from '../../model/schema-model.ts'
import type { Flavour } from '../../model/schema-node.ts'
import type { Declared } from '../project/go-package.ts'
import type { TypeSyntax } from '../syntax/read-declarations.ts'
import type { TypeScope } from '../types/resolve-type.ts'
import { readAnnotations } from './annotations.ts'
import { refOf, type WireField, type WireStruct } from './wire-struct.ts'

/** Finds all structs that travel, from the annotated ones on. */
export interface StructCollector {
  /** A struct is used by something that travels. */
  readonly meet: (declared: Declared<TypeSyntax>, at: SourcePlace, scope: TypeScope) => void
  /** A struct travels whatever uses it, at least as `flavour`. */
  readonly add: (declared: Declared<TypeSyntax>, flavour: Flavour) => void
  /** Works through everything that was met or added. Structs by reference. */
  readonly finish: () => ReadonlyMap<string, WireStruct>
}

const STRENGTH: readonly Flavour[] = ['flat', 'fielded', 'partial']

/** A collector; `fieldsOf` reads a struct's fields and meets the structs in them. */
export function createStructCollector(
  fieldsOf: (declared: Declared<TypeSyntax>) => readonly WireField[],
  diagnostics: Diagnostics,
): StructCollector {
  const flavours = new Map<string, Flavour>()
  const queue: Declared<TypeSyntax>[] = []
  const owners = new Map<string, Declared<TypeSyntax>>()
  const unannotated: { readonly declared: Declared<TypeSyntax>; readonly at: SourcePlace; readonly owner: string }[] =
    []

  const add = (declared: Declared<TypeSyntax>, flavour: Flavour): void => {
    const ref = refOf(declared)
    const known = flavours.get(ref)
    const owner = owners.get(ref) ?? declared
    owners.set(ref, owner)
    if (!isSame(owner, declared)) return refuseSecond(owner, declared, diagnostics)
    if (known === undefined) queue.push(declared)
    if (known === undefined || STRENGTH.indexOf(flavour) > STRENGTH.indexOf(known)) flavours.set(ref, flavour)
  }

  return {
    add,
    meet(declared, at, { owner, user }) {
      const { flavour } = readAnnotations(declared.file.path, declared.syntax.comments, diagnostics)
      if (flavour !== undefined) add(declared, flavour)
      else if (declared.file === user) add(declared, 'flat')
      else unannotated.push({ declared, at, owner })
    },
    finish() {
      const structs = new Map<string, WireStruct>()
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        const ref = refOf(next)
        structs.set(ref, { ref, declared: next, flavour: 'flat', fields: fieldsOf(next) })
      }
      for (const { declared, at, owner } of unannotated.filter((entry) => !structs.has(refOf(entry.declared)))) {
        const message = `${owner}: ${refOf(declared)} is declared in another file, ${declared.file.path}, without an annotation`
        const hint = 'Write // @restream.serializers, @restream.fields or @restream.partials above its declaration.'
        diagnostics.error('not-annotated', at, message, hint)
      }
      for (const [ref, struct] of structs) {
        const flavour = flavours.get(ref) ?? 'flat'
        structs.set(ref, { ...struct, flavour: checkedFlavour(struct, flavour, diagnostics) })
      }
      return structs
    },
  }
}

const isSame = (a: Declared<TypeSyntax>, b: Declared<TypeSyntax>): boolean =>
  a.file.path === b.file.path && a.syntax.at.line === b.syntax.at.line && a.syntax.at.column === b.syntax.at.column

/** Two structs of one reference: the wire would know only the first. */
function refuseSecond(first: Declared<TypeSyntax>, second: Declared<TypeSyntax>, diagnostics: Diagnostics): void {
  const { at } = first.syntax
  const message = `${refOf(second)} is there already, at ${at.file}:${at.line}`
  if (first.file.pkg === second.file.pkg)
    diagnostics.error('duplicate-name', second.syntax.at, message, 'Rename one of them, or remove it.')
  else diagnostics.error('duplicate-package', second.syntax.at, message, 'Rename one of the packages.')
}

function checkedFlavour({ declared }: WireStruct, flavour: Flavour, diagnostics: Diagnostics): Flavour {
  const { name, typeParams, at } = declared.syntax
  if (typeParams.length === 0 || flavour === 'flat') return flavour
  const message = `the generic struct ${name} cannot have field ids: its type arguments are not on the wire`
  diagnostics.error('generic-flavour', at, message, 'Annotate it with @restream.serializers.')
  return 'flat'
}
