import { Skeleton, Text } from '@mantine/core'
import { useHeadway } from '@headway/client/react'
import { useEffect, useState } from 'react'
import { counted } from '../format.js'
import type { BookItem } from '../model/books.js'
import classes from './books.module.css'

interface ShelfPhotoProps {
  readonly id: string
  /** From 0. */
  readonly photo: number
  readonly books: readonly BookItem[]
}

/** A photo of a shelf with what was found drawn in; each book can be pointed at. */
export function ShelfPhoto({ id, photo, books }: ShelfPhotoProps) {
  const { url, error } = usePhoto(id, photo)
  const [size, setSize] = useState<{ readonly width: number; readonly height: number }>()
  const [chosen, setChosen] = useState<BookItem>()
  const own = books.filter((book) => book.photo === photo && book.box !== undefined)
  return (
    <figure className={classes['shelf']}>
      <figcaption>
        Photo {photo + 1}: {counted(books.filter((book) => book.photo === photo).length, 'spine')}
      </figcaption>
      {error !== undefined && (
        <Text size="sm" p="sm" c="dimmed">
          {error}
        </Text>
      )}
      {url === undefined && error === undefined && <Skeleton height={240} />}
      {url !== undefined && (
        <div className={classes['photo']}>
          <img
            src={url}
            alt={`The shelf of photo ${photo + 1} with the books that were found`}
            onLoad={({ currentTarget }) => setSize({ width: currentTarget.naturalWidth, height: currentTarget.naturalHeight })}
          />
          {size !== undefined &&
            own.map((book) => (
              <button
                key={book.seq}
                type="button"
                className={classes['box']}
                aria-label={book.title}
                aria-pressed={book === chosen}
                data-chosen={book === chosen}
                onClick={() => setChosen(book)}
                onPointerEnter={() => setChosen(book)}
                onFocus={() => setChosen(book)}
                style={placeOf(book, size)}
              />
            ))}
        </div>
      )}
      {url !== undefined && (
        <div className={classes['chosen']} role="status">
          {chosen === undefined ? (
            <Text c="dimmed" size="sm">
              Point at a book to see what was read.
            </Text>
          ) : (
            <Chosen book={chosen} />
          )}
        </div>
      )}
    </figure>
  )
}

function Chosen({ book: { title, authors, isbn, confidence, text } }: { readonly book: BookItem }) {
  return (
    <>
      <strong>{title}</strong>
      {authors.length > 0 && `, ${authors.join(', ')}`}
      {isbn !== '' && <span className="mono"> {isbn}</span>}
      {confidence !== undefined && `, ${Math.round(confidence * 100)} % sure`}
      {text !== undefined && text !== '' && (
        <Text size="sm" c="dimmed">
          On the spine: {text}
        </Text>
      )}
    </>
  )
}

/** In percent of the picture, whatever its size on the page. */
function placeOf({ box }: BookItem, { width, height }: { readonly width: number; readonly height: number }) {
  if (box === undefined) return {}
  const percent = (part: number, whole: number): string => `${(part / whole) * 100}%`
  return {
    left: percent(box.x, width),
    top: percent(box.y, height),
    width: percent(box.width, width),
    height: percent(box.height, height),
  }
}

/** The picture, asked for with the key that this page has: the address of an image can't bring one. */
function usePhoto(id: string, photo: number): { readonly url?: string; readonly error?: string } {
  const { http } = useHeadway()
  const [state, setState] = useState<{ readonly url?: string; readonly error?: string }>({})
  useEffect(() => {
    const ending = new AbortController()
    let url: string | undefined
    void http
      .GET('/v3/jobs/scans/{jobId}/results/annotated/{photo}', {
        params: { path: { jobId: id, photo: `${photo}.jpg` } },
        parseAs: 'blob',
        signal: ending.signal,
      })
      .then(({ data, response }) => {
        if (ending.signal.aborted) return
        if (data === undefined)
          setState({ error: response.status === 404 ? 'This photo could not be read.' : `The server answered ${response.status}.` })
        else {
          url = URL.createObjectURL(data)
          setState({ url })
        }
      })
      .catch((error: unknown) => {
        if (!ending.signal.aborted) setState({ error: `The photo could not be fetched: ${String(error)}` })
      })
    return () => {
      ending.abort()
      if (url !== undefined) URL.revokeObjectURL(url)
    }
  }, [http, id, photo])
  return state
}
