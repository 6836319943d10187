#!/usr/bin/env node
import { extname } from 'node:path'
import { checkPlaces } from './lib/check/check-places.mjs'
import { checkVersion } from './lib/check/check-version.mjs'
import { resultOf, writeReport } from './lib/check/report.mjs'
import { EXIT, readChoice, readName, readSize, Refusal, runProgram } from './lib/command-line.mjs'
import { tellProgress, tellResult } from './lib/markers.mjs'
import { PLACE_OPTIONS, ROOT_OPTION } from './lib/places.mjs'
import { PLATFORMS, readPlatform } from './lib/platforms.mjs'

const FORMATS = ['json', 'text']

await runProgram(
  {
    name: 'check-integrity',
    summary: "Checks every file of a version against its manifests: present, size, hash. Tells of files that they don't list.",
    options: {
      ...ROOT_OPTION,
      version: { value: 'NAME', help: 'The version, such as v885' },
      platform: { value: 'NAME', help: `One of ${Object.keys(PLATFORMS).join(', ')}; all that the version has where none is named` },
      'if-there': { help: 'It is fine when the version has nothing for the named platform' },
      where: { value: 'NAME', default: 'resources', help: 'What to check: resources, or published for what was published from them' },
      ...PLACE_OPTIONS,
      target: { value: 'PLACE', help: 'Check this target, a folder or s3://bucket/prefix, in place of those of the environment' },
      current: { help: 'What is published must also be the current version' },
      rate: {
        value: 'NUMBER',
        default: '0',
        help: 'Check at most so many files a second, where others need the disk; 0: as fast as it goes',
      },
      report: { value: 'FILE', help: 'Write a report with all that was found' },
      'report-format': { value: 'NAME', help: `One of ${FORMATS.join(', ')}; text for a FILE that ends in .txt, else json` },
      'dry-run': { help: 'Read the manifests and say what would be checked' },
    },
    more: 'Exit codes: 0 all is well, 1 files are missing, changed or stray, 2 called wrongly or a manifest is broken.',
  },
  async (options, signal) => {
    const version = readName('version', options.version)
    const platform = options.platform === undefined ? undefined : readPlatform(options.platform)
    const rate = options.rate === '0' ? 0 : readSize('rate', options.rate)
    const format = readFormat(options)
    const places = await checkPlaces(options)
    const report = await checkVersion(places, {
      version,
      ...(platform !== undefined && { platforms: [platform] }),
      ifThere: options['if-there'] === true,
      rate,
      mustBeCurrent: options.current === true,
      dryRun: options['dry-run'] === true,
      signal,
      onProgress: tellProgress,
    })
    if (options['dry-run']) return EXIT.fine
    if (options.report !== undefined) await writeReport(options.report, format, report)
    tellResult(resultOf(report))
    return report.ok ? EXIT.fine : EXIT.problems
  },
)

function readFormat({ report, 'report-format': format }) {
  if (format !== undefined && report === undefined) throw new Refusal('--report-format needs --report.')
  if (format !== undefined) return readChoice('report-format', format, FORMATS)
  return report !== undefined && extname(report) === '.txt' ? 'text' : 'json'
}
