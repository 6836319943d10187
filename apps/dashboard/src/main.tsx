import '@mantine/core/styles.css'
import '@mantine/dates/styles.css'
import '@mantine/notifications/styles.css'
import 'uplot/dist/uPlot.min.css'
import './global.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { signedInClient } from './api/signed-in-client.js'
import { App } from './app.js'
import { announceNonce } from './csp-nonce.js'
import { Session, tabStorage } from './session/session.js'

announceNonce()
const root = document.querySelector('#root')
if (root === null) throw new Error('The page has no #root.')
const session = new Session(tabStorage())
createRoot(root).render(
  <StrictMode>
    <App session={session} clientOf={signedInClient(session)} />
  </StrictMode>,
)
