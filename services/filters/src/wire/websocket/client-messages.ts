import { jobIdSchema, jsonSchema } from '@headway/protocol'
import { z } from 'zod'
import { compileBodySchema, describedCompileBodySchema } from '../schemas.js'
import { EXAMPLE_CONFIGURATION } from '../schemas-configuration.js'

/** Characters of a session's name. */
export const MAX_SESSION_ID_LENGTH = 128

const EXAMPLE_JOB = '7b1e4c9a-52d3-4f7e-9a33-0f8c2f1d6e51'
const EXAMPLE_SESSION = 'my-session-1'

export const sessionIdSchema = z
  .string()
  .min(1)
  .max(MAX_SESSION_ID_LENGTH)
  .meta({ description: 'The name that the client gave the compilation; it is known on this connection only', examples: [EXAMPLE_SESSION] })

const reasonSchema = z.string().max(500).optional().meta({ description: 'Why, for the log of the compilation' })

/** The cursor of an `attach`: `N`, or `"N.k"` where the last message that the client has was part k of event N. */
const afterSchema = z
  .union([z.int().nonnegative(), z.string().regex(/^\d{1,15}(\.\d{1,6})?$/)])
  .default(0)
  .meta({
    description: 'The `seq` of the last message that the client has of this compilation, 0 for none.',
    examples: [0, 17, '18.1'],
  })

const compileMembers = { type: z.literal('compile'), sessionId: sessionIdSchema }

/** Begins a compilation. */
export const compileMessageSchema = describedCompileBodySchema.extend(compileMembers).meta({
  description: 'Begins a compilation. It goes on when the connection is lost; `attach` takes it up again.',
  examples: [{ type: 'compile', sessionId: EXAMPLE_SESSION, configuration: EXAMPLE_CONFIGURATION, benchmark: true }],
})

export const controlMessageSchema = z
  .object({ type: z.enum(['cancel', 'pause', 'resume']), sessionId: sessionIdSchema, reason: reasonSchema })
  .meta({
    description: 'Controls a compilation of this connection. The messages that follow say when it has happened.',
    examples: [
      { type: 'cancel', sessionId: EXAMPLE_SESSION },
      { type: 'pause', sessionId: EXAMPLE_SESSION, reason: 'Lunch' },
      { type: 'resume', sessionId: EXAMPLE_SESSION },
    ],
  })

export const attachMessageSchema = z
  .object({
    type: z.literal('attach'),
    sessionId: sessionIdSchema,
    jobId: jobIdSchema.meta({ description: 'From `compile:started`, or the `requestId` of an HTTP answer' }),
    token: z.string().max(4096).optional().meta({ description: 'The token of the job; needless where the connection has an API key' }),
    after: afterSchema,
  })
  .meta({
    description: 'Takes a compilation up after the last message that the client has: no message is missing, none comes twice.',
    examples: [{ type: 'attach', sessionId: EXAMPLE_SESSION, jobId: EXAMPLE_JOB, token: 'the-token-of-compile-started', after: 17 }],
  })

export const pingMessageSchema = z
  .object({ type: z.literal('ping') })
  .meta({ description: 'Asks for a `pong`; keeps an idle connection open', examples: [{ type: 'ping' }] })

/** Every message that a client may send on `/ws/compile`. */
export const clientMessageSchema = z.discriminatedUnion('type', [
  compileMessageSchema,
  controlMessageSchema,
  attachMessageSchema,
  pingMessageSchema,
])
export type ClientMessage = z.infer<typeof clientMessageSchema>
export type CompileMessage = z.infer<typeof compileMessageSchema>

/** A `compile` as it is received: what is in its configuration is checked where the compilation is created, large texts come packed. */
const receivedCompileSchema = compileBodySchema.extend({ ...compileMembers, configuration: z.record(z.string(), jsonSchema) })

/** The same messages as the server checks them first. */
export const receivedMessageSchema = z.discriminatedUnion('type', [
  receivedCompileSchema,
  controlMessageSchema,
  attachMessageSchema,
  pingMessageSchema,
])
export type ReceivedMessage = z.infer<typeof receivedMessageSchema>
export type ReceivedCompile = z.infer<typeof receivedCompileSchema>
export type ControlMessage = z.infer<typeof controlMessageSchema>
export type AttachMessage = z.infer<typeof attachMessageSchema>
