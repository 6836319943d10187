import { Alert, Button, Group, Skeleton, Text, TextInput } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { formatBytes, formatCount, formatDuration } from '../../shared/format.js'
import { counted } from '../format.js'
import { ALL_LEVELS } from '../log/levels.js'
import { useLogSearch } from '../log/use-log-search.js'
import { numberOf, objectOf } from '../model/wire.js'
import type { Json } from '../model/wire.js'
import { saveFile } from '../parts/save-file.js'
import { SaidCalmly } from '../parts/said-calmly.js'
import { ScaledRows } from '../parts/scaled-rows.js'
import { ScaledScroll } from '../parts/scaled-scroll.js'
import classes from './compiled-list.module.css'
import { textOfList, useList } from './use-list.js'

const ROW_HEIGHT = 20

/** A larger list is fetched when somebody asks for it. In bytes: 8 MiB. */
const FETCHED_AT_ONCE = 8 * 1024 * 1024

/** Of a line so many characters are shown. */
const MAX_SHOWN = 2000

/** A compiled list: what it came to, and its lines, to be searched and taken along. */
export function CompiledList({ id, result, fileName }: { readonly id: string; readonly result: Json; readonly fileName: string }) {
  const said = objectOf(result)
  const metrics = objectOf(said['metrics'])
  const diff = objectOf(said['diff'])
  const size = numberOf(objectOf(said['rules'])['size'])
  return (
    <>
      <dl className={classes['facts']}>
        <Fact name="Lines" value={formatCount(numberOf(said['ruleCount']) ?? 0)} />
        <Fact name="Sources" value={formatCount(numberOf(metrics['sourceCount']) ?? 0)} />
        <Fact name="Took" value={formatDuration(numberOf(metrics['totalDurationMs']) ?? 0)} />
        {size !== undefined && <Fact name="Size" value={formatBytes(size)} />}
        {said['cached'] === true && <Fact name="From" value="an earlier result: no source had changed" />}
        {numberOf(diff['added']) !== undefined && (
          <Fact
            name="Since the last one"
            value={`${formatCount(numberOf(diff['added']) ?? 0)} more, ${formatCount(numberOf(diff['removed']) ?? 0)} gone`}
          />
        )}
      </dl>
      <ListLines id={id} fileName={fileName} size={size ?? 0} />
    </>
  )
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}

interface ListLinesProps {
  readonly id: string
  readonly fileName: string
  /** In bytes. */
  readonly size: number
}

/** The lines: of a large list when somebody asks for them. */
function ListLines({ id, fileName, size }: ListLinesProps) {
  const [isWanted, setWanted] = useState(size <= FETCHED_AT_ONCE)
  if (isWanted) return <FetchedLines id={id} fileName={fileName} />
  return (
    <Button size="xs" variant="default" onClick={() => setWanted(true)}>
      Show the list, {formatBytes(size)}
    </Button>
  )
}

function FetchedLines({ id, fileName }: { readonly id: string; readonly fileName: string }) {
  const { store, version, isWhole, omitted, error } = useList(id)
  const { text, search, setText } = useLogSearch(store, ALL_LEVELS, version)
  const scroll = useMemo(() => new ScaledScroll(ROW_HEIGHT), [])
  const count = search === undefined ? store.end : search.count()
  const isFound = isWhole && (search?.done ?? true)
  if (error !== undefined)
    return (
      <Alert color="red" variant="outline" title="The list could not be fetched" role="alert">
        {error}
      </Alert>
    )
  if (version === 0) return <Skeleton height={240} />
  return (
    <section aria-label="The list">
      <Group gap="xs" mb="xs">
        <TextInput
          size="xs"
          aria-label="Search the list"
          placeholder="Search the list"
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value)
            scroll.toStart()
          }}
        />
        <Text size="sm" c="dimmed">
          {counted(count, 'line')}
          {omitted > 0 && `; ${counted(omitted, 'more line')} did not fit in this page`}
        </Text>
        <SaidCalmly text={`${counted(count, 'line')} found`} about={`${text} ${isFound}`} />
        <Button
          ml="auto"
          size="xs"
          variant="default"
          leftSection={<IconDownload size={14} aria-hidden />}
          loading={!isFound}
          onClick={() => saveFile(`${fileName}.txt`, new Blob(textOfList(store, search), { type: 'text/plain' }))}
        >
          Download
        </Button>
      </Group>
      <ScaledRows
        scroll={scroll}
        count={count}
        columns={2}
        label={`The list, ${counted(count, 'line')}`}
        className={classes['lines']}
        row={(place) => {
          const line = search === undefined ? place : search.lineAt(place)
          if (line === undefined) return null
          return (
            <div key={line} role="row" aria-rowindex={place + 1} className={classes['line']}>
              <span role="cell" className={classes['number']}>
                {line + 1}
              </span>
              <span role="cell">{store.text(line).slice(0, MAX_SHOWN)}</span>
            </div>
          )
        }}
      />
    </section>
  )
}

/** Whether a result is a compiled list. */
export function isListResult(result: Json | undefined): boolean {
  const { rules, ruleCount } = objectOf(result)
  return rules !== undefined && ruleCount !== undefined
}
