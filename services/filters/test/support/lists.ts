import { createServer } from 'node:http'
import type { ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** A server of source lists that answers when the test says so. */
export interface Lists {
  readonly urlOf: (name: string) => string
  /** What is answered from now on, to whoever waits as well. A number is a status without a text. */
  readonly give: (name: string, text: string | number) => void
  /** From now on, whoever asks waits. */
  readonly hold: (name: string) => void
  /** How many requests there were. */
  readonly asked: (name: string) => number
  /** Resolves when somebody waits for this list. */
  readonly waitedFor: (name: string) => Promise<void>
  /** Resolves when nobody waits for this list any more and it was not given. */
  readonly abandoned: (name: string) => Promise<void>
}

class List {
  text: string | number | undefined
  asked = 0
  readonly waiting = new Set<ServerResponse>()
  readonly #looking: (() => void)[] = []

  take(response: ServerResponse): void {
    this.asked += 1
    if (this.text !== undefined) return this.#answer(response, this.text)
    this.waiting.add(response)
    response.on('close', () => {
      this.waiting.delete(response)
      this.#look()
    })
    this.#look()
  }

  give(text: string | number): void {
    this.text = text
    for (const response of this.waiting) this.#answer(response, text)
    this.waiting.clear()
  }

  async until(what: () => boolean): Promise<void> {
    while (!what()) await new Promise<void>((resolve) => this.#looking.push(resolve))
  }

  #answer(response: ServerResponse, text: string | number): void {
    if (typeof text === 'number') response.writeHead(text).end()
    else response.writeHead(200, { 'Content-Type': 'text/plain', 'Cache-Control': 'no-cache' }).end(text)
  }

  #look(): void {
    for (const resolve of this.#looking.splice(0)) resolve()
  }
}

export async function startLists(): Promise<Lists> {
  const lists = new Map<string, List>()
  const of = (name: string): List => {
    let list = lists.get(name)
    if (list === undefined) lists.set(name, (list = new List()))
    return list
  }
  const server = createServer((request, response) => of((request.url ?? '').slice(1)).take(response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  )
  return {
    urlOf: (name) => `http://127.0.0.1:${port}/${name}`,
    give: (name, text) => of(name).give(text),
    hold: (name) => {
      of(name).text = undefined
    },
    asked: (name) => of(name).asked,
    waitedFor: (name) => of(name).until(() => of(name).waiting.size > 0),
    abandoned: (name) => of(name).until(() => of(name).waiting.size === 0),
  }
}
