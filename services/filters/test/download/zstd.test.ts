import { expect, test } from 'vitest'
import { downloader, LIST, watch } from './support/downloads.js'
import { serve } from './support/source-server.js'

// 3,000 lines `||hostN.example.org^` (N from 0), compressed by the reference program at level 3 with a checksum.
const COMPRESSED = [
  'KLUv/QRYhUsAOs4MFxmQJ5UcsOq/bl2ixUXw/0JKe1dEIpjZEYMDdQFfAXQBbduSJEmS27ZtmyRJkhQmTJgwYcKECRMmzP///2/btm3PzMzMzIiIiIiIRERE',
  'RES0bdu2JEmS5LZt2yZJkiQFCRIkSJAgQYIECfL////btm3bMzMzMzMiIiIiIhERERERbdu2LUmSJLlt27ZJkiRJIUKECBEiRIgQIUL8////tm3b9szMzMyM',
  'iIiIiEhERERERNu2bUuSJElu27ZtkiRJUmhoaGhoaGhoaOj///9v27Ztz8zMzMyIiIiIiEREREREtG3btiRJkuS2bdsmSZIkBQYGBgYGBgYGBv7///+2bdv2',
  'zMzMzIyIiIiISERERERE27ZtS5IkSW7btm2SJElSWFhYWFhYWFhY2P///2/btm3PzMzMzIiIiIiIRERERES0bdu2JEmS5LZt2yZJkqQQQgghhBD0////27Zt',
  '2zMzMzMzIiIiIiIREREREW3bti1JkiS5bdu2SZIk6R6JciJQ4AABBgQFAQwggIEDCgiCAQUYAHBwEG3btm3btm3btm3btm3btm3btm1JkiRJkiRJkiRJkiRJ',
  'kiRJkiRJkiRJkiRJkiRJkiRJkiRJkiRJctu2bdu2bdu2bdu2bdu2bdu2bdu2bdu2bdu2bdu2bdu2bdu2bdskSZIkSZIkSZIkSZIkSZIkSZIkSZIkSZIkSZIk',
  'SZIkSZIkSZIkKSgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgo',
  'KCgoKCgoKCgoKCgoKCgoKCgoKOj///+3bdu2Z2ZmZmZERERERCIiIiIi2rZtW5IkSXLbtm2TJEmSwsPDw8PDw8PDw////3/btm17ZmZmZkZEREREJCIiIiKi',
  'bdu2JUmSJLdt2zZJkiQpODg4ODg4ODg4+P///7dt27ZnZmZmZkREREREIiIiIiLaNpIkSZIkSZIkSZIkSZIkSZIkSZIkSZIkSZIkSZIUFhYWFhYWFhYWFhYW',
  'FhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYW9v//',
  '//////////////////////////////////////////////+2bdu2bdu2bdu2bdu2bdu2bdu2bdu2bdu2bdu2bdu2bdu2bdu2PTMzMzMzMzMzMzMzMzMzMzMz',
  'MzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMjIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIhIRERERERER',
  'ERERERERERERERERERERERERERERERERERERERERERERERERERERERER0bZt27Zt27Zt27Zt27Zt27Zt2///////////////////////////////////////',
  '//////////9v27Zt27Zt27Zt27Zt27Zt27Zt27Zt27Zt27Zt27Zt27Zt27Zt2zMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMz',
  'MzMzMzMzIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIRERERERERERERERERERERERERERERERERERERERERERER',
  'EREREREREREREREREREREW3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm1LkiRJkiRJkiRJkiRJkiRJkiRJkiRJkiRJkiRJkiRJkiRJkiRJ',
  'ktu2bdu2bdu2bdu2bdu2bdu2bdu2bdu2bdu2bdu2bdu2bdu2bdsmSZIkSZIkSZIUi7ioBAC6378AYx+RkPAUQAABXgABHODBlX/o22m7kyaxPa/dq16ru2+9',
  'mV6ne2+9l95ie1+9m71ae1d7W71W9956G71m9956V7ul9t5213rV7l71NntN7931LnrL7r32Lveq7L3urfqa3rvlbfqa3nv1XeaW7XvtXfVVnXvr2/Q13Xdr',
  'y6GqJv56HXfd5bd8w1036bZruGhd/PUrKnpJv1xFWlPC76eQ1lr+7RVWtBbevo22WsJfr5GmFnnWabyoIt/+7U+n68UYyO7d9bZ6je699a52y+297K72qt69',
  '6230mt677V32ltl77V32Vd17zVv1Nb1369vUNd336rvsLZv32rvqq7r3Vrfpa7rv1nfpWbbv1XfZV7XrtW/V23TfrWfT23Tfq/eym2zva/dPx3I7sdwNyyXB',
  'cvUr9/DK1a5chyuXb+WmVi6YlYtYucBVblrlLlW5mCrXTuViqdyLyu2hcvMpd3DKzabchCk3L+VapdyclGtIuf1RbhrlAkW5kSi3DOVqodwblKuBcu8n1/fJ',
  'xZ5cgCd37uQSndyck3txcvFNrtnk+jW5kCY3zORCmVwSk4thcu9L7nbJZS25niUXruQGldyYkltQcvdJ7jXJzSW5jSTXj+RGkVwQkhtBcstHLvbIbTtymyPX',
  'beR+jVyZkRswcuVFLrHIxRW5L0UuT+Q2idwfkQshcsFDrnTIRRpymyGXXchlhVyWkPsRcudBLmCQiwW5CEFuD+S2ArkdkPsAspuytmAlCR7YL1XKLa6QiRP7',
  'JZ1a2lpUd8SRj0YHvo8paifWkECD+jKl2eIKM3iwX6pRLHkXHvhgLFkLCYD7Ik3bwgomaLBeZalZrEIGR/bX8iC+ptUVcdznqF+ktF1YYYIDdkuatoo1JOPg',
  'vh554V5KXgkG/lvrJZS6xZZkcGS/SVnbuJIED+yXSrNl2n4gwLNJeV1sYxa1ixVJ4KBekdK2cIUJHtwvD5PlgL5aS/ZicQ7skyhrCyuVwMF8U6Vq8QoZnKj/',
  'SIi3aXlFGPlvqhZTyOCRfZNmbWMlETzYL6vULS79PdfolwGAL+aax1lqFpuQwIH9JEVtywoSPLJfijA0aT+pKdB78v2Q7//4fsb3X3w/xPc7fD/C9w++nwDf',
  'm/MK/Oa8Ar95XoHPnFfgN+cV8JnzCnzmvAK/dV6Bz5xX4DfnFfGb8wr85oz89V+vv+j6I9f/b/1N6+9Zf8b6b7Wrv62OAQAAAAAAAADAAYgV///7D/Xo1HA=',
].join('')

