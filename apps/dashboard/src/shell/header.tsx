import { ActionIcon, Menu, useMantineColorScheme } from '@mantine/core'
import type { MantineColorScheme } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import {
  IconDeviceDesktop,
  IconDotsVertical,
  IconKeyboard,
  IconLayoutDashboard,
  IconList,
  IconLogout,
  IconMoon,
  IconPlus,
  IconSun,
} from '@tabler/icons-react'
import { Link, useLocation } from 'wouter'
import { useSession } from '../session/use-session.js'
import { Brand } from './brand.js'
import { ConnectionBadge } from './connection-badge.js'
import classes from './header.module.css'
import { HelpDialog } from './help-dialog.js'
import { useShortcuts } from './use-shortcuts.js'

const PAGES = [
  { href: '/', text: 'Overview', icon: IconLayoutDashboard, is: (path: string) => path === '/' },
  { href: '/jobs', text: 'Jobs', icon: IconList, is: (path: string) => path.startsWith('/jobs') },
  { href: '/new', text: 'New job', icon: IconPlus, is: (path: string) => path.startsWith('/new') },
]

const SCHEMES: readonly { readonly value: MantineColorScheme; readonly text: string; readonly icon: typeof IconSun }[] = [
  { value: 'auto', text: 'As the system', icon: IconDeviceDesktop },
  { value: 'light', text: 'Light', icon: IconSun },
  { value: 'dark', text: 'Dark', icon: IconMoon },
]

/** Where one can go, the state of the connection, and what is for the whole dashboard. */
export function Header() {
  const [path] = useLocation()
  const session = useSession()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const [helpOpened, help] = useDisclosure(false)
  useShortcuts(help.open)
  return (
    <header className={classes['header']}>
      <div className={classes['inside']}>
        <Link href="/" className={classes['home'] ?? ''} aria-label="Headway, overview">
          <Brand />
        </Link>
        <nav aria-label="Pages" className={classes['pages']}>
          {PAGES.map(({ href, text, icon: Icon, is }) => (
            <Link key={href} href={href} className={classes['page'] ?? ''} aria-current={is(path) ? 'page' : undefined}>
              <Icon size={16} aria-hidden className={classes['icon'] ?? ''} />
              {text}
            </Link>
          ))}
        </nav>
        <ConnectionBadge />
        <Menu position="bottom-end" width={220}>
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" size="lg" aria-label="Menu" className={classes['menu'] ?? ''}>
              <IconDotsVertical size={18} aria-hidden />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Label>Colours</Menu.Label>
            {SCHEMES.map(({ value, text, icon: Icon }) => (
              <Menu.Item
                key={value}
                role="menuitemradio"
                aria-checked={colorScheme === value}
                leftSection={<Icon size={16} aria-hidden />}
                rightSection={colorScheme === value ? '✓' : undefined}
                onClick={() => setColorScheme(value)}
              >
                {text}
              </Menu.Item>
            ))}
            <Menu.Divider />
            <Menu.Item leftSection={<IconKeyboard size={16} aria-hidden />} rightSection={<kbd>?</kbd>} onClick={help.open}>
              Keyboard shortcuts
            </Menu.Item>
            <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => session.signOut()}>
              Sign out
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
      <HelpDialog opened={helpOpened} onClose={help.close} />
    </header>
  )
}
