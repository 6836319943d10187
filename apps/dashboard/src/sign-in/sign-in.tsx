import { Alert, Button, Checkbox, Code, Paper, PasswordInput, Stack, Text, Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import { useState } from 'react'
import type { FormEvent } from 'react'
import { baseUrl } from '../api/base-url.js'
import { useSession, useSessionState } from '../session/use-session.js'
import { Brand } from '../shell/brand.js'
import { checkKey } from './check-key.js'
import classes from './sign-in.module.css'

/** Asks for an API key and tries it. The hash of the URL stays, so that one comes to what one wanted to see. */
export function SignIn() {
  const session = useSession()
  const { refused } = useSessionState()
  const [keep, setKeep] = useState(false)
  const [apiKey, setApiKey] = useState('')
  const [trying, setTrying] = useState(false)
  const [error, setError] = useState<string>()
  useDocumentTitle('Sign in · Headway')

  const signIn = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const key = apiKey.trim()
    if (key === '') return setError('Enter a key.')
    // What a header can not carry is no key; fetch would say it less clearly.
    if (!/^[\x21-\x7e]+$/.test(key)) return setError('A key has no spaces and no special letters.')
    setTrying(true)
    const wrong = await checkKey(baseUrl(), key)
    setTrying(false)
    if (wrong === undefined) session.signIn(key, keep)
    else setError(wrong)
  }

  return (
    <main className={classes['main']}>
      <Paper withBorder p="lg" className={classes['panel'] ?? ''}>
        <form onSubmit={(event) => void signIn(event)} aria-labelledby="sign-in">
          <Stack gap="md">
            <Brand />
            <Title order={1} id="sign-in">
              Sign in
            </Title>
            {refused && (
              <Alert variant="outline" color="orange" role="status" title="The key is not accepted any more">
                Sign in again, and you are back at what you were looking at.
              </Alert>
            )}
            <PasswordInput
              label="API key"
              name="api-key"
              description={
                <>
                  Where none is set up, the server writes one to <Code>admin-key</Code> in its data folder.
                </>
              }
              value={apiKey}
              onChange={(event) => {
                setApiKey(event.currentTarget.value)
                setError(undefined)
              }}
              error={error}
              errorProps={{ role: 'alert' }}
              autoComplete="off"
              autoFocus
              data-autofocus
              visibilityToggleButtonProps={{ 'aria-label': 'Show the key', tabIndex: 0 }}
            />
            <Checkbox
              label="Keep me signed in for this tab"
              description="Else the key is forgotten when the page is loaded anew."
              checked={keep}
              onChange={(event) => setKeep(event.currentTarget.checked)}
            />
            <Button type="submit" loading={trying}>
              Sign in
            </Button>
            <Text size="xs" c="dimmed">
              The key stays in this tab: it is in no cookie and in no address.
            </Text>
          </Stack>
        </form>
      </Paper>
    </main>
  )
}
