import { ActionIcon, Button, Select, Tooltip } from '@mantine/core'
import { IconPlayerPauseFilled, IconPlayerPlayFilled, IconPlayerSkipBack, IconPlayerSkipForward } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { formatCount, formatDuration } from '../../shared/format.js'
import type { JobRecord } from '../model/job-record.js'
import classes from './replay-bar.module.css'
import { ReplayClock } from './replay-clock.js'

const SPEEDS = [1, 2, 5, 20, 100, 1000] as const

interface ReplayBarProps {
  readonly record: JobRecord
  /** The seq that is looked at. */
  readonly seq: number
  /** Undefined while it is now. */
  readonly at: number | undefined
  readonly onSeek: (seq: number | undefined) => void
  readonly isOver: boolean
}

/** Takes a job back to any moment of its log, and plays it from there. */
export function ReplayBar({ record, seq, at, onSeek, isOver }: ReplayBarProps) {
  const [speed, setSpeed] = useState(1)
  const [isPlaying, setPlaying] = usePlaying(record, { seq, at, speed, onSeek })
  const { head } = record
  const first = record.events.seq(record.events.first)
  const elapsed = record.timeOf(seq) - record.timeOf(first)
  const whole = record.lastAt - record.timeOf(first)
  const seek = (to: number): void => onSeek(Math.max(first, Math.min(head, to)))
  return (
    <section className={classes['bar']} aria-label="Replay" data-replaying={at !== undefined}>
      <ActionIcon variant="default" size={28} aria-label="Event before" disabled={seq <= first} onClick={() => seek(seq - 1)}>
        <IconPlayerSkipBack size={14} aria-hidden />
      </ActionIcon>
      <Tooltip label={isPlaying ? 'Stop playing' : 'Play the log'}>
        <ActionIcon
          size={28}
          variant={isPlaying ? 'filled' : 'default'}
          aria-label={isPlaying ? 'Stop playing' : 'Play the log'}
          onClick={() => {
            if (!isPlaying && seq >= head) onSeek(first)
            setPlaying(!isPlaying)
          }}
        >
          {isPlaying ? <IconPlayerPauseFilled size={14} aria-hidden /> : <IconPlayerPlayFilled size={14} aria-hidden />}
        </ActionIcon>
      </Tooltip>
      <ActionIcon variant="default" size={28} aria-label="Next event" disabled={seq >= head} onClick={() => seek(seq + 1)}>
        <IconPlayerSkipForward size={14} aria-hidden />
      </ActionIcon>
      <input
        type="range"
        className={classes['slider']}
        aria-label="Moment of the log"
        aria-valuetext={`Event ${seq} of ${head}, after ${formatDuration(elapsed)}`}
        min={first}
        max={head}
        step={1}
        value={seq}
        onChange={(event) => {
          setPlaying(false)
          seek(Number(event.currentTarget.value))
        }}
      />
      <span className={classes['place']}>
        {formatDuration(elapsed)} of {formatDuration(whole)}
        <span className={classes['seq']}>
          event {formatCount(seq)} of {formatCount(head)}
        </span>
      </span>
      <Select
        size="xs"
        className={classes['speed'] ?? ''}
        aria-label="Speed"
        data={SPEEDS.map((value) => ({ value: String(value), label: `${value}×` }))}
        value={String(speed)}
        allowDeselect={false}
        comboboxProps={{ withinPortal: true }}
        onChange={(value) => setSpeed(Number(value ?? 1))}
      />
      {at !== undefined && (
        <Button
          size="xs"
          onClick={() => {
            setPlaying(false)
            onSeek(undefined)
          }}
        >
          {isOver ? 'Back to the end' : 'Back to live'}
        </Button>
      )}
    </section>
  )
}

interface Playing {
  readonly seq: number
  readonly at: number | undefined
  readonly speed: number
  readonly onSeek: (seq: number | undefined) => void
}

/** Plays from where one is until the last event; one step a frame. */
function usePlaying(record: JobRecord, { seq, at, speed, onSeek }: Playing): readonly [boolean, (playing: boolean) => void] {
  const [isPlaying, setPlaying] = useState(false)
  const from = useRef(seq)
  from.current = seq
  useEffect(() => {
    if (!isPlaying) return undefined
    const clock = new ReplayClock(record, from.current)
    let before = performance.now()
    let frame = requestAnimationFrame(function play(now) {
      const reached = clock.advance(now - before, speed)
      before = now
      if (reached !== from.current) onSeek(reached)
      if (reached >= record.head) setPlaying(false)
      else frame = requestAnimationFrame(play)
    })
    return () => cancelAnimationFrame(frame)
  }, [isPlaying, record, speed, onSeek])
  // Who went back to now plays nothing.
  return [isPlaying && at !== undefined, setPlaying]
}
