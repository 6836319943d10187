import type { Command } from 'commander'
import { addBookJobFlags } from './book-job-flags.js'
import type { BookJobFlags } from './book-job-flags.js'

/** `headway scan`: books on photos of a shelf. */
export function addScan(program: Command): void {
  const command = program
    .command('scan')
    .description('Read books off photos of a shelf')
    .argument('<photo...>', 'JPEG, PNG or WebP')
    .option('--annotated <folder>', 'Where the photos go with what was found drawn in: 0.jpg, 1.jpg...')
  addBookJobFlags(command).action(async (photos: string[], flags: BookJobFlags) => {
    const { scanPhotos } = await import('../books/scan-photos.js')
    process.exitCode = await scanPhotos(photos, flags)
  })
}
