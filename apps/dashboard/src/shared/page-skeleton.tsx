import { Skeleton, Stack } from '@mantine/core'

/** While a page loads. */
export function PageSkeleton() {
  return (
    <Stack aria-busy="true" aria-label="Loading" role="status">
      <Skeleton height={28} width={180} />
      <Skeleton height={120} />
      <Skeleton height={280} />
    </Stack>
  )
}
