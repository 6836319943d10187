import type { BlobRef } from '@headway/core'
import type { Configuration } from '../compiler/index.js'
import { hasSecrets } from '../download/sanitize-url.js'
import type { BatchInput } from '../jobs/batch-input.js'
import type { CompileInput } from '../jobs/compile-input.js'
import { isLargeContent, packTexts } from '../jobs/packed-texts.js'
import { packConfiguration, withoutSecrets } from '../jobs/secret-sources.js'

/** What a client asks for, its configuration checked (`compileBodySchema`). */
export interface CompileRequest extends Pick<CompileInput, 'configuration' | 'preFetchedContent' | 'benchmark'> {
  /** The pre-fetched texts in place of `preFetchedContent`, in the form of `packTexts`. */
  readonly packedContent?: Uint8Array | undefined
}

/** Makes a blob of the job that is about to be made. */
export type StoreContent = (bytes: Uint8Array) => Promise<BlobRef>

/** What a job is to compile. What is large or secret in a request becomes a blob: inputs are told in events. */
export async function inputOf(request: CompileRequest, content: StoreContent): Promise<Omit<CompileInput, 'owner' | 'seal'>> {
  const { configuration, preFetchedContent, benchmark } = request
  // Checked by its schema; both are plain JSON.
  const given = configuration as unknown as Configuration
  const shown = withoutSecrets(given)
  const packed = packedContentOf(request)
  return {
    configuration: shown === undefined ? configuration : (shown as unknown as CompileInput['configuration']),
    ...(shown !== undefined && { configurationBlob: { ...(await content(packConfiguration(given))) } }),
    ...(benchmark === true && { benchmark }),
    ...(packed !== undefined && { preFetchedBlob: { ...(await content(packed)) } }),
    ...(packed === undefined && preFetchedContent !== undefined && { preFetchedContent }),
  }
}

/** What repetitions of a request are known by: the configuration as it came, and blobs by their content alone. */
export function comparedInput(input: CompileInput | BatchInput, requests: readonly CompileRequest[]): unknown {
  const compared = ({ preFetchedBlob, ...rest }: Omit<CompileInput, 'owner' | 'seal'>, index: number): unknown => ({
    ...rest,
    configuration: requests[index]?.configuration,
    configurationBlob: undefined,
    ...(preFetchedBlob !== undefined && { content: preFetchedBlob.sha256 }),
  })
  const { seal: _, ...made } = input
  return 'requests' in made ? { ...made, requests: made.requests.map(compared) } : compared(made, 0)
}

function packedContentOf({ packedContent, preFetchedContent }: CompileRequest): Uint8Array | undefined {
  if (packedContent !== undefined) return packedContent
  if (preFetchedContent === undefined) return undefined
  // They are named by the sources that they stand for.
  const isSecret = Object.keys(preFetchedContent).some(hasSecrets)
  return isSecret || isLargeContent(preFetchedContent) ? packTexts(preFetchedContent) : undefined
}
