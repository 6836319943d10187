import { brotliCompressSync, gzipSync } from 'node:zlib'

const MIB = 1024 * 1024

/** `mebibytes` of one character, in a few kilobytes. */
export function bomb(coding: 'gzip' | 'br' | 'zstd', mebibytes: number): Buffer {
  if (coding === 'zstd') return zstdRuns('!', 100_000, Math.ceil((mebibytes * MIB) / 100_000))
  const content = Buffer.alloc(mebibytes * MIB, '!')
  return coding === 'gzip' ? gzipSync(content) : brotliCompressSync(content)
}

/** A frame of runs of one character (RFC 8878, section 3.1.1.2): four bytes for up to 128 KiB. */
function zstdRuns(character: string, length: number, count: number): Buffer {
  const block = Buffer.alloc(4)
  const [isLast, isRun] = [1, 1 << 1]
  block.writeUIntLE((length << 3) | isRun, 0, 3)
  block.write(character, 3)
  const last = Buffer.from(block)
  last.writeUIntLE((length << 3) | isRun | isLast, 0, 3)
  const header = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38])
  return Buffer.concat([header, ...Array.from({ length: count - 1 }, () => block), last])
}
