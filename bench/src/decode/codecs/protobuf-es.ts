import { create, createFileRegistry, type DescMessage, fromBinary, type Message, toBinary } from '@bufbuild/protobuf'
import {
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
  FileDescriptorProtoSchema,
} from '@bufbuild/protobuf/wkt'
import type { Codec } from '../codec.ts'
import type { Entity } from '../world.ts'

const field = (name: string, number: number, type: Type) => ({
  name,
  jsonName: name,
  number,
  type,
  label: Label.OPTIONAL,
})

// What protoc-gen-es would embed in a generated module; protobuf-es reads messages through the descriptor either way.
const file = create(FileDescriptorProtoSchema, {
  name: 'world.proto',
  package: 'bench',
  syntax: 'proto3',
  messageType: [
    {
      name: 'Entity',
      field: [
        field('id', 1, Type.STRING),
        field('name', 2, Type.STRING),
        field('x', 3, Type.FLOAT),
        field('y', 4, Type.FLOAT),
        field('hp', 5, Type.UINT32),
        field('score', 6, Type.SINT32),
        field('alive', 7, Type.BOOL),
      ],
    },
    {
      name: 'World',
      field: [
        {
          name: 'entities',
          jsonName: 'entities',
          number: 1,
          type: Type.MESSAGE,
          label: Label.REPEATED,
          typeName: '.bench.World.EntitiesEntry',
        },
      ],
      nestedType: [
        {
          name: 'EntitiesEntry',
          options: { mapEntry: true },
          field: [
            field('key', 1, Type.STRING),
            {
              name: 'value',
              jsonName: 'value',
              number: 2,
              type: Type.MESSAGE,
              label: Label.OPTIONAL,
              typeName: '.bench.Entity',
            },
          ],
        },
      ],
    },
  ],
})

function messageOf(name: string): DescMessage {
  const found = createFileRegistry(file, () => undefined).getMessage(name)
  if (found === undefined) throw new Error(`The descriptor has no message ${name}.`)
  return found
}

const WorldSchema = messageOf('bench.World')

type WorldMessage = Message & { readonly entities: Record<string, Entity> }

/** protobuf-es: a map field read as an object; no deltas. */
export const protobufEs: Codec<WorldMessage> = {
  name: 'protobuf-es',
  packageName: '@bufbuild/protobuf',
  ours: false,
  send: (world) => {
    const entities = Object.fromEntries(world)
    return { full: toBinary(WorldSchema, create(WorldSchema, { entities })) }
  },
  decode: (full) => fromBinary(WorldSchema, full) as WorldMessage,
  entity: (state, id) => state.entities[id],
  count: (state) => Object.keys(state.entities).length,
}
