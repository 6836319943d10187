import { useState } from 'react'
import type { BookItem } from '../model/books.js'
import classes from './books.module.css'
import { coverUrlOf, useOutsideCovers } from './outside-covers.js'

/** A book's cover; where there is none, its title on a plain one. */
export function Cover({ book }: { readonly book: BookItem }) {
  const [outside] = useOutsideCovers()
  const [missing, setMissing] = useState<string>()
  const url = coverUrlOf(book, outside)
  if (url === undefined || url === missing)
    return (
      <span className={classes['plain']} aria-hidden>
        <span className={classes['plain-title']}>{book.title}</span>
        <span className={classes['plain-author']}>{book.authors[0] ?? ''}</span>
      </span>
    )
  return (
    <img
      className={classes['cover']}
      src={url}
      alt=""
      loading="lazy"
      decoding="async"
      referrerPolicy="no-referrer"
      onError={() => setMissing(url)}
      // A catalog that has no cover gives a picture of one pixel.
      onLoad={(event) => setMissing(event.currentTarget.naturalWidth <= 1 ? url : undefined)}
    />
  )
}
