import { bundleIfOld } from '../../scripts/lib/bundle.mjs'

/** Once before all tests: the command is bundled again where something was compiled since, so that what is tested is what was compiled. */
export default function setup(): Promise<void> {
  return bundleIfOld()
}
