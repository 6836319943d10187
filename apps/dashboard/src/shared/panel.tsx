import { useId } from 'react'
import type { ReactNode } from 'react'
import classes from './panel.module.css'

interface PanelProps {
  readonly title: string
  /** Beside the title. */
  readonly aside?: ReactNode
  readonly children: ReactNode
  readonly className?: string | undefined
}

/** A part of a page, with its heading. */
export function Panel({ title, aside, children, className }: PanelProps) {
  const id = useId()
  return (
    <section aria-labelledby={id} className={`${classes['panel']} ${className ?? ''}`}>
      <div className={classes['head']}>
        <h2 id={id} className={classes['title']}>
          {title}
        </h2>
        {aside !== undefined && <div className={classes['aside']}>{aside}</div>}
      </div>
      {children}
    </section>
  )
}

/** Said in place of what is not there. */
export function Nothing({ children }: { readonly children: ReactNode }) {
  return <p className={classes['nothing']}>{children}</p>
}
