import { Tooltip, VisuallyHidden } from '@mantine/core'
import { useConnection } from '@headway/client/react'
import classes from './connection-badge.module.css'

const WORDS = {
  connecting: { text: 'Connecting', hint: 'The first answer of the server is awaited.' },
  live: { text: 'Live', hint: 'News come when they happen.' },
  reconnecting: { text: 'Reconnecting', hint: 'The server is not heard. What is shown may be old; nothing of it is lost.' },
  closed: { text: 'Closed', hint: 'Nothing is asked of the server any more.' },
} as const
const TRANSPORTS = { sse: 'SSE', websocket: 'WebSocket', poll: 'polling' } as const

/** How the connection is, always in sight: in words and as a colour. */
export function ConnectionBadge() {
  const { state, transport } = useConnection()
  const { text, hint } = WORDS[state]
  return (
    <Tooltip label={hint} multiline maw={280}>
      <span className={classes['badge']} data-state={state} role="status" aria-label="Connection">
        <span className={classes['dot']} aria-hidden />
        {text}
        <VisuallyHidden>. {hint}</VisuallyHidden>
        {transport !== undefined && <span className={classes['transport']}>{TRANSPORTS[transport]}</span>}
      </span>
    </Tooltip>
  )
}
