import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { clientMessageSchema, receivedMessageSchema, serverMessageSchema } from '../../dist/wire/websocket/messages.js'

const all: readonly z.ZodType[] = [...clientMessageSchema.options, ...serverMessageSchema.options]
const examplesOf = (schema: z.ZodType): readonly unknown[] => (schema.meta()?.['examples'] as readonly unknown[] | undefined) ?? []

describe('each message of /ws/compile', () => {
  it('is described, with examples that fit it', () => {
    for (const schema of all) {
      expect(schema.meta()?.description).toMatch(/.{10}/)
      expect(examplesOf(schema).length).toBeGreaterThan(0)
      for (const example of examplesOf(schema)) expect(schema.parse(example)).toEqual(example)
    }
  })

  it('that is described as one of a client is taken', () => {
    for (const schema of clientMessageSchema.options) {
      for (const example of examplesOf(schema)) expect(receivedMessageSchema.safeParse(example).success).toBe(true)
    }
  })
})
