import { createTheme } from '@mantine/core'
import type { CSSVariablesResolver } from '@mantine/core'

/** Dense and restrained: small type, thin lines, one accent; colour is for statuses. */
export const theme = createTheme({
  colors: {
    // Mantine's own greys of the dark scheme have no blue in them, as ours have.
    dark: ['#dfe3ea', '#c3cad5', '#a3abb8', '#7d8796', '#3a4350', '#2b323d', '#1c2129', '#161a20', '#0f1216', '#0b0d10'],
  },
  primaryColor: 'blue',
  primaryShade: { light: 8, dark: 8 },
  defaultRadius: 'sm',
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'Cascadia Mono', 'DejaVu Sans Mono', Consolas, monospace",
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '18px' },
  headings: {
    fontWeight: '600',
    sizes: { h1: { fontSize: '20px' }, h2: { fontSize: '15px' }, h3: { fontSize: '14px' } },
  },
  focusRing: 'auto',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    TextInput: { defaultProps: { size: 'sm' } },
    Tooltip: { defaultProps: { openDelay: 300, withArrow: true, events: { hover: true, focus: true, touch: false } } },
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } },
    Modal: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } },
  },
})

/** Mantine's greys for secondary text are too pale for small type: these have a contrast of 4.5 and more on all our surfaces. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#ffffff',
    '--mantine-color-dimmed': '#545c66',
    '--mantine-color-placeholder': '#626a74',
    '--mantine-color-error': '#b3261e',
    '--mantine-color-anchor': '#1558a8',
    '--hw-page': '#f5f6f8',
    '--hw-panel': '#ffffff',
    '--hw-sunken': '#f0f2f5',
    '--hw-line': '#dde1e7',
    '--hw-hover': '#eef3fa',
    '--hw-text': '#1a1e26',
    '--hw-queued': '#5b6472',
    '--hw-running': '#1864ab',
    '--hw-paused': '#8a5300',
    '--hw-completed': '#17753d',
    '--hw-failed': '#b3261e',
    '--hw-cancelled': '#7a3e9d',
  },
  dark: {
    '--mantine-color-body': '#161a20',
    '--mantine-color-text': '#dfe3ea',
    '--mantine-color-dimmed': '#a3abb8',
    '--mantine-color-placeholder': '#98a1af',
    '--mantine-color-error': '#ff9b92',
    '--mantine-color-anchor': '#82b8f5',
    '--hw-page': '#0f1216',
    '--hw-panel': '#161a20',
    '--hw-sunken': '#1c2129',
    '--hw-line': '#2b323d',
    '--hw-hover': '#1f2733',
    '--hw-text': '#dfe3ea',
    '--hw-queued': '#a3abb8',
    '--hw-running': '#74b3f7',
    '--hw-paused': '#e5b454',
    '--hw-completed': '#63cb8b',
    '--hw-failed': '#ff9b92',
    '--hw-cancelled': '#cf9df0',
  },
})
