import { Button, CloseButton, MultiSelect, Select, TextInput } from '@mantine/core'
import type { ComboboxItem } from '@mantine/core'
import type { JobTypeInfo } from '@headway/protocol'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTypes } from '../api/use-types.js'
import { STATUSES } from '../shared/statuses.js'
import { areSet, isSince, SINCE } from './filters.js'
import type { Filters } from './filters.js'
import classes from './jobs.module.css'

interface FilterBarProps {
  readonly filters: Filters
  readonly change: (changed: Partial<Filters>) => void
}

const NONE: Filters = { types: [], statuses: [], text: '' }
const TIMES = [
  { value: 'any', label: 'Any time' },
  ...Object.entries(SINCE).map(([value, { text }]) => ({ value, label: text })),
  { value: 'between', label: 'From … to …' },
]

/** What one can look for. */
export function FilterBar({ filters, change }: FilterBarProps) {
  const { types, statuses, since, from, to } = filters
  const known = useTypes().value
  const choices = useMemo(() => choicesOf(known, types), [known, types])
  const [between, setBetween] = useState(false)
  const isBetween = between || from !== undefined || to !== undefined
  const toggle = (status: (typeof STATUSES)[number]): void =>
    change({ statuses: statuses.includes(status) ? statuses.filter((other) => other !== status) : [...statuses, status] })
  const chooseTime = (value: string | null): void => {
    setBetween(value === 'between')
    change({ since: value !== null && isSince(value) ? value : undefined, from: undefined, to: undefined })
  }
  return (
    <search className={classes['filters']}>
      <SearchField text={filters.text} change={change} />
      <MultiSelect
        aria-label="Types"
        placeholder={types.length === 0 ? 'Any type' : ''}
        data={choices}
        value={[...types]}
        onChange={(chosen) => change({ types: chosen })}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': 'Any type' }}
        size="xs"
        className={classes['types'] ?? ''}
        nothingFoundMessage="No such type"
      />
      <Select
        aria-label="Created"
        data={TIMES}
        value={since ?? (isBetween ? 'between' : 'any')}
        onChange={chooseTime}
        allowDeselect={false}
        size="xs"
        className={classes['time'] ?? ''}
      />
      {isBetween && (
        <>
          <TimeField label="Created after" value={from} change={(value) => change({ from: value, since: undefined })} />
          <TimeField label="Created before" value={to} change={(value) => change({ to: value, since: undefined })} />
        </>
      )}
      <div role="group" aria-label="Statuses" className={classes['statuses']}>
        {STATUSES.map((status) => (
          <button
            key={status}
            type="button"
            className={classes['toggle']}
            aria-pressed={statuses.includes(status)}
            onClick={() => toggle(status)}
          >
            {status}
          </button>
        ))}
      </div>
      {areSet(filters) && (
        <Button
          size="compact-xs"
          variant="subtle"
          onClick={() => {
            setBetween(false)
            change({ ...NONE, since: undefined, from: undefined, to: undefined })
          }}
        >
          Clear filters
        </Button>
      )}
    </search>
  )
}

/** The types that can be chosen. One that the server does not have now may still have jobs; or the address names one that there never was. */
function choicesOf(known: readonly JobTypeInfo[] | undefined, chosen: readonly string[]): ComboboxItem[] {
  const names = new Set(known?.map(({ name }) => name))
  return [...new Set([...names, ...chosen])]
    .toSorted()
    .map((name) => ({ value: name, label: known === undefined || names.has(name) ? name : `${name} (unknown)` }))
}

/** In milliseconds; the server is not asked at each letter. */
const TYPING_MS = 250

function SearchField({ text, change }: { readonly text: string; readonly change: FilterBarProps['change'] }) {
  const [typed, setTyped] = useState(text)
  const asked = useRef(text)
  const ask = useDebouncedCallback((value: string) => {
    asked.current = value.trim()
    change({ text: asked.current })
  }, TYPING_MS)
  const type = (value: string): void => {
    setTyped(value)
    ask(value)
  }
  useEffect(() => {
    // The filters were cleared, or one went back in the history; what was asked for by typing may be old already.
    if (text !== asked.current) setTyped(text)
    asked.current = text
  }, [text])
  return (
    <TextInput
      type="search"
      aria-label="Text"
      placeholder="Text in the input, id or type"
      data-search
      size="xs"
      maxLength={200}
      leftSection={<IconSearch size={14} aria-hidden />}
      rightSection={typed !== '' && <CloseButton size="xs" aria-label="Clear" onClick={() => type('')} />}
      value={typed}
      onChange={(event) => type(event.currentTarget.value)}
      className={classes['text'] ?? ''}
    />
  )
}

interface TimeFieldProps {
  readonly label: string
  readonly value: string | undefined
  readonly change: (value: string | undefined) => void
}

function TimeField({ label, value, change }: TimeFieldProps) {
  return (
    <TextInput
      type="datetime-local"
      aria-label={label}
      title={label}
      size="xs"
      value={value ?? ''}
      onChange={(event) => change(event.currentTarget.value === '' ? undefined : event.currentTarget.value)}
    />
  )
}
