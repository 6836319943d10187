/**
 * How much a client likes a content coding, from 0 (not at all) to 1 (RFC 9110, 12.5.3). A client that says nothing gets none.
 *
 * @param accept the Accept-Encoding header
 */
export function qualityOfCoding(accept: string | undefined, coding: string): number {
  const ranges = (accept ?? '').split(',').map((part) => {
    const [name = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase())
    const q = parameters.find((parameter) => parameter.startsWith('q='))
    return { name, quality: q === undefined ? 1 : Number(q.slice(2)) }
  })
  const range = ranges.find(({ name }) => name === coding) ?? ranges.find(({ name }) => name === '*')
  return range !== undefined && range.quality > 0 && range.quality <= 1 ? range.quality : 0
}
