/** How many bytes of the beginning are looked at. */
export const HEAD_BYTES = 1024

const HTML = /^<(?:!doctype|!--|\?xml|html|head|body|script|title|meta|div|h1|p|center|pre|error|rss|feed|svg)\b|^<(?:!--|\?xml)/i
const JSON_TEXT = /^(?:\{\s*(?:"|\}\s*$)|\[\s*(?:\{\s*"|"))/
const TYPES_OF_PAGES = /^(?:text\/html|application\/xhtml\+xml|text\/xml|application\/(?:[\w.-]+\+)?(?:xml|json))$/
const TYPES_NOT_TEXT = /^(?:(?:image|audio|video|font)\/|application\/(?:pdf|zip|gzip|x-gzip|x-tar|x-7z-compressed|wasm)$)/
/** First lines that only a list has: comments, headers, hosts lines, network rules, a bare domain. Some servers label such a file as HTML. */
const LINE_OF_A_LIST =
  /^(?:!|#|\||@@|\[(?:adblock|ublock|adguard)[^\]]*\]|\d{1,3}(?:\.\d{1,3}){3}\s|[\da-f]*::[\da-f:]*\s|[\w*-]+(?:\.[\w-]+)+\s*$)/i

/**
 * Tells a list from an error page, an answer of an API and a binary file. It looks at the type that the server names and at the first
 * bytes; bytes that begin like a list win over a wrong type.
 *
 * @param head the first {@link HEAD_BYTES} bytes, or all where there are fewer
 * @param contentType the `Content-Type` header; absent for files
 * @returns what is wrong, and what to do; undefined when it may be one, also when it is empty
 */
export function notAList(head: Uint8Array, contentType?: string): string | undefined {
  if (head.length === 0) return undefined
  const text = Buffer.from(head.buffer, head.byteOffset, head.length).toString('latin1')
  if (/^(?:\xff\xfe|\xfe\xff)/.test(text)) return 'The source is text in UTF-16. Save it as UTF-8.'
  if (text.includes('\0')) return not('a binary file')
  const start = text.replace(/^\xef\xbb\xbf/, '').trimStart()
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  if (HTML.test(start)) return not('an HTML or XML page')
  if (JSON_TEXT.test(start)) return not('JSON')
  if (start === '' || LINE_OF_A_LIST.test(start.split(/[\r\n]/, 1)[0] ?? '')) return undefined
  if (TYPES_OF_PAGES.test(type) || TYPES_NOT_TEXT.test(type)) return not(`of the type ${type}`)
  return undefined
}

function not(what: string): string {
  return `The source is ${what}, not a list. Give the address of the list as plain text.`
}