type Block = { readonly raw: string } | { readonly run: string; readonly length: number }

/** A frame of blocks that are not compressed. `window` is the descriptor byte: 2 to the power of (10 + window / 8). */
function frame(blocks: readonly Block[], window = 0x38): Buffer {
  const parts = blocks.map((block, index) => {
    const [type, size, content] = 'raw' in block ? [0, block.raw.length, block.raw] : [1, block.length, block.run]
    const header = Buffer.alloc(3)
    header.writeUIntLE((size << 3) | (type << 1) | (index === blocks.length - 1 ? 1 : 0), 0, 3)
    return Buffer.concat([header, Buffer.from(content)])
  })
  return Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, window]), ...parts])
}

async function load(body: Uint8Array, limits = {}) {
  const server = await serve((_request, response) => response.writeHead(200, { 'content-encoding': 'zstd' }).end(body))
  return watch(downloader(limits), server.url)
}

test('content in zstd is expanded', async () => {
  const { text } = await load(Buffer.from(COMPRESSED, 'base64'))
  const expected = Array.from({ length: 3000 }, (_, index) => `||host${String(index)}.example.org^\n`).join('')
  expect(text === expected).toBe(true)
})

test('several frames, one of them to be skipped, are one content', async () => {
  const skipped = Buffer.from([0x5a, 0x2a, 0x4d, 0x18, 0x03, 0, 0, 0, 1, 2, 3])
  const frames = [frame([{ raw: LIST }]), skipped, frame([{ raw: '||a.example^\n' }, { run: '!', length: 3 }])]
  expect((await load(Buffer.concat(frames))).text).toBe(`${LIST}||a.example^\n!!!`)
})

test.each([
  ['cut off', Buffer.from(COMPRESSED, 'base64').subarray(0, 900)],
  ['cut off in its checksum', Buffer.from(COMPRESSED, 'base64').subarray(0, -2)],
  ['no zstd', Buffer.from('||example.org^ is no zstd')],
  ['too short', Buffer.from([0x28, 0xb5])],
  ['with a window of 16 MiB', frame([{ raw: LIST }], 0x70)],
  ['with a large window in a later frame', Buffer.concat([frame([{ raw: LIST }]), frame([{ raw: LIST }], 0xf8)])],
])('%s is an error', async (_name, body) => {
  expect((await load(body)).code).toBe('SOURCE_CORRUPT')
})

test('a bomb is stopped', async () => {
  const run = { run: '!', length: 100_000 }
  const bomb = frame(Array.from({ length: 20_000 }, () => run))
  expect(bomb.length).toBeLessThan(100_000)
  const { code, error } = await load(bomb, { maxExpandedBytes: 3_000_000 })
  expect(code).toBe('SOURCE_TOO_LARGE')
  expect(error?.message).toContain('3000000 bytes in full')
})
