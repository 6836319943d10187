import type { ScanEvent } from '../scan/types.js'
import type { NewItem } from './item.js'

/** The events of a scan that a job tells. */
export type ToldEvent = Exclude<ScanEvent, { readonly type: 'lines_read' | 'results' }>

/** What an event of a scan tells. @param photos how many there are */
export function scanItemOf(event: ToldEvent, photos: number): NewItem {
  const part = (within: number): number => Math.min(1, (event.photo + within) / photos)
  const title = `Photo ${event.photo + 1} of ${photos}`
  switch (event.type) {
    case 'spine': {
      const { result, spines, index, photo } = event
      const isbn = result.isbn === null ? {} : { isbn: result.isbn }
      const name = result.title ?? (result.text === '' ? 'A book without a readable title' : result.text)
      const book =
        result.title === null
          ? {}
          : { book: { ...result, authors: [...result.authors], isbn: result.isbn ?? '' } as unknown as NewItem['book'] & object }
      const { text, confidence } = result
      return {
        title: name,
        ...isbn,
        ...book,
        progress: part((index + 1) / spines),
        detail: { photo, text, confidence, found: result.title !== null },
      }
    }
    case 'photo_started':
      return { title, progress: part(0), detail: { photo: event.photo, step: 'started' } }
    case 'photo_detected':
      return { title, progress: part(0), detail: { photo: event.photo, step: 'detected', lines: event.lines } }
    case 'photo_done':
      return { title, progress: part(1), detail: { photo: event.photo, step: 'done', spines: event.spines, titles: event.titles } }
    case 'photo_failed':
      return {
        title,
        progress: part(1),
        detail: { photo: event.photo, step: 'failed', error: { code: event.code, message: event.message } },
      }
  }
}
