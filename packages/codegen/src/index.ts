export { compareSchemas } from './compare/compare-schemas.ts'
export { type Finding, type FindingCode, type FindingSeverity, isBreaking, type Peers } from './compare/finding.ts'
export { countFindings, formatFinding } from './compare/format-finding.ts'
export type { DiagnosticCode } from './diagnostics/codes.ts'
export { createDiagnostics, type Diagnostic, type Diagnostics, type Severity } from './diagnostics/diagnostic.ts'
export { formatDiagnostic } from './diagnostics/format-diagnostic.ts'
export { BANNER } from './emit/banner.ts'
export type { EmittedFile } from './emit/emitted-file.ts'
export { emitGo, type GoOptions } from './emit/go/emit-go.ts'
export { emitHooks, type HookOptions } from './emit/hooks/emit-hooks.ts'
export { emitJson, type HashedSchema, schemaHash, type SchemaFile } from './emit/json/emit-json.ts'
export { sortModel } from './emit/sort-model.ts'
export { emitTypeScript } from './emit/typescript/emit-typescript.ts'
export type { ModuleOptions } from './emit/typescript/plan.ts'
export type { Reading, ReadingOptions } from './emit/typescript/reading.ts'
export { createGoCache, type GoCache } from './go/project/file-cache.ts'
export { type TsImport, type ProjectConfig } from './go/project/project-config.ts'
export { diskTree, memoryTree, type SourceTree } from './go/project/source-tree.ts'
export { type GoReading, readGo, type ReadGoOptions } from './go/read-go.ts'
export { partialShape } from './model/partial-shape.ts'
export { plainSchema } from './model/plain-schema.ts'
export type {
  ConstOrigin,
  ConstValue,
  EnumMember,
  Extra,
  FieldExtra,
  NamedType,
  PackageExtra,
  PacketRole,
  SchemaConst,
  SchemaEnum,
  SchemaEvent,
  SchemaField,
  SchemaFfrpc,
  SchemaKeyedEvent,
  SchemaModel,
  SchemaPackage,
  SchemaPacket,
  SchemaRpc,
  SchemaStore,
  SchemaStream,
  SchemaStruct,
  SourcePlace,
  StoreType,
} from './model/schema-model.ts'
export { STORE_TYPES } from './model/schema-model.ts'
export type {
  AnyNode,
  ArrayNode,
  Flavour,
  IntegerKind,
  MapNode,
  NodeExtra,
  ParamNode,
  PartialHelper,
  PartialShape,
  PointerNode,
  PrimitiveKind,
  PrimitiveNode,
  SchemaNode,
  SetNode,
  StructNode,
  TimeNode,
} from './model/schema-node.ts'
export { wireTypes, type WireTypesOptions } from './model/wire-types.ts'
export { defineConfig, type OutputConfig, type Project, type RivuletConfig } from './project/config.ts'
export { followSources, type Following } from './project/follow.ts'
export { generate, type Generated, type GenerateOptions } from './project/generate.ts'
export { loadConfig } from './project/load-config.ts'
export { createSourceCache, type SourceCache } from './project/source-cache.ts'
export { parseSchema, readSchema } from './project/schema-file.ts'
export type { Watch } from './project/watch.ts'
export type { FileChanges } from './project/write-files.ts'
export { tsFileName, tsName } from './model/ts-name.ts'
export { createTypeScriptCache, type TypeScriptCache } from './ts/project/file-cache.ts'
export { readTypeScript, type ReadTypeScriptOptions, type TypeScriptReading } from './ts/read-typescript.ts'
