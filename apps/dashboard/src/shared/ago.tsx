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

/** How long something took, or takes until now. */
export function Took({ from, to }: { readonly from: string; readonly to?: string | undefined }) {
  return to === undefined ? <TakesStill from={from} /> : <>{formatDuration(Date.parse(to) - Date.parse(from))}</>
}

function TakesStill({ from }: { readonly from: string }) {
  const now = useNow()
  const ms = Math.max(0, now - Date.parse(from))
  // Tenths would only flicker while it goes on.
  return <>{ms < 60_000 ? `${Math.floor(ms / 1000)} s` : formatDuration(ms)}</>
}
