import { ActionIcon, Button, Chip, CloseButton, Group, Menu, TextInput, Tooltip } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import {
  IconChevronDown,
  IconChevronUp,
  IconCopy,
  IconDownload,
  IconLetterCase,
  IconPlayerPause,
  IconPlayerPlay,
  IconSearch,
} from '@tabler/icons-react'
import { useState } from 'react'
import { formatCount } from '../../shared/format.js'
import { counted } from '../format.js'
import type { RowFilter } from '../parts/row-filter.js'
import { SaidCalmly } from '../parts/said-calmly.js'
import { saveFile } from '../parts/save-file.js'
import { MAX_COPIED_CHARACTERS, textOfLog } from './export-log.js'
import { ALL_LEVELS, LEVEL_NAMES, LEVELS, levelBit } from './levels.js'
import type { LevelSet } from './levels.js'
import type { LogStore } from './log-store.js'
import classes from './log-view.module.css'
import type { LogSearchState } from './use-log-search.js'

interface LogToolbarProps {
  readonly store: LogStore
  readonly filter: RowFilter
  readonly end: number
  readonly search: LogSearchState
  /** The line at which the search stands. */
  readonly current: number | undefined
  readonly onStep: (direction: 1 | -1) => void
  readonly levels: LevelSet
  readonly onLevels: (levels: LevelSet) => void
  readonly isHeld: boolean
  readonly onHold: (held: boolean) => void
  readonly fileName: string
}

/** What can be done with a log. */
export function LogToolbar(props: LogToolbarProps) {
  const { isHeld, onHold } = props
  return (
    <div className={classes['toolbar']}>
      <SearchField {...props} />
      <LevelChips {...props} />
      <Group gap={4} ml="auto" wrap="nowrap">
        <Button
          variant="default"
          size="compact-sm"
          leftSection={isHeld ? <IconPlayerPlay size={14} aria-hidden /> : <IconPlayerPause size={14} aria-hidden />}
          onClick={() => onHold(!isHeld)}
        >
          {isHeld ? 'Go on' : 'Hold'}
        </Button>
        <KeepMenu {...props} />
      </Group>
    </div>
  )
}

function SearchField({ search, current, end, onStep }: LogToolbarProps) {
  const { text, matchCase } = search
  return (
    <Group gap={4} wrap="nowrap" className={classes['search'] ?? ''}>
      <TextInput
        size="xs"
        data-search
        aria-label="Search the log"
        placeholder="Search the log"
        leftSection={<IconSearch size={14} aria-hidden />}
        rightSection={text === '' ? undefined : <CloseButton size="xs" aria-label="Clear the search" onClick={() => search.setText('')} />}
        value={text}
        onChange={(event) => search.setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') onStep(event.shiftKey ? -1 : 1)
          if (event.key === 'Escape') search.setText('')
        }}
        className={classes['field'] ?? ''}
      />
      <Tooltip label="Large and small letters differ">
        <ActionIcon
          variant={matchCase ? 'filled' : 'default'}
          size={30}
          aria-label="Large and small letters differ"
          aria-pressed={matchCase}
          onClick={() => search.setMatchCase(!matchCase)}
        >
          <IconLetterCase size={16} aria-hidden />
        </ActionIcon>
      </Tooltip>
      {text !== '' && (
        <>
          <ActionIcon variant="default" size={30} aria-label="Previous match" onClick={() => onStep(-1)}>
            <IconChevronUp size={16} aria-hidden />
          </ActionIcon>
          <ActionIcon variant="default" size={30} aria-label="Next match" onClick={() => onStep(1)}>
            <IconChevronDown size={16} aria-hidden />
          </ActionIcon>
          <span className={classes['hits']}>{hitsText(search, current, end)}</span>
          <SaidCalmly text={`Found: ${hitsText(search, current, end)}`} about={`${text} ${matchCase} ${current}`} />
        </>
      )}
    </Group>
  )
}

function hitsText({ search }: LogSearchState, current: number | undefined, end: number): string {
  if (search === undefined) return ''
  const count = search.count(end)
  if (count === 0) return search.done ? 'no line' : 'searching'
  const index = current === undefined ? -1 : search.indexFrom(current)
  const isAtHit = index >= 0 && search.lineAt(index) === current
  return isAtHit ? `${formatCount(index + 1)} of ${formatCount(count)}` : counted(count, 'line')
}

/** The levels that occur; all are shown at first. */
function LevelChips({ store, levels, onLevels }: LogToolbarProps) {
  const occurring = LEVELS.filter((level) => store.countOf(level) > 0)
  if (occurring.length < 2) return null
  return (
    <Group gap={4} role="group" aria-label="Levels">
      {occurring.map((level) => (
        <Chip
          key={level}
          size="xs"
          variant="outline"
          checked={(levels & levelBit(level)) !== 0}
          onChange={(checked) => onLevels((checked ? levels | levelBit(level) : levels & ~levelBit(level)) & ALL_LEVELS)}
        >
          {LEVEL_NAMES[level]} <span className={classes['chip-count']}>{formatCount(store.countOf(level))}</span>
        </Chip>
      ))}
    </Group>
  )
}

/** The lines that are shown, as text to take along. */
function KeepMenu({ store, filter, end, fileName }: LogToolbarProps) {
  const [isBusy, setBusy] = useState(false)
  const doing = (work: () => Promise<void>) => () => {
    setBusy(true)
    void work()
      .catch((error: unknown) => notifications.show({ color: 'red', title: 'The log could not be taken', message: String(error) }))
      .finally(() => setBusy(false))
  }
  const copy = doing(async () => {
    const { parts, lines, isAll } = await textOfLog(store, filter, { end, maxCharacters: MAX_COPIED_CHARACTERS })
    await navigator.clipboard.writeText(parts.join(''))
    notifications.show({
      message: isAll ? `${counted(lines, 'line')} copied.` : `The first ${counted(lines, 'line')} copied; the download has all.`,
    })
  })
  const download = doing(async () => {
    const { parts } = await textOfLog(store, filter, { end })
    saveFile(`${fileName}.log`, new Blob([...parts], { type: 'text/plain' }))
  })
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="default" size={26} aria-label="Copy or download the log" loading={isBusy}>
          <IconDownload size={15} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconCopy size={14} aria-hidden />} onClick={copy}>
          Copy the lines shown
        </Menu.Item>
        <Menu.Item leftSection={<IconDownload size={14} aria-hidden />} onClick={download}>
          Download the lines shown
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
