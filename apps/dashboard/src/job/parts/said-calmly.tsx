import { useEffect, useRef, useState } from 'react'

/** How long what is told must have stayed, in milliseconds. */
const CALM_MS = 1000

interface SaidCalmlyProps {
  readonly text: string
  /** What the text is about: it is said again when this is another, not when a number in it grows. */
  readonly about: string
}

/** Says a text to who hears the page, once what it is about has rested for a while: nobody is told each step of what changes all the time. */
export function SaidCalmly({ text, about }: SaidCalmlyProps) {
  const [said, setSaid] = useState('')
  const latest = useRef(text)
  latest.current = text
  useEffect(() => {
    const timer = setTimeout(() => setSaid(latest.current), CALM_MS)
    return () => clearTimeout(timer)
  }, [about])
  return (
    <span className="visually-hidden" role="status">
      {said}
    </span>
  )
}
