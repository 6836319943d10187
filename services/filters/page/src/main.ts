import type { CompileMessage } from '../../src/wire/websocket/client-messages.js'
import type { ServerMessage } from '../../src/wire/websocket/server-messages.js'
import { CodeExamples } from './code-examples.js'
import { Connection } from './connection.js'
import type { LinkState } from './connection.js'
import { byId, setText } from './dom.js'
import { EventLog } from './event-log.js'
import { RequestBuilder } from './request-builder.js'
import type { BuiltRequest } from './request-builder.js'
import { SessionBoard } from './session-board.js'
import { Statistics } from './statistics.js'

/** So often running times are shown anew. */
const TICK_MS = 500

const url = byId('url', HTMLInputElement)
const key = byId('key', HTMLInputElement)
const notice = byId('notice', HTMLParagraphElement)
url.value = new URL('ws/compile', document.baseURI).href.replace(/^http/, 'ws')

const log = new EventLog()
const statistics = new Statistics()
const examples = new CodeExamples()
const connection = new Connection({
  message: received,
  sent: (message) => log.sent(message),
  state: linkChanged,
  refused: say,
  latency: (ms) => statistics.latency(ms),
})
const board = new SessionBoard({
  send: (message) => connection.send(message),
  compiled: (ruleCount) => statistics.compiled(ruleCount),
  begun: () => statistics.begun(),
})
const builder = new RequestBuilder(showExample, compile)

byId('connection', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault()
  say('')
  connection.connect(url.value.trim(), key.value.trim())
})
byId('disconnect', HTMLButtonElement).addEventListener('click', () => connection.disconnect())
addEventListener('pagehide', () => board.save())

showExample()
show()
setInterval(show, TICK_MS)

function received(message: ServerMessage, size: number): void {
  statistics.message(message.type === 'event', size)
  log.received(message)
  board.take(message)
  if (message.type === 'error' && message.retryAfterSeconds !== undefined)
    say(`${message.error} Try again in ${message.retryAfterSeconds} s.`)
  if (message.type === 'welcome' && byId('auto-attach', HTMLInputElement).checked) board.attachAll()
  changed()
}

function linkChanged(state: LinkState, text: string): void {
  const link = byId('link', HTMLParagraphElement)
  if (state === 'waiting' || (state === 'idle' && link.dataset['state'] !== 'idle')) log.note(text, state === 'waiting' ? 'warn' : 'info')
  link.dataset['state'] = state
  setText(link, text)
  byId('connect', HTMLButtonElement).hidden = state !== 'idle'
  byId('disconnect', HTMLButtonElement).hidden = state === 'idle'
  byId('compile', HTMLButtonElement).disabled = state !== 'open'
  if (state === 'open') say('')
  if (state === 'idle' || state === 'waiting') board.disconnected()
  changed()
}

function compile(): void {
  const request = builder.request
  if (request === undefined) return
  board.compile(messageOf(request))
  builder.nextName((name) => board.has(name))
  changed()
}

function messageOf({ sessionId, body, benchmark }: BuiltRequest): CompileMessage {
  return { type: 'compile', sessionId, ...(body as Omit<CompileMessage, 'type' | 'sessionId'>), ...(benchmark && { benchmark }) }
}

function showExample(): void {
  const { request } = builder
  if (request !== undefined) examples.show(request, url.value)
}

let framed = false

/** Many messages come between two frames: the page is shown anew once, and what must outlive it is kept once. */
function changed(): void {
  if (framed) return
  framed = true
  requestAnimationFrame(() => {
    framed = false
    board.save()
    show()
  })
}

function show(): void {
  board.show(connection.open)
  statistics.show(board.sessions)
}

function say(text: string): void {
  setText(notice, text)
  notice.hidden = text === ''
}
