import { Button, CloseButton, CopyButton, Group, Select, Text } from '@mantine/core'
import { memo, useMemo, useState } from 'react'
import { formatCount } from '../../shared/format.js'
import { clockTime, counted } from '../format.js'
import type { EventStore } from '../model/event-store.js'
import type { JobRecord } from '../model/job-record.js'
import { JsonTree } from '../parts/json-tree.js'
import { RowFilter } from '../parts/row-filter.js'
import { ScaledRows } from '../parts/scaled-rows.js'
import { ScaledScroll } from '../parts/scaled-scroll.js'
import { useSamePlace } from '../parts/use-same-place.js'
import classes from './events-view.module.css'

const ROW_HEIGHT = 24

/** Of an event's data so many characters are in its row. */
const MAX_SHOWN = 400

interface EventsViewProps {
  readonly record: JobRecord
  readonly seq: number
  /** Grows when the record has changed. */
  readonly version: number
}

/** The events of a job as they came, all or those of one type; the JSON of one beside them. */
export const EventsView = memo(function EventsView({ record: { events }, seq }: EventsViewProps) {
  const scroll = useMemo(() => new ScaledScroll(ROW_HEIGHT, true), [])
  const [type, setType] = useState<string | null>(null)
  const [chosen, setChosen] = useState<number>()
  const types = events.types()
  const typeIndex = types.findIndex((each) => each.type === type)
  const filter = useMemo(() => eventsOfType(events, typeIndex), [events, typeIndex])
  const keepPlace = useSamePlace(scroll, filter)
  filter.update()
  const count = filter.count(events.indexOf(seq) + 1)
  return (
    <section aria-label="Events">
      <Group gap="xs" mb="xs">
        <Select
          size="xs"
          aria-label="Type"
          placeholder="All types"
          clearable
          data={types.map((each) => ({ value: each.type, label: `${each.type} (${formatCount(each.count)})` }))}
          value={type}
          onChange={(next) => {
            keepPlace()
            setType(next)
          }}
        />
        <Text size="sm" c="dimmed">
          {counted(count, 'event')}
          {events.first > 0 && `; the first ${formatCount(events.first)} are no longer kept in this page`}
        </Text>
      </Group>
      <div className={classes['halves']} data-chosen={chosen !== undefined}>
        <ScaledRows
          scroll={scroll}
          count={count}
          dropped={filter.dropped}
          list={filter}
          columns={4}
          label={`Events, ${formatCount(count)}`}
          className={classes['rows']}
          row={(place) => {
            const event = filter.rowAt(place)
            if (event === undefined) return null
            return (
              <div
                key={event}
                role="row"
                aria-rowindex={place + 1}
                className={classes['row']}
                data-seq={events.seq(event)}
                data-chosen={event === chosen}
              >
                <span role="cell" className={classes['seq']}>
                  <button
                    type="button"
                    className={classes['open']}
                    aria-label={`Event ${events.seq(event)}`}
                    onClick={() => setChosen(event)}
                  >
                    {events.seq(event)}
                  </button>
                </span>
                <span role="cell" className={classes['time']}>
                  {clockTime(events.at(event))}
                </span>
                <span role="cell" className={classes['type']}>
                  {events.type(event)}
                </span>
                <span role="cell" className={classes['data']}>
                  {events.dataText(event)?.slice(0, MAX_SHOWN) ?? 'no longer kept'}
                </span>
              </div>
            )
          }}
        />
        {chosen !== undefined && <OneEvent events={events} event={chosen} onClose={() => setChosen(undefined)} />}
      </div>
    </section>
  )
})

interface OneEventProps {
  readonly events: EventStore
  readonly event: number
  readonly onClose: () => void
}

function OneEvent({ events, event, onClose }: OneEventProps) {
  const seq = events.seq(event)
  const whole = { seq, at: new Date(events.at(event)).toISOString(), type: events.type(event), data: events.data(event) ?? null }
  return (
    <aside className={classes['one']} aria-label={`Event ${seq}`}>
      <Group justify="space-between" mb={6}>
        <Text size="sm" fw={600}>
          Event {formatCount(seq)}
        </Text>
        <Group gap={6}>
          <CopyButton value={JSON.stringify(whole, null, 2)}>
            {({ copied, copy }) => (
              <Button size="compact-xs" variant="default" onClick={copy}>
                {copied ? 'Copied' : 'Copy'}
              </Button>
            )}
          </CopyButton>
          <CloseButton size="sm" aria-label="Close the event" onClick={onClose} />
        </Group>
      </Group>
      <JsonTree key={seq} value={whole} label={`Event ${seq}`} openLevels={4} />
    </aside>
  )
}

/** @param type its place among the types; -1 for all */
function eventsOfType(events: EventStore, type: number): RowFilter {
  return new RowFilter(events, type === -1 ? undefined : (event) => events.typeIndex(event) === type)
}
