import { memo } from 'react'
import type { CSSProperties } from 'react'
import { clockTime } from '../format.js'
import ansi from './ansi.module.css'
import { LEVEL_NAMES } from './levels.js'
import type { Level } from './levels.js'
import classes from './log-view.module.css'
import { piecesOf } from './pieces.js'

interface LogRowProps {
  /** From 1, for assistive technology. */
  readonly place: number
  readonly text: string
  readonly level: Level
  readonly seq: number
  readonly at: number
  readonly needle: string
  readonly matchCase: boolean
  readonly isCurrent: boolean
}

/** One line of a log. */
export const LogRow = memo(function LogRow({ place, text, level, seq, at, needle, matchCase, isCurrent }: LogRowProps) {
  return (
    <div className={classes['row']} role="row" aria-rowindex={place} data-seq={seq} data-level={level} data-current={isCurrent}>
      <span role="cell" className={classes['time']}>
        {clockTime(at)}
      </span>
      <span role="cell" className={classes['level']}>
        {LEVEL_NAMES[level]}
      </span>
      <span role="cell" className={classes['text']}>
        {piecesOf(text, needle, matchCase).map((piece, index) => {
          const className = piece.classes.map((name) => ansi[name] ?? '').join(' ')
          const style = { '--own-color': piece.color, backgroundColor: piece.background } as CSSProperties
          const Part = piece.isHit ? 'mark' : 'span'
          return (
            <Part key={index} className={className} style={style}>
              {piece.text}
            </Part>
          )
        })}
      </span>
    </div>
  )
})
