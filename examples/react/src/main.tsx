import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createClient } from '@headway/client'
import { HeadwayProvider } from '@headway/client/react'
import { App } from './app'
import './page.css'

// No key: a page that anybody can load shows the token of the job that it started.
const client = createClient({ baseUrl: location.origin })

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <HeadwayProvider client={client}>
      <App />
    </HeadwayProvider>
  </StrictMode>,
)
