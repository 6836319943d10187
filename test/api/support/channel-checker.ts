import { expect } from 'vitest'
import { schemaChecker } from './check-schema.js'
import { pointed } from './documents.js'
import type { AsyncApi, AsyncMessage, Schema } from './documents.js'

type TypeOf = { readonly properties?: { readonly type?: { readonly const?: string; readonly enum?: readonly string[] } } }

/** Checks what really comes over a channel against its description, and keeps account of what came. */
export interface ChannelChecker {
  /** Checks a message. @param event its `event:` over SSE */
  sent(payload: unknown, event?: string): void
  /** Checks a message of a client. */
  received(payload: unknown): void
  /** Descriptions of the server's messages of which none came. */
  readonly missing: readonly string[]
}

export function channelChecker(document: AsyncApi, channel: string): ChannelChecker {
  const check = schemaChecker(document)
  const described = (action: 'send' | 'receive') => messagesOf(document, channel, action)
  const sends = described('send')
  const takes = described('receive')
  const seen = new Set<string>()
  const fits = (messages: ReadonlyMap<string, AsyncMessage>, payload: unknown, event: string | undefined): string => {
    const ofEvent = [...messages].filter(([, message]) => message.headers?.properties.event?.const === event)
    const { type } = (typeof payload === 'object' && payload !== null ? payload : {}) as { readonly type?: unknown }
    // A message that names its type is judged by that one, whatever else it would fit.
    const own = ofEvent.filter(([, message]) => typesOf(document, message).includes(type))
    const candidates = own.length > 0 ? own : ofEvent.filter(([, message]) => typesOf(document, message).length === 0)
    const results = candidates.map(([name, message]) => [name, check(message.payload, payload)] as const)
    const fitting = results.find(([, misfits]) => misfits.length === 0)
    const said = `${event ?? ''} ${JSON.stringify(payload)}`.slice(0, 600)
    expect(fitting, `No message of ${channel} is described like this one: ${said}\n${JSON.stringify(results)}`).toBeDefined()
    return fitting?.[0] ?? ''
  }
  return {
    sent: (payload, event) => void seen.add(fits(sends, payload, event)),
    received: (payload) => void fits(takes, payload, undefined),
    get missing() {
      return [...sends.keys()].filter((name) => !seen.has(name))
    },
  }
}

/** The messages of a channel that the server sends, or receives. */
function messagesOf(document: AsyncApi, channel: string, action: 'send' | 'receive'): Map<string, AsyncMessage> {
  const operations = Object.values(document.operations).filter(
    (operation) => operation.action === action && operation.channel.$ref === `#/channels/${channel}`,
  )
  const names = operations.flatMap(({ messages }) => messages.map(({ $ref }) => $ref.slice($ref.lastIndexOf('/') + 1)))
  return new Map(Object.entries(document.components.messages).filter(([name]) => names.includes(name)))
}

/** The values of `type` that a message may have; none where any may be. */
function typesOf(document: AsyncApi, { payload }: AsyncMessage): readonly unknown[] {
  const schema = (payload.$ref === undefined ? payload : pointed(document, payload.$ref)) as Schema & TypeOf
  const type = schema.properties?.type
  return type?.const === undefined ? (type?.enum ?? []) : [type.const]
}
