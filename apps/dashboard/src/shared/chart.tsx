import { useEffect, useRef } from 'react'
import uPlot from 'uplot'

interface ChartProps {
  /** Everything but the width, which is that of where it stands. The same object from render to render. */
  readonly options: Omit<uPlot.Options, 'width'>
  readonly data: uPlot.AlignedData
  /** What it shows, for who does not see it. */
  readonly label: string
}

/** A chart as wide as its place. */
export function Chart({ options, data, label }: ChartProps) {
  const place = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot>(undefined)
  const latest = useRef(data)
  useEffect(() => {
    latest.current = data
    plot.current?.setData(data)
  }, [data])
  useEffect(() => {
    const target = place.current
    if (target === null) return undefined
    const made = new uPlot({ ...options, width: Math.max(1, target.clientWidth) }, latest.current, target)
    plot.current = made
    const sized = new ResizeObserver(() => {
      if (target.clientWidth > 0) made.setSize({ width: target.clientWidth, height: options.height })
    })
    sized.observe(target)
    return () => {
      sized.disconnect()
      made.destroy()
      plot.current = undefined
    }
  }, [options])
  return <div ref={place} role="img" aria-label={label} style={{ minHeight: options.height }} />
}
