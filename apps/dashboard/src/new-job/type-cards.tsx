import type { JobTypeInfo } from '@headway/protocol'
import { IconBook2, IconChecklist, IconFilter, IconPuzzle } from '@tabler/icons-react'
import { Link } from 'wouter'
import { Nothing } from '../shared/panel.js'
import classes from './new-job.module.css'

/** Services as people know them, in the order in which they are shown. */
const SERVICES = [
  { name: 'tasks', title: 'Tasks', icon: IconChecklist },
  { name: 'filters', title: 'Filter lists', icon: IconFilter },
  { name: 'books', title: 'Books', icon: IconBook2 },
] as const

/** A card for each job type, by service. */
export function TypeCards({ types }: { readonly types: readonly JobTypeInfo[] }) {
  const known: readonly string[] = SERVICES.map(({ name }) => name)
  const groups = [
    ...SERVICES.map(({ name, title, icon }) => ({ title, icon, of: types.filter(({ service }) => service === name) })),
    { title: 'Your own', icon: IconPuzzle, of: types.filter(({ service }) => !known.includes(service)) },
  ].filter(({ of }) => of.length > 0)
  if (groups.length === 0) return <Nothing>This server has no job types.</Nothing>
  return groups.map(({ title, icon: Icon, of }) => (
    <section key={title} aria-label={title} className={classes['group']}>
      <h2 className={classes['service']}>
        <Icon size={16} aria-hidden /> {title}
      </h2>
      <ul className={classes['cards']}>
        {of.map((type) => (
          <li key={type.name} className={classes['card']}>
            <Link href={`/new/${encodeURIComponent(type.name)}`} className={classes['choose'] ?? ''}>
              {type.title ?? type.name}
            </Link>
            {type.title !== undefined && <span className={classes['name']}>{type.name}</span>}
            <span className={classes['about']}>{type.description}</span>
          </li>
        ))}
      </ul>
    </section>
  ))
}
