import { describe, expect, it } from 'vitest'
import { startServer } from '../websocket/support/start.js'

describe('/websocket-test.html', () => {
  it('names only files that are served, and may run nothing else', async () => {
    const { url } = await startServer()
    const page = await fetch(`${url}/websocket-test.html`)
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
    const policy = page.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self';")
    expect(policy).toContain(`connect-src 'self' ws://${new URL(url).host} `)
    expect(policy).not.toMatch(/unsafe|\*/)
    const html = await page.text()
    expect(html).not.toMatch(/<style|<script(?! type="module" src=)|\son\w+=|\sstyle=/)
    const seen = new Set<string>()
    const waiting = [...html.matchAll(/(?:href|src)="(websocket-test\/[^"]+)"/g)].map(([, path = '']) => path)
    expect(waiting.length).toBeGreaterThan(2)
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      if (seen.has(path)) continue
      seen.add(path)
      const file = await fetch(`${url}/${path}`)
      expect(file.status, path).toBe(200)
      const text = await file.text()
      for (const [, name = ''] of text.matchAll(/from '\.\/([^']+)'/g)) waiting.push(`websocket-test/${name}`)
      expect(text).not.toMatch(/innerHTML|insertAdjacentHTML|document\.write|\beval\(/)
    }
  })

  it('is not sent again where it has not changed', async () => {
    const { url } = await startServer()
    for (const path of ['websocket-test.html', 'websocket-test/main.js']) {
      const first = await fetch(`${url}/${path}`)
      expect(first.headers.get('cache-control')).toBe('no-cache')
      const etag = first.headers.get('etag') ?? ''
      await first.text()
      const again = await fetch(`${url}/${path}`, { headers: { 'If-None-Match': etag } })
      expect(again.status).toBe(304)
    }
  })

  it('has no other files', async () => {
    const { url } = await startServer()
    for (const name of ['nothing.js', '..%2F..%2Fpackage.json', 'main.js.map', '.tsbuildinfo', '__proto__']) {
      expect((await fetch(`${url}/websocket-test/${name}`)).status).toBe(404)
    }
  })
})
