import { formatAgo, formatDuration, formatTime } from './format.js'
import { useNow } from './use-now.js'

/** How long ago something was; when it was exactly, on pointing at it. */
export function Ago({ at }: { readonly at: string }) {
  const now = useNow()
  return (
    <time dateTime={at} title={formatTime(at)}>
      {formatAgo(now - Date.parse(at))}
    </time>
  )
}

/** As the API says it, or in milliseconds since 1970. */
type Time = string | number

/** How long something took, or takes until now. */
export function Took({ from, to }: { readonly from: Time; readonly to?: Time | undefined }) {
  return to === undefined ? <TakesStill from={from} /> : <>{formatDuration(msOf(to) - msOf(from))}</>
}

function TakesStill({ from }: { readonly from: Time }) {
  const now = useNow()
  const ms = Math.max(0, now - msOf(from))
  // Tenths would only flicker while it goes on.
  return <>{ms < 60_000 ? `${Math.floor(ms / 1000)} s` : formatDuration(ms)}</>
}

function msOf(time: Time): number {
  return new Date(time).getTime()
}
