import { useState } from 'react'
import type { BookItem } from '../model/books.js'
import classes from './books.module.css'

/** A book's cover; where there is none, its title on a plain one. */
export function Cover({ book }: { readonly book: BookItem }) {
  const [isMissing, setMissing] = useState(false)
  if (book.coverUrl === undefined || isMissing)
    return (
      <span className={classes['plain']} aria-hidden>
        <span className={classes['plain-title']}>{book.title}</span>
        <span className={classes['plain-author']}>{book.authors[0] ?? ''}</span>
      </span>
    )
  return (
    <img
      className={classes['cover']}
      src={book.coverUrl}
      alt=""
      loading="lazy"
      decoding="async"
      referrerPolicy="no-referrer"
      onError={() => setMissing(true)}
      // A catalog that has no cover gives a picture of one pixel.
      onLoad={(event) => setMissing(event.currentTarget.naturalWidth <= 1)}
    />
  )
}
