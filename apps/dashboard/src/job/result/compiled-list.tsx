import { Alert, Button, Group, Skeleton, Text, TextInput } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useHeadway } from '@headway/client/react'
import { useDeferredValue, useEffect, useMemo, useState } from 'react'
import { formatBytes, formatCount, formatDuration } from '../../shared/format.js'
import { counted } from '../format.js'
import { listOf, numberOf, objectOf, textOf } from '../model/wire.js'
import type { Json } from '../model/wire.js'
import { saveFile } from '../parts/save-file.js'
import { ScaledRows } from '../parts/scaled-rows.js'
import { ScaledScroll } from '../parts/scaled-scroll.js'
import classes from './compiled-list.module.css'

const ROW_HEIGHT = 20

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
      <ListLines id={id} fileName={fileName} />
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

/** The lines, fetched when somebody wants them: a list can have millions. */
function ListLines({ id, fileName }: { readonly id: string; readonly fileName: string }) {
  const { lines, error } = useLines(id)
  const [text, setText] = useState('')
  const scroll = useMemo(() => new ScaledScroll(ROW_HEIGHT), [])
  const wanted = useDeferredValue(text.trim().toLowerCase())
  const found = useMemo(() => {
    if (lines === undefined || wanted === '') return lines
    return lines.filter((line) => line.toLowerCase().includes(wanted))
  }, [lines, wanted])
  if (error !== undefined)
    return (
      <Alert color="red" variant="outline" title="The list could not be fetched" role="alert">
        {error}
      </Alert>
    )
  if (found === undefined) return <Skeleton height={240} />
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
        <Text size="sm" c="dimmed" role="status">
          {counted(found.length, 'line')}
        </Text>
        <Button
          ml="auto"
          size="xs"
          variant="default"
          leftSection={<IconDownload size={14} aria-hidden />}
          onClick={() => saveFile(`${fileName}.txt`, new Blob([`${found.join('\n')}\n`], { type: 'text/plain' }))}
        >
          Download
        </Button>
      </Group>
      <ScaledRows
        scroll={scroll}
        count={found.length}
        columns={2}
        label={`The list, ${counted(found.length, 'line')}`}
        className={classes['lines']}
        row={(index) => (
          <div key={index} role="row" aria-rowindex={index + 1} className={classes['line']}>
            <span role="cell" className={classes['number']}>
              {index + 1}
            </span>
            <span role="cell">{found[index]?.slice(0, MAX_SHOWN)}</span>
          </div>
        )}
      />
    </section>
  )
}

/** Of a line so many characters are shown. */
const MAX_SHOWN = 2000

function useLines(id: string): { readonly lines?: readonly string[]; readonly error?: string } {
  const { http } = useHeadway()
  const [state, setState] = useState<{ readonly lines?: readonly string[]; readonly error?: string }>({})
  useEffect(() => {
    const ending = new AbortController()
    void http
      .GET('/queue/results/{requestId}', { params: { path: { requestId: id } }, signal: ending.signal })
      .then(({ data, response }) => {
        const rules = listOf(objectOf(data as Json | undefined)['rules'])
        if (data === undefined) setState({ error: `The server answered ${response.status}.` })
        else setState({ lines: rules.map((rule) => textOf(rule) ?? '') })
      })
      .catch((error: unknown) => {
        if (!ending.signal.aborted) setState({ error: String(error) })
      })
    return () => ending.abort()
  }, [http, id])
  return state
}

/** Whether a result is a compiled list. */
export function isListResult(result: Json | undefined): boolean {
  const { rules, ruleCount } = objectOf(result)
  return rules !== undefined && ruleCount !== undefined
}
