import { byId, element, setText } from './dom.js'
import type { BuiltRequest } from './request-builder.js'
import { shortened } from './text.js'

/** A longer pre-fetched text is shortened: an example is to be read. */
const MAX_TEXT = 400

type Language = 'JavaScript' | 'curl'

/** The request as programs would send it. */
export class CodeExamples {
  #language: Language = 'JavaScript'
  #request: BuiltRequest | undefined
  #url = ''

  constructor() {
    for (const language of ['JavaScript', 'curl'] as const) {
      const choice = element('input', { type: 'radio' })
      choice.name = 'language'
      choice.checked = language === this.#language
      choice.addEventListener('change', () => {
        this.#language = language
        this.#show()
      })
      byId('code-kinds', HTMLDivElement).append(element('label', {}, choice, element('span', { text: language })))
    }
    const copy = byId('copy-code', HTMLButtonElement)
    copy.addEventListener('click', () => {
      void navigator.clipboard.writeText(byId('code', HTMLPreElement).textContent ?? '').then(
        () => setText(copy, 'Copied'),
        () => setText(copy, 'Not allowed'),
      )
    })
    copy.addEventListener('blur', () => setText(copy, 'Copy'))
  }

  show(request: BuiltRequest, url: string): void {
    this.#request = request
    this.#url = url
    this.#show()
  }

  #show(): void {
    if (this.#request === undefined) return
    const text = this.#language === 'curl' ? curl(this.#request, this.#url) : javaScript(this.#request, this.#url)
    setText(byId('code', HTMLPreElement), text)
  }
}

function javaScript(request: BuiltRequest, url: string): string {
  const message = JSON.stringify({ type: 'compile', sessionId: request.sessionId, ...shown(request) }, null, 2)
  return `const ws = new WebSocket(${JSON.stringify(url)})

let job // what is needed to attach again

ws.onopen = () => ws.send(JSON.stringify(${message}))

ws.onmessage = ({ data }) => {
  const message = JSON.parse(data)
  switch (message.type) {
    case 'compile:started':
      job = { jobId: message.jobId, token: message.token }
      break
    case 'event':
      console.log(message.seq, message.eventType, message.data)
      break
    case 'compile:complete':
      console.log(message.ruleCount, 'rules')
      break
    case 'compile:error':
      console.error(message.error)
      break
  }
  if (message.seq) job = { ...job, after: message.seq }
}

// On a new connection, after the first was lost:
// ws.send(JSON.stringify({ type: 'attach', sessionId: ${JSON.stringify(request.sessionId)}, ...job }))
`
}

function curl(request: BuiltRequest, url: string): string {
  const base = url.replace(/^ws/, 'http').replace(/\/ws\/compile.*$/, '')
  const body = JSON.stringify(shown(request), null, 2).replaceAll("'", `'\\''`)
  return `# The same events as Server-Sent Events. The first message and the
# header X-Job-Token give the token, X-Request-Id the id.
curl -N -i ${base}/compile/stream \\
  -H 'Content-Type: application/json' \\
  -d '${body}'

# Broken off? Go on after the last id that you have:
curl -N ${base}/compile/stream/REQUEST_ID \\
  -H 'Authorization: Bearer TOKEN' \\
  -H 'Last-Event-ID: 17'
`
}

function shown({ body, benchmark }: BuiltRequest): object {
  const { preFetchedContent, ...rest } = body
  const texts = Object.entries(preFetchedContent ?? {}).map(([name, text]) => [name, shortened(text, MAX_TEXT)])
  return { ...rest, ...(preFetchedContent && { preFetchedContent: Object.fromEntries(texts) }), ...(benchmark && { benchmark }) }
}
