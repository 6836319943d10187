import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import type { HeadwayClient } from '@headway/client'
import { Router } from 'wouter'
import { cspNonce } from './csp-nonce.js'
import { useHashLocation, useHashSearch } from './location/hash-location.js'
import type { Session } from './session/session.js'
import { SessionContext, useSessionState } from './session/use-session.js'
import { Shell } from './shell/shell.js'
import { SignIn } from './sign-in/sign-in.js'
import { cssVariables, theme } from './theme.js'

interface AppProps {
  readonly session: Session
  /** Gives the client for a key. */
  readonly clientOf: (apiKey: string) => HeadwayClient
}

/** The whole dashboard. What is looked at is in the hash of the URL, and stays there while somebody signs in. */
export function App({ session, clientOf }: AppProps) {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto" getStyleNonce={() => cspNonce() ?? ''}>
      <SessionContext value={session}>
        <Router hook={useHashLocation} searchHook={useHashSearch}>
          <Notifications position="bottom-right" limit={3} />
          <SignedInOrNot clientOf={clientOf} />
        </Router>
      </SessionContext>
    </MantineProvider>
  )
}

function SignedInOrNot({ clientOf }: Pick<AppProps, 'clientOf'>) {
  const { apiKey } = useSessionState()
  // A new key makes everything new: nothing that one may see is left for another.
  return apiKey === undefined ? <SignIn /> : <Shell key={apiKey} client={clientOf(apiKey)} />
}
