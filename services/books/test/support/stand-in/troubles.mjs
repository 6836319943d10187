import { setTimeout as wait } from 'node:timers/promises'

/**
 * What goes wrong with an answer.
 *
 * @typedef {object} Trouble
 * @property {'status' | 'hang' | 'cut-off' | 'html' | 'not-json' | 'giant' | 'endless' | 'reset'} kind
 * @property {number} [status] of `status`
 * @property {string} [retryAfter] of `status`
 * @property {number} [times] so many answers, then all is well again; default: all
 */

/**
 * Answers as the trouble wants it.
 *
 * @param {import('node:http').ServerResponse} response
 * @param {Trouble} trouble
 */
export async function makeTrouble(response, { kind, status = 500, retryAfter }) {
  const json = { 'content-type': 'application/json' }
  switch (kind) {
    case 'status':
      response.writeHead(status, { ...json, ...(retryAfter !== undefined && { 'retry-after': retryAfter }) })
      return void response.end('{"message":"Limit Exceeded"}')
    case 'hang':
      return
    case 'reset':
      return void response.socket?.destroy()
    case 'cut-off':
      response.writeHead(200, { ...json, 'content-length': '10000' })
      return void response.write('{"docs":[', () => response.socket?.destroy())
    case 'html':
      response.writeHead(200, { 'content-type': 'text/html' })
      return void response.end('<!doctype html><title>We are improving</title>')
    case 'not-json':
      response.writeHead(200, json)
      return void response.end('<!doctype html><title>We are improving</title>')
    case 'giant':
      response.writeHead(200, json)
      return void response.end(`"${'x'.repeat(9 * 1024 * 1024)}"`)
    case 'endless':
      response.writeHead(200, json)
      while (!response.destroyed) {
        response.write('[1,')
        await wait(5)
      }
  }
}
