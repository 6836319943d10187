import { useState } from 'react'
import type { Json } from '../model/wire.js'
import classes from './json-tree.module.css'

/** So many members of an object or list are shown before somebody asks for more. */
const FIRST_MEMBERS = 100

/** Longer texts are cut until somebody asks for all of them, in characters. */
const CUT_TEXT = 1000

interface JsonTreeProps {
  readonly value: Json | undefined
  readonly label: string
  /** So many levels are open at first. */
  readonly openLevels?: number
}

/** Any JSON as a tree to open and close. */
export function JsonTree({ value, label, openLevels = 2 }: JsonTreeProps) {
  if (value === undefined) return null
  return (
    <div className={classes['tree']} role="group" aria-label={label} tabIndex={0}>
      <Value value={value} level={0} openLevels={openLevels} />
    </div>
  )
}

interface ValueProps {
  readonly name?: string
  readonly value: Json
  readonly level: number
  readonly openLevels: number
}

function Value({ name, value, level, openLevels }: ValueProps) {
  const label = name === undefined ? null : <span className={classes['name']}>{name}: </span>
  if (typeof value !== 'object' || value === null)
    return (
      <div>
        {label}
        <Simple value={value} />
      </div>
    )
  return <Container {...(name !== undefined && { name })} value={value} level={level} openLevels={openLevels} />
}

type Container = Extract<Json, object>

function Container({ name, value, level, openLevels }: ValueProps & { readonly value: Container }) {
  const [isOpen, setOpen] = useState(level < openLevels)
  const [shown, setShown] = useState(FIRST_MEMBERS)
  const isList = Array.isArray(value)
  const entries = Object.entries(value as Readonly<Record<string, Json>>)
  const brackets = isList ? '[]' : '{}'
  const label = name === undefined ? null : <span className={classes['name']}>{name}: </span>
  if (entries.length === 0)
    return (
      <div>
        {label}
        {brackets}
      </div>
    )
  return (
    <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {label}
        <span className={classes['size']}>
          {brackets[0]} {entries.length} {brackets[1]}
        </span>
      </summary>
      {isOpen && (
        <div className={classes['members']}>
          {entries.slice(0, shown).map(([key, member]) => (
            <Value key={key} name={key} value={member} level={level + 1} openLevels={openLevels} />
          ))}
          {entries.length > shown && (
            <button type="button" className={classes['more']} onClick={() => setShown(shown * 10)}>
              {entries.length - shown} more
            </button>
          )}
        </div>
      )}
    </details>
  )
}

function Simple({ value }: { readonly value: string | number | boolean | null }) {
  const [isAll, setAll] = useState(false)
  const kind = value === null ? 'null' : typeof value
  const isCut = typeof value === 'string' && value.length > CUT_TEXT && !isAll
  return (
    <span className={classes['value']} data-kind={kind}>
      {JSON.stringify(isCut ? value.slice(0, CUT_TEXT) : value)}
      {isCut && (
        <button type="button" className={classes['more']} onClick={() => setAll(true)}>
          {value.length - CUT_TEXT} more characters
        </button>
      )}
    </span>
  )
}
