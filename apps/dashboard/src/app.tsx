import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { Router } from 'wouter'
import { cspNonce } from './csp-nonce.js'
import { useHashLocation, useHashSearch } from './location/hash-location.js'
import { Session } from './session/session.js'
import { SessionContext, useSessionState } from './session/use-session.js'
import { Shell } from './shell/shell.js'
import { SignIn } from './sign-in/sign-in.js'
import { cssVariables, theme } from './theme.js'

/** The whole dashboard. What is looked at is in the hash of the URL, and stays there while somebody signs in. */
export function App({ session }: { readonly session: Session }) {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto" getStyleNonce={() => cspNonce() ?? ''}>
      <SessionContext value={session}>
        <Router hook={useHashLocation} searchHook={useHashSearch}>
          <Notifications position="bottom-right" limit={3} />
          <SignedInOrNot />
        </Router>
      </SessionContext>
    </MantineProvider>
  )
}

function SignedInOrNot() {
  const { apiKey } = useSessionState()
  // A new key makes everything new: nothing that one may see is left for another.
  return apiKey === undefined ? <SignIn /> : <Shell key={apiKey} apiKey={apiKey} />
}
