import { Counter, Gauge, Histogram } from 'prom-client'
import type { Registry } from 'prom-client'

export interface MetricDescription {
  /** As Prometheus has it: `headway_tasks_steps_total`. */
  readonly name: string
  readonly help: string
  readonly labels?: readonly string[]
}

type Labels = Readonly<Record<string, string>>

/** What services add to `/metrics`. Each name once. */
export interface ServiceMetrics {
  /** A number that only grows. */
  counter(description: MetricDescription): { add(labels?: Labels, by?: number): void }
  /** How values are spread. @param buckets upper ends, rising */
  histogram(description: MetricDescription & { readonly buckets: readonly number[] }): { observe(value: number, labels?: Labels): void }
  /** A number that is asked for when somebody looks. */
  gauge(description: Omit<MetricDescription, 'labels'>, value: () => number): void
}

export function serviceMetrics(registry: Registry): ServiceMetrics {
  const registers = [registry]
  return {
    counter({ name, help, labels = [] }) {
      const counter = new Counter({ name, help, labelNames: [...labels], registers })
      return { add: (values = {}, by = 1) => counter.inc({ ...values }, by) }
    },
    histogram({ name, help, labels = [], buckets }) {
      const histogram = new Histogram({ name, help, labelNames: [...labels], buckets: [...buckets], registers })
      return { observe: (value, values = {}) => histogram.observe({ ...values }, value) }
    },
    gauge({ name, help }, value) {
      const gauge: Gauge = new Gauge({
        name,
        help,
        registers,
        collect(): void {
          gauge.set(value())
        },
      })
    },
  }
}
