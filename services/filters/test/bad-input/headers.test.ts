import { expect, test } from 'vitest'
import { onceForTests } from '../../../../test/support/for-tests.js'
import { serveRaw } from '../download/support/source-server.js'
import { configurationOf } from '../support/start.js'
import { expectList, startForMany } from './support/outcomes.js'

const LIST = '||example.org^\n'

const shared = onceForTests((atEnd) => startForMany({ atEnd }))

// Header lines that no server should send.
test.each([
  ['an ETag that is not ASCII', 'ETag: "\u20ac"'],
  ['an ETag without quotes', 'ETag: abc'],
  ['an ETag with a quote in the middle', 'ETag: "a"b"'],
  ['an ETag of 7,000 characters', `ETag: "${'e'.repeat(7_000)}"`],
  ['an ETag that is empty', 'ETag:'],
  ['a Last-Modified that is no date', 'Last-Modified: yesterday'],
  ['a Last-Modified that is not ASCII', 'Last-Modified: \u20ac'],
  ['a Cache-Control that makes no sense', 'Cache-Control: max-age=x, max-age=-1, ,,=,"'],
  ['a Date and an Age that make no sense', 'Date: never\r\nAge: -99999999999999999999\r\nExpires: 0'],
  ['a Vary for everything', 'Vary: *'],
  ['a type that makes no sense', 'Content-Type: ;;;/\u20ac'],
])('a source with %s is compiled each time', async (_, header) => {
  const body = Buffer.from(`${header}\r\nContent-Length: ${LIST.length}\r\n\r\n${LIST}`)
  const source = await serveRaw((socket) => {
    socket.write('HTTP/1.1 200 OK\r\nConnection: close\r\n')
    socket.end(body)
  })
  for (const name of ['One', 'Two']) {
    expect(await expectList(shared(), { configuration: configurationOf(name, `${source.url}/list`) })).toEqual([LIST.trim()])
  }
})
