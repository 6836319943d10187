import { useEffect, useState } from 'react'
import type { FeedState, JobFeed } from './model/job-feed.js'

/** What a feed says, at most once in so many milliseconds; the last state always. Whoever needs each frame subscribes to the feed itself. */
export function useFeed(feed: JobFeed, everyMs: number): FeedState {
  const [state, setState] = useState(feed.state)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const stop = feed.subscribe(() => {
      timer ??= setTimeout(() => {
        timer = undefined
        setState(feed.state)
      }, everyMs)
    })
    setState(feed.state)
    return () => {
      clearTimeout(timer)
      stop()
    }
  }, [feed, everyMs])
  return state
}
