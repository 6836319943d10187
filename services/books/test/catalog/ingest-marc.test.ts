import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { folder, opened } from './support/folder.js'
import { marcRecord } from './support/marc.js'
import type { MarcLine } from './support/marc.js'
import { fileWith, takeIn } from './support/take-in.js'

const CONTROL: readonly MarcLine[] = [
  ['001', '', 'ocm0001'],
  ['003', '', 'OCoLC'],
  ['008', '', '850101s1985    gw            000 1 ger d'],
]

const PERFUME: readonly MarcLine[] = [
  ...CONTROL,
  ['020', '  ', 'a3257228007 (pbk.)'],
  ['100', '1 ', 'aSüskind, Patrick,', 'd1949-'],
  ['245', '14', 'aDas Parfüm :', 'bdie Geschichte eines Mörders /', 'cPatrick Süskind.'],
  ['260', '  ', 'aZürich :', 'bDiogenes,', 'cc1985.'],
  ['300', '  ', 'a319 p. ;', 'c19 cm.'],
  ['650', ' 0', 'aPerfumes industry', 'vFiction.'],
  ['650', ' 0', 'aMurderers.'],
]

/** The same letters in MARC-8: accents before their letters, and letters of their own in ANSEL. */
function marc8(text: string): Buffer {
  const bytes: number[] = []
  const marks: Readonly<Record<string, number>> = { '\u0300': 0xe1, '\u0301': 0xe2, '\u0308': 0xe8, '\u030c': 0xe9, '\u0327': 0xf0 }
  const letters: Readonly<Record<string, number>> = { ł: 0xb1, ø: 0xb2, æ: 0xb5, ß: 0xc7, Ł: 0xa1 }
  for (const [letter = '', ...rest] of text
    .normalize('NFD')
    .match(/.\p{M}*/gsu)
    ?.map((cluster) => Array.from(cluster)) ?? []) {
    bytes.push(...rest.map((mark) => marks[mark] ?? 0x3f), letters[letter] ?? letter.charCodeAt(0))
  }
  return Buffer.from(bytes)
}

async function taken(content: Buffer) {
  const where = await folder()
  const path = join(where, 'catalog.sqlite')
  const catalog = opened(path)
  const { report } = await takeIn({ catalog: path, file: await fileWith(where, 'records.mrc', content) })
  return { catalog, report }
}

describe('MARC 21', () => {
  it.each([
    ['UTF-8', marcRecord(PERFUME)],
    ['MARC-8', marcRecord(PERFUME, ' ', marc8)],
  ])('in %s keeps its accents', async (_, record) => {
    const isbnElsewhere = Buffer.from(record.toString('latin1').replace('3257228007', '0199291152'), 'latin1')
    const { catalog, report } = await taken(isbnElsewhere)
    expect(report).toMatchObject({ format: 'marc', records: 1, malformed: 0 })
    const [found] = catalog.match({ title: 'Das Parfüm: die Geschichte eines Mörders', author: 'Süskind' })
    expect(found?.book.authors).toEqual(['Patrick Süskind'])
  })

  it('gives title, subtitle, authors, publisher, date, pages, language and subjects', async () => {
    const { catalog } = await taken(
      marcRecord([
        ...CONTROL,
        ['020', '  ', 'a9791234567896 :', 'c$12.00'],
        ['100', '1 ', 'aČapek, Karel,', 'd1890-1938.'],
        ['245', '10', 'aVálka s mloky :', 'bromán /', 'cKarel Čapek'],
        ['264', ' 1', 'aPraha :', 'bFr. Borový,', 'c[1936]'],
        ['300', '  ', 'axii, 356 pages ;', 'c21 cm'],
        ['520', '  ', 'aThe newts learn.'],
        ['490', '0 ', 'aSpisy ;', 'v1'],
        ['650', ' 0', 'aNewts.'],
        ['700', '1 ', 'aČapek, Josef,', 'eillustrator.'],
      ]),
    )
    expect(catalog.byIsbn(['9791234567896']).get('9791234567896')).toMatchObject({
      title: 'Válka s mloky',
      subtitle: 'román',
      authors: ['Karel Čapek', 'Josef Čapek'],
      publisher: 'Fr. Borový',
      publishedDate: '1936',
      pageCount: 356,
      language: 'de',
      description: 'The newts learn.',
      categories: ['Newts'],
    })
  })

  it('reads letters of ANSEL, and leaves out other scripts that are switched to', async () => {
    const greek = Buffer.concat([Buffer.from([0x1b, 0x28, 0x53]), Buffer.from('abc'), Buffer.from([0x1b, 0x28, 0x42])])
    const encode = (text: string): Buffer =>
      Buffer.concat(text.split('{greek}').flatMap((part, place) => (place === 0 ? [marc8(part)] : [greek, marc8(part)])))
    const { catalog } = await taken(
      marcRecord([...CONTROL, ['100', '1 ', 'aŁukasiewicz, Søren'], ['245', '10', 'aStraße und æther {greek}end']], ' ', encode),
    )
    const [found] = catalog.match({ title: 'Straße und æther end', author: 'Łukasiewicz' })
    expect(found?.book).toMatchObject({ title: 'Straße und æther end', authors: ['Søren Łukasiewicz'] })
  })

  it('is read past records that are damaged', async () => {
    const good = marcRecord(PERFUME)
    const cutDirectory = Buffer.concat([good.subarray(0, 40), Buffer.from([0x1d])])
    const noTitle = marcRecord([...CONTROL, ['100', '1 ', 'aNobody']])
    const noise = Buffer.from('this is no record at all, just text\x1d')
    const { report, catalog } = await taken(
      Buffer.concat([
        good,
        cutDirectory,
        noise,
        noTitle,
        Buffer.from('\n'),
        marcRecord([
          ['001', '', '2'],
          ['245', '10', 'aThe last one'],
        ]),
      ]),
    )
    expect(report).toMatchObject({ records: 5, malformed: 3 })
    expect(report.malformedExamples.map(({ record }) => record)).toEqual([2, 3, 4])
    expect(catalog.match({ title: 'The last one' })[0]?.book.title).toBe('The last one')
  })
})
