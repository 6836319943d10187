/* oxlint-disable max-lines -- generated */
// Made by `npm run client:types` from docs/api/openapi.yaml.

export interface paths {
  readonly '/jobs/{type}': {
    readonly parameters: {}
    /**
     * Create a job
     * @description The body is the input of the job. With `Prefer: wait=N` the answer waits for the end of the job: 200 when it is over, 201 when it is not.
     */
    readonly post: operations['postJobsByType']
  }
  readonly '/jobs': {
    readonly parameters: {}
    /** List jobs, newest first */
    readonly get: operations['getJobs']
  }
  readonly '/jobs/{id}': {
    readonly parameters: {}
    /** Look at a job */
    readonly get: operations['getJobsById']
  }
  readonly '/jobs/{id}/events': {
    readonly parameters: {}
    /**
     * Follow a job's log
     * @description As `text/event-stream` or `application/x-ndjson` the answer goes on until the last event of the job; as `application/json` it is one page.
     */
    readonly get: operations['getJobsByIdEvents']
  }
  readonly '/follow': {
    readonly parameters: {}
    /**
     * Follow several jobs over one connection
     * @description Each message of the stream is one message of `/ws` as its data, without a name or an id. It begins with `welcome`, and ends when all of the jobs have ended, unless `lists` is on. A job that may not be read gives an `error` with its `jobId`, the others go on. As `application/json` it is a poll: what there is, or after `wait` seconds nothing; the cursor of a job is the last `seq` that came of it, or the `after` of its `reset`. The API key or the token of a job is in a header, or the body has the token of each job.
     */
    readonly post: operations['postFollow']
  }
  readonly '/jobs/{id}/cancel': {
    readonly parameters: {}
    /**
     * Stop a job for good
     * @description It has happened when the status of the job says so; `request` in the job shows what is still to come.
     */
    readonly post: operations['postJobsByIdCancel']
  }
  readonly '/jobs/{id}/pause': {
    readonly parameters: {}
    /**
     * Hold a job
     * @description It has happened when the status of the job says so; `request` in the job shows what is still to come.
     */
    readonly post: operations['postJobsByIdPause']
  }
  readonly '/jobs/{id}/resume': {
    readonly parameters: {}
    /**
     * Let a paused job go on
     * @description It has happened when the status of the job says so; `request` in the job shows what is still to come.
     */
    readonly post: operations['postJobsByIdResume']
  }
  readonly '/jobs/{id}/retry': {
    readonly parameters: {}
    /** Run a finished job again, as a new job */
    readonly post: operations['postJobsByIdRetry']
  }
  readonly '/jobs/{id}/ticket': {
    readonly parameters: {}
    /**
     * Make a URL that reads a job's log without any header
     * @description It can only read, and ends one hour after the job, 24 hours from now at the latest.
     */
    readonly post: operations['postJobsByIdTicket']
  }
  readonly '/jobs/{id}/result': {
    readonly parameters: {}
    /**
     * The result of a completed job
     * @description All of it: what is large and only referred to in the job stands in its place here. Of a job that failed or was cancelled the error has `details`: `status`, and `error` or `reason`.
     */
    readonly get: operations['getJobsByIdResult']
  }
  readonly '/types': {
    readonly parameters: {}
    /** List the job types, with the schema of their input */
    readonly get: operations['getTypes']
  }
  readonly '/stats': {
    readonly parameters: {}
    /** What goes on: jobs, throughput, workers, watchers */
    readonly get: operations['getStats']
  }
  readonly '/api': {
    readonly parameters: {}
    /**
     * What this API can do
     * @description The routes, and the task types with their parameters as JSON Schema.
     */
    readonly get: operations['getApi']
  }
  readonly '/api/tasks/{type}': {
    readonly parameters: {}
    /**
     * Create a task
     * @description The body has the parameters of the task type. The answer comes at once; with `Prefer: wait=N` when the task is over, or after N seconds.
     */
    readonly post: operations['postApiTasksByType']
  }
  readonly '/api/tasks': {
    readonly parameters: {}
    /** List tasks, newest first */
    readonly get: operations['getApiTasks']
  }
  readonly '/api/tasks/{taskId}/status': {
    readonly parameters: {}
    /** Look at a task */
    readonly get: operations['getApiTasksByTaskIdStatus']
  }
  readonly '/api/tasks/{taskId}/stream': {
    readonly parameters: {}
    /**
     * Follow a task
     * @description Server-Sent Events without names; the data of each is JSON with a `type`: connected, log, update, reset, end.
     */
    readonly get: operations['getApiTasksByTaskIdStream']
  }
  readonly '/api/tasks/{taskId}/ticket': {
    readonly parameters: {}
    /** Make a URL that reads a task's stream without any header */
    readonly post: operations['postApiTasksByTaskIdTicket']
  }
  readonly '/api/tasks/{taskId}': {
    readonly parameters: {}
    /**
     * Cancel a task
     * @description Its processes get SIGTERM, and SIGKILL after the grace period of its type. It has happened when the status says so.
     */
    readonly delete: operations['deleteApiTasksByTaskId']
  }
  readonly '/websocket-test.html': {
    readonly parameters: {}
    /** A page to try the WebSocket with */
    readonly get: operations['getWebsocketTestHtml']
  }
  readonly '/websocket-test/{file}': {
    readonly parameters: {}
    /** A style sheet or a script of that page */
    readonly get: operations['getWebsocketTestByFile']
  }
  readonly '/compile': {
    readonly parameters: {}
    /**
     * Compile a list
     * @description The answer comes when the list is compiled. Requests that are alike share one compilation. A client that goes away does not end it: `X-Job-Token` of a request that streams, or `POST /compile/async`, reads it later.
     */
    readonly post: operations['postCompile']
  }
  readonly '/compile/batch': {
    readonly parameters: {}
    /**
     * Compile up to 10 lists
     * @description The answer comes when all are compiled, in the order of the requests. One that fails does not end the others.
     */
    readonly post: operations['postCompileBatch']
  }
  readonly '/compile/async': {
    readonly parameters: {}
    /** Compile a list in the background */
    readonly post: operations['postCompileAsync']
  }
  readonly '/compile/batch/async': {
    readonly parameters: {}
    /** Compile up to 10 lists in the background */
    readonly post: operations['postCompileBatchAsync']
  }
  readonly '/validate': {
    readonly parameters: {}
    /**
     * Check a configuration
     * @description Says everything that is wrong with it, with pointers to the fields. Nothing is loaded. Of `preFetchedContent` only the names count: sources that are among them need no address.
     */
    readonly post: operations['postValidate']
  }
  readonly '/compile/stream': {
    readonly parameters: {}
    /**
     * Compile a list and see every step
     * @description Server-Sent Events with names. The first, `job`, has the id and the token of the compilation; `GET` takes a stream up again that broke off. A client that goes away does not end the compilation.
     */
    readonly post: operations['postCompileStream']
  }
  readonly '/compile/stream/{requestId}': {
    readonly parameters: {}
    /**
     * Follow a compilation
     * @description From its start, or from `Last-Event-ID` (or `?after=`) on.
     */
    readonly get: operations['getCompileStreamByRequestId']
  }
  readonly '/compile/stream/{requestId}/ticket': {
    readonly parameters: {}
    /**
     * Make a URL that reads a compilation without any header
     * @description For a bare EventSource. It can only read.
     */
    readonly post: operations['postCompileStreamByRequestIdTicket']
  }
  readonly '/queue/results/{requestId}': {
    readonly parameters: {}
    /** The result of a compilation */
    readonly get: operations['getQueueResultsByRequestId']
  }
  readonly '/queue/stats': {
    readonly parameters: {}
    /** Figures of all compilations */
    readonly get: operations['getQueueStats']
  }
  readonly '/queue/cancel/{requestId}': {
    readonly parameters: {}
    /**
     * Cancel a compilation
     * @description Its downloads and its work stop, unless a like request shares them. It has happened when the status says so.
     */
    readonly post: operations['postQueueCancelByRequestId']
  }
  readonly '/v3/capabilities': {
    readonly parameters: {}
    /** What this server can do */
    readonly get: operations['getV3Capabilities']
  }
  readonly '/v3/webhooks/alexandria/enrichment-complete': {
    readonly parameters: {}
    /** More is known of a book: what is kept of it is dropped, and fetched afresh */
    readonly post: operations['postV3WebhooksAlexandriaEnrichmentComplete']
  }
  readonly '/v3/books/search': {
    readonly parameters: {}
    /**
     * Search books
     * @description By words (`text`), by meaning (`semantic`: by words where no embeddings are configured, see the capabilities), or like a book (`similar`: `q` is an ISBN or a text).
     */
    readonly get: operations['getV3BooksSearch']
  }
  readonly '/v3/books/{isbn}': {
    readonly parameters: {}
    /** Look up one edition */
    readonly get: operations['getV3BooksByIsbn']
  }
  readonly '/v3/books/enrich': {
    readonly parameters: {}
    /**
     * Look up some editions at once
     * @description For many, create a job: POST /v3/jobs/enrichment.
     */
    readonly post: operations['postV3BooksEnrich']
  }
  readonly '/v3/recommendations/weekly': {
    readonly parameters: {}
    /**
     * Books of the week
     * @description The same for everybody, from Sunday 00:00 UTC to the next.
     */
    readonly get: operations['getV3RecommendationsWeekly']
  }
  readonly '/v3/jobs/imports': {
    readonly parameters: {}
    /** Import a library from a CSV file */
    readonly post: operations['postV3JobsImports']
  }
  readonly '/v3/jobs/scans': {
    readonly parameters: {}
    /** Read books off photos of a shelf */
    readonly post: operations['postV3JobsScans']
  }
  readonly '/v3/jobs/enrichment': {
    readonly parameters: {}
    /** Look up a batch of books */
    readonly post: operations['postV3JobsEnrichment']
  }
  readonly '/v3/jobs/imports/{jobId}': {
    readonly parameters: {}
    /**
     * The status of an import
     * @description Needs no token: whoever has the id may look. At most 30 requests a minute; better to follow the stream, or to `wait`.
     */
    readonly get: operations['getV3JobsImportsByJobId']
    /** Cancel the import */
    readonly delete: operations['deleteV3JobsImportsByJobId']
  }
  readonly '/v3/jobs/imports/{jobId}/stream': {
    readonly parameters: {}
    /** Follow the import */
    readonly get: operations['getV3JobsImportsByJobIdStream']
  }
  readonly '/v3/jobs/imports/{jobId}/results': {
    readonly parameters: {}
    /** The results of the import */
    readonly get: operations['getV3JobsImportsByJobIdResults']
  }
  readonly '/v3/jobs/scans/{jobId}': {
    readonly parameters: {}
    /**
     * The status of a scan
     * @description Needs no token: whoever has the id may look. At most 30 requests a minute; better to follow the stream, or to `wait`.
     */
    readonly get: operations['getV3JobsScansByJobId']
    /** Cancel the scan */
    readonly delete: operations['deleteV3JobsScansByJobId']
  }
  readonly '/v3/jobs/scans/{jobId}/stream': {
    readonly parameters: {}
    /** Follow the scan */
    readonly get: operations['getV3JobsScansByJobIdStream']
  }
  readonly '/v3/jobs/scans/{jobId}/results': {
    readonly parameters: {}
    /** The results of the scan */
    readonly get: operations['getV3JobsScansByJobIdResults']
  }
  readonly '/v3/jobs/enrichment/{jobId}': {
    readonly parameters: {}
    /**
     * The status of an enrichment
     * @description Needs no token: whoever has the id may look. At most 30 requests a minute; better to follow the stream, or to `wait`.
     */
    readonly get: operations['getV3JobsEnrichmentByJobId']
    /** Cancel the enrichment */
    readonly delete: operations['deleteV3JobsEnrichmentByJobId']
  }
  readonly '/v3/jobs/enrichment/{jobId}/stream': {
    readonly parameters: {}
    /** Follow the enrichment */
    readonly get: operations['getV3JobsEnrichmentByJobIdStream']
  }
  readonly '/v3/jobs/enrichment/{jobId}/results': {
    readonly parameters: {}
    /** The results of the enrichment */
    readonly get: operations['getV3JobsEnrichmentByJobIdResults']
  }
  readonly '/v3/jobs/imports/{jobId}/results/failed.csv': {
    readonly parameters: {}
    /** The rows that failed, as CSV to mend and send again */
    readonly get: operations['getV3JobsImportsByJobIdResultsFailedCsv']
  }
  readonly '/v3/jobs/scans/{jobId}/results/annotated/{photo}': {
    readonly parameters: {}
    /** A photo with what was found in it drawn in, as JPEG */
    readonly get: operations['getV3JobsScansByJobIdResultsAnnotatedByPhoto']
  }
  readonly '/api/v2/imports': {
    readonly parameters: {}
    /** Import a library from a CSV file (V2) */
    readonly post: operations['postApiV2Imports']
  }
  readonly '/api/v2/imports/{jobId}/stream': {
    readonly parameters: {}
    /** Follow an import (V2) */
    readonly get: operations['getApiV2ImportsByJobIdStream']
  }
  readonly '/api/v2/scans': {
    readonly parameters: {}
    /** Read books off photos of a shelf (V2) */
    readonly post: operations['postApiV2Scans']
  }
  readonly '/v1/enrichment/batch': {
    readonly parameters: {}
    /**
     * Look up a batch of books (V1)
     * @description With a `jobId` of its own a client can send the request again: it gets the same job.
     */
    readonly post: operations['postV1EnrichmentBatch']
  }
  readonly '/api/batch-enrich': {
    readonly parameters: {}
    /**
     * The same, for older apps
     * @description With a `jobId` of its own a client can send the request again: it gets the same job.
     */
    readonly post: operations['postApiBatchEnrich']
  }
  readonly '/api/v2/imports/{jobId}': {
    readonly parameters: {}
    /** The status of an import (V2) */
    readonly get: operations['getApiV2ImportsByJobId']
  }
  readonly '/v1/jobs/{jobId}/status': {
    readonly parameters: {}
    /** The status of any job of this service (V1) */
    readonly get: operations['getV1JobsByJobIdStatus']
  }
  readonly '/api/v2/jobs/{jobId}/cancel': {
    readonly parameters: {}
    /** Cancel a job (V2) */
    readonly delete: operations['deleteApiV2JobsByJobIdCancel']
  }
  readonly '/v1/search/isbn': {
    readonly parameters: {}
    /** Look up one edition (V1) */
    readonly get: operations['getV1SearchIsbn']
  }
  readonly '/v1/search/title': {
    readonly parameters: {}
    /** Search books by title (V1) */
    readonly get: operations['getV1SearchTitle']
  }
  readonly '/examples/sse-client-example.html': {
    readonly parameters: {}
    /** A page that starts tasks and watches them */
    readonly get: operations['getExamplesSseClientExampleHtml']
  }
  readonly '/health': {
    readonly parameters: {}
    /** Liveness and readiness, version, uptime */
    readonly get: operations['getHealth']
  }
  readonly '/health/ready': {
    readonly parameters: {}
    /** Whether requests should be sent here */
    readonly get: operations['getHealthReady']
  }
  readonly '/health/live': {
    readonly parameters: {}
    /** Whether the process is alive */
    readonly get: operations['getHealthLive']
  }
  readonly '/metrics': {
    readonly parameters: {}
    /** Figures for Prometheus */
    readonly get: operations['getMetrics']
  }
  readonly '/problems/{code}': {
    readonly parameters: {}
    /** What an error code means; the `type` of a problem document leads here */
    readonly get: operations['getProblemsByCode']
  }
  readonly '/': {
    readonly parameters: {}
    /** What this is */
    readonly get: operations['get']
  }
  readonly '/openapi.json': {
    readonly parameters: {}
    /** This description */
    readonly get: operations['getOpenapiJson']
  }
  readonly '/docs/api/openapi.yaml': {
    readonly parameters: {}
    /** This description, as YAML */
    readonly get: operations['getDocsApiOpenapiYaml']
  }
  readonly '/docs/api/asyncapi.yaml': {
    readonly parameters: {}
    /** The description of all streams and WebSockets (AsyncAPI) */
    readonly get: operations['getDocsApiAsyncapiYaml']
  }
}
export type webhooks = Record<string, never>
export interface components {
  schemas: {
    /**
     * @example {
     *       "isbn": "9780618346257"
     *     }
     */
    readonly AskedBook: {
      /** @description ISBN-13 or ISBN-10, hyphens allowed */
      readonly isbn?: string
      readonly title?: string
      readonly author?: string
    }
    /**
     * @example {
     *       "isbn": "9780618346257",
     *       "isbn10": "0618346252",
     *       "title": "The Fellowship of the Ring",
     *       "authors": [
     *         "J. R. R. Tolkien"
     *       ],
     *       "publisher": "Houghton Mifflin",
     *       "publishedDate": "2003",
     *       "pageCount": 398,
     *       "language": "en",
     *       "provider": "alexandria",
     *       "quality": 70
     *     }
     */
    readonly Book: {
      /** @description ISBN-13, without hyphens; empty where the edition has none */
      readonly isbn: string
      readonly isbn10?: string
      readonly title: string
      readonly subtitle?: string
      readonly authors: readonly string[]
      readonly publisher?: string
      /** @description `2008`, `2008-09` or `2008-09-14` */
      readonly publishedDate?: string
      readonly description?: string
      readonly pageCount?: number
      readonly categories?: readonly string[]
      /** @description ISO 639-1 where there is one: `en` */
      readonly language?: string
      readonly coverUrl?: string
      readonly coverUrls?: {
        readonly large: string
        readonly medium: string
        readonly small: string
      }
      /** @enum {string} */
      readonly coverSource?: 'r2' | 'external' | 'external-fallback'
      readonly workKey?: string
      readonly editionKey?: string
      /**
       * @description Who gave most of it; `alexandria` is the embedded catalog
       * @enum {string}
       */
      readonly provider: 'alexandria' | 'open_library' | 'isbndb' | 'google_books'
      /** @description How much is known of it */
      readonly quality: number
    }
    /**
     * @example {
     *       "success": true,
     *       "data": {
     *         "isbn": "9780618346257",
     *         "isbn10": "0618346252",
     *         "title": "The Fellowship of the Ring",
     *         "authors": [
     *           "J. R. R. Tolkien"
     *         ],
     *         "publisher": "Houghton Mifflin",
     *         "publishedDate": "2003",
     *         "pageCount": 398,
     *         "language": "en",
     *         "provider": "alexandria",
     *         "quality": 70
     *       },
     *       "metadata": {
     *         "timestamp": "2026-11-22T10:30:01.234Z",
     *         "requestId": "1f6d2b52-8f8e-4b7a-9a55-2f5d0c8c7e11"
     *       }
     *     }
     */
    readonly BookAnswer: {
      /** @enum {boolean} */
      readonly success: true
      readonly data: components['schemas']['Book']
      readonly metadata: components['schemas']['BooksMetadata']
    }
    /**
     * @example {
     *       "isbn": "9780618346257",
     *       "type": "edition",
     *       "quality_improvement": 12
     *     }
     */
    readonly BookChanged: {
      readonly isbn: string
      /** @enum {string} */
      readonly type: 'edition' | 'work' | 'author'
      readonly quality_improvement?: number
    }
    /**
     * @example {
     *       "success": true,
     *       "message": "The book was fetched afresh."
     *     }
     */
    readonly BookChangedAnswer: {
      /** @enum {boolean} */
      readonly success: true
      readonly message: string
    }
    /**
     * @example {
     *       "success": true,
     *       "data": {
     *         "books": [
     *           {
     *             "isbn": "9780618346257",
     *             "isbn10": "0618346252",
     *             "title": "The Fellowship of the Ring",
     *             "authors": [
     *               "J. R. R. Tolkien"
     *             ],
     *             "publisher": "Houghton Mifflin",
     *             "publishedDate": "2003",
     *             "pageCount": 398,
     *             "language": "en",
     *             "provider": "alexandria",
     *             "quality": 70
     *           }
     *         ],
     *         "found": 1,
     *         "requested": 1
     *       },
     *       "metadata": {
     *         "timestamp": "2026-11-22T10:30:01.234Z",
     *         "requestId": "1f6d2b52-8f8e-4b7a-9a55-2f5d0c8c7e11"
     *       }
     *     }
     */
    readonly BookEnrichAnswer: {
      /** @enum {boolean} */
      readonly success: true
      readonly data: {
        readonly books: readonly {
          /** @description ISBN-13, without hyphens; empty where the edition has none */
          readonly isbn: string
          readonly isbn10?: string
          readonly title: string
          readonly subtitle?: string
          readonly authors: readonly string[]
          readonly publisher?: string
          /** @description `2008`, `2008-09` or `2008-09-14` */
          readonly publishedDate?: string
          readonly description?: string
          readonly pageCount?: number
          readonly categories?: readonly string[]
          /** @description ISO 639-1 where there is one: `en` */
          readonly language?: string
          readonly coverUrl?: string
          readonly coverUrls?: {
            readonly large: string
            readonly medium: string
            readonly small: string
          }
          /** @enum {string} */
          readonly coverSource?: 'r2' | 'external' | 'external-fallback'
          readonly workKey?: string
          readonly editionKey?: string
          /**
           * @description Who gave most of it; `alexandria` is the embedded catalog
           * @enum {string}
           */
          readonly provider: 'alexandria' | 'open_library' | 'isbndb' | 'google_books'
          /** @description How much is known of it */
          readonly quality: number
          readonly embedding?: readonly number[]
        }[]
        readonly found: number
        readonly requested: number
        /** @description Why nothing is known of some: they are no ISBNs, or those who might know them did not answer */
        readonly errors?: readonly {
          readonly isbn: string
          readonly code: string
          readonly message: string
          readonly retryable: boolean
        }[]
      }
      readonly metadata: components['schemas']['BooksMetadata']
    }
    /**
     * @example {
     *       "isbns": [
     *         "9780618346257"
     *       ]
     *     }
     */
    readonly BookEnrichRequest: {
      readonly isbns: readonly string[]
      /**
       * @description Adds the embedding of each book, where embeddings are configured
       * @default false
       */
      readonly includeEmbedding: boolean
    }
    /**
     * @example {
     *       "success": true,
     *       "data": {
     *         "books": [
     *           {
     *             "isbn": "9780618346257",
     *             "isbn10": "0618346252",
     *             "title": "The Fellowship of the Ring",
     *             "authors": [
     *               "J. R. R. Tolkien"
     *             ],
     *             "publisher": "Houghton Mifflin",
     *             "publishedDate": "2003",
     *             "pageCount": 398,
     *             "language": "en",
     *             "provider": "alexandria",
     *             "quality": 70
     *           }
     *         ],
     *         "total": 1
     *       },
     *       "metadata": {
     *         "timestamp": "2026-11-22T10:30:01.234Z",
     *         "requestId": "1f6d2b52-8f8e-4b7a-9a55-2f5d0c8c7e11"
     *       }
     *     }
     */
    readonly BookSearchAnswer: {
      /** @enum {boolean} */
      readonly success: true
      readonly data: {
        readonly books: readonly components['schemas']['Book'][]
        readonly total: number
      }
      readonly metadata: components['schemas']['BooksMetadata']
    }
    /**
     * @example {
     *       "features": {
     *         "semantic_search": false,
     *         "similar_books": true,
     *         "weekly_recommendations": true,
     *         "sse_streaming": true,
     *         "batch_enrichment": true,
     *         "csv_import": true
     *       },
     *       "limits": {
     *         "semantic_search_rpm": 20,
     *         "text_search_rpm": 120,
     *         "csv_max_rows": 5000,
     *         "batch_max_photos": 5,
     *         "csv_max_bytes": 8388608,
     *         "photo_max_bytes": 10485760,
     *         "photos_max_bytes": 52428800,
     *         "batch_max_books": 5000
     *       },
     *       "version": "0.1.0"
     *     }
     */
    readonly BooksCapabilities: {
      readonly features: {
        /** @description False: `semantic` is a ranked search of the text */
        readonly semantic_search: boolean
        readonly similar_books: boolean
        readonly weekly_recommendations: boolean
        readonly sse_streaming: boolean
        readonly batch_enrichment: boolean
        readonly csv_import: boolean
      }
      readonly limits: {
        readonly semantic_search_rpm: number
        readonly text_search_rpm: number
        readonly csv_max_rows: number
        readonly batch_max_photos: number
        readonly csv_max_bytes: number
        readonly photo_max_bytes: number
        /** @description Of all photos of one scan together */
        readonly photos_max_bytes: number
        readonly batch_max_books: number
      }
      readonly version: string
    }
    /** @description An error of V3 */
    readonly BooksError: {
      /** @enum {boolean} */
      readonly success: false
      readonly error: {
        /** @description Stable, for programs */
        readonly code: string
        /** @description What is wrong and what to do */
        readonly message: string
        readonly retryable?: boolean
        readonly statusCode?: number
        readonly retryAfterMs?: number
        /** @description Which fields are wrong, as JSON pointers */
        readonly fields?: readonly {
          readonly pointer: string
          readonly message: string
        }[]
      }
    }
    /** @description An error of V1 and V2 */
    readonly BooksErrorV2: {
      /** @enum {boolean} */
      readonly success: false
      readonly error: {
        /** @description Stable, for programs */
        readonly code: string
        /** @description What is wrong and what to do */
        readonly message: string
        readonly retryable?: boolean
        readonly statusCode?: number
        readonly retryAfterMs?: number
        /** @description Which fields are wrong, as JSON pointers */
        readonly fields?: readonly {
          readonly pointer: string
          readonly message: string
        }[]
      }
    }
    /**
     * @example {
     *       "success": true,
     *       "data": {
     *         "jobId": "5d0a7c1e-3f2b-4c8d-9e6a-1b7f4d2c8a90",
     *         "status": "queued",
     *         "streamUrl": "http://127.0.0.1:3000/v3/jobs/imports/5d0a7c1e-3f2b-4c8d-9e6a-1b7f4d2c8a90/stream?ticket=eyJhbGciOiJIUzI1NiJ9.eyJzY29wZSI6ImNvbnRyb2wifQ.c2lnbmF0dXJl",
     *         "token": "eyJhbGciOiJIUzI1NiJ9.eyJzY29wZSI6ImNvbnRyb2wifQ.c2lnbmF0dXJl"
     *       },
     *       "metadata": {
     *         "timestamp": "2026-11-22T10:30:01.234Z",
     *         "requestId": "1f6d2b52-8f8e-4b7a-9a55-2f5d0c8c7e11"
     *       }
     *     }
     */
    readonly BooksJobCreated: {
      /** @enum {boolean} */
      readonly success: true
      readonly data: {
        /** Format: uuid */
        readonly jobId: string
        /** @enum {string} */
        readonly status: 'queued' | 'processing' | 'completed' | 'failed' | 'canceled'
        /**
         * Format: uri
         * @description For an EventSource: it carries a ticket
         */
        readonly streamUrl: string
        /** @description Reads and cancels this job, for 1 hour */
        readonly token: string
      }
      readonly metadata: components['schemas']['BooksMetadata']
    }
    /**
     * @example {
     *       "success": true,
     *       "data": {
     *         "jobId": "5d0a7c1e-3f2b-4c8d-9e6a-1b7f4d2c8a90",
     *         "status": "completed",
     *         "results": [
     *           {
     *             "query": {
     *               "isbn": "9780618346257"
     *             },
     *             "found": true,
     *             "confidence": 1,
     *             "book": {
     *               "isbn": "9780618346257",
     *               "isbn10": "0618346252",
     *               "title": "The Fellowship of the Ring",
     *               "authors": [
     *                 "J. R. R. Tolkien"
     *               ],
     *               "publisher": "Houghton Mifflin",
     *               "publishedDate": "2003",
     *               "pageCount": 398,
     *               "language": "en",
     *               "provider": "alexandria",
     *               "quality": 70
     *             }
     *           }
     *         ]
     *       },
     *       "metadata": {
     *         "timestamp": "2026-11-22T10:30:01.234Z",
     *         "requestId": "1f6d2b52-8f8e-4b7a-9a55-2f5d0c8c7e11"
     *       }
     *     }
     */
    readonly BooksJobResults: {
      /** @enum {boolean} */
      readonly success: true
      readonly data: {
        /** Format: uuid */
        readonly jobId: string
        /** @enum {string} */
        readonly status: 'completed'
        /** @description One object for each book, by the kind of job */
        readonly results: readonly {
          readonly [key: string]: unknown
        }[]
        /** @description What was wrong with rows or photos */
        readonly errors?: readonly {
          readonly [key: string]: unknown
        }[]
        readonly counts?: {
          readonly rows: number
          readonly imported: number
          readonly duplicates: number
          readonly failed: number
          readonly blank: number
        }
      }
      readonly metadata: components['schemas']['BooksMetadata']
    }
    /**
     * @example {
     *       "success": true,
     *       "data": {
     *         "jobId": "5d0a7c1e-3f2b-4c8d-9e6a-1b7f4d2c8a90",
     *         "type": "csv_import",
     *         "status": "processing",
     *         "progress": 0.64,
     *         "processedCount": 32,
     *         "totalCount": 50,
     *         "startTime": "2026-11-22T10:30:01.234Z",
     *         "seq": 35
     *       },
     *       "metadata": {
     *         "timestamp": "2026-11-22T10:30:01.234Z",
     *         "requestId": "1f6d2b52-8f8e-4b7a-9a55-2f5d0c8c7e11"
     *       }
     *     }
     */
    readonly BooksJobStatus: {
      /** @enum {boolean} */
      readonly success: true
      readonly data: {
        /** Format: uuid */
        readonly jobId: string
        /** @enum {string} */
        readonly type: 'csv_import' | 'bookshelf_scan' | 'batch_enrichment'
        /** @enum {string} */
        readonly status: 'queued' | 'processing' | 'completed' | 'failed' | 'canceled'
        readonly progress: number
        readonly processedCount: number
        readonly totalCount: number
        /** Format: date-time */
        readonly startTime?: string
        /** Format: date-time */
        readonly completedTime?: string
        readonly error?: {
          readonly code: string
          readonly message: string
          readonly retryable?: boolean
        }
        readonly seq: number
      }
      readonly metadata: components['schemas']['BooksMetadata']
    }
    /**
     * @example {
     *       "success": true,
     *       "data": {
     *         "jobId": "5d0a7c1e-3f2b-4c8d-9e6a-1b7f4d2c8a90",
     *         "type": "csv_import",
     *         "status": "processing",
     *         "progress": 0.64,
     *         "processedCount": 32,
     *         "totalCount": 50,
     *         "startedAt": "2026-11-22T10:30:01.234Z",
     *         "seq": 35
     *       },
     *       "metadata": {
     *         "timestamp": "2026-11-22T10:30:01.234Z",
     *         "requestId": "1f6d2b52-8f8e-4b7a-9a55-2f5d0c8c7e11"
     *       }
     *     }
     */
    readonly BooksJobStatusV2: {
      /** @enum {boolean} */
      readonly success: true
      readonly data: {
        /** Format: uuid */
        readonly jobId: string
        /** @enum {string} */
        readonly type: 'csv_import' | 'bookshelf_scan' | 'batch_enrichment'
        /** @enum {string} */
        readonly status: 'initialized' | 'processing' | 'completed' | 'failed' | 'canceled'
        readonly progress: number
        readonly processedCount: number
        readonly totalCount: number
        readonly error?: {
          readonly code: string
          readonly message: string
          readonly retryable?: boolean
        }
        /** Format: date-time */
        readonly startedAt?: string
        /** Format: date-time */
        readonly completedAt?: string
        readonly seq: number
      }
      readonly metadata: components['schemas']['BooksMetadata']
    }
    readonly BooksMetadata: {
      /** Format: date-time */
      readonly timestamp: string
      /** @description Also in the log of the server */
      readonly requestId?: string
      readonly cached?: boolean
      /** @description In milliseconds */
      readonly processingTime?: number
    }
    /**
     * @example {
     *       "success": true,
     *       "data": {
     *         "weekOf": "2026-11-22",
     *         "recommendations": [
     *           {
     *             "isbn": "9780618346257",
     *             "title": "The Fellowship of the Ring",
     *             "author": "J. R. R. Tolkien",
     *             "reason": "Nine set out; the road goes ever on."
     *           }
     *         ],
     *         "count": 1,
     *         "totalAvailable": 456
     *       },
     *       "metadata": {
     *         "timestamp": "2026-11-22T10:30:01.234Z",
     *         "requestId": "1f6d2b52-8f8e-4b7a-9a55-2f5d0c8c7e11"
     *       }
     *     }
     */
    readonly BooksOfTheWeek: {
      /** @enum {boolean} */
      readonly success: true
      readonly data: {
        /**
         * Format: date
         * @description The Sunday with which the week begins
         */
        readonly weekOf: string
        readonly recommendations: readonly {
          readonly isbn: string
          readonly title: string
          readonly author: string
          readonly coverUrl?: string
          /** @description Why this book */
          readonly reason: string
        }[]
        readonly count: number
        readonly totalAvailable: number
      }
      readonly metadata: components['schemas']['BooksMetadata']
    }
    /**
     * @description The last message: the job was cancelled
     * @example {
     *       "jobId": "5d0a7c1e-3f2b-4c8d-9e6a-1b7f4d2c8a90",
     *       "status": "canceled",
     *       "progress": 0.64,
     *       "processedCount": 32,
     *       "totalCount": 50,
     *       "startedAt": "2026-11-22T10:30:01.234Z",
     *       "canceledAt": "2026-11-22T10:30:01.234Z"
     *     }
     */
    readonly BooksStreamCanceled: {
      /** Format: uuid */
      readonly jobId: string
      /** @enum {string} */
      readonly status: 'canceled'
      readonly progress?: number
      readonly processedCount?: number
      readonly totalCount?: number
      /** Format: date-time */
      readonly startedAt?: string
      /** Format: date-time */
      readonly canceledAt: string
      readonly reason?: string
    }
    /**
     * @description The last message: the books
     * @example {
     *       "jobId": "5d0a7c1e-3f2b-4c8d-9e6a-1b7f4d2c8a90",
     *       "status": "completed",
     *       "progress": 1,
     *       "processedCount": 50,
     *       "totalCount": 50,
     *       "startedAt": "2026-11-22T10:30:01.234Z",
     *       "completedAt": "2026-11-22T10:30:01.234Z",
     *       "found": 1,
     *       "books": [
     *         {
     *           "isbn": "9780618346257",
     *           "isbn10": "0618346252",
     *           "title": "The Fellowship of the Ring",
     *           "authors": [
     *             "J. R. R. Tolkien"
     *           ],
     *           "publisher": "Houghton Mifflin",
     *           "publishedDate": "2003",
     *           "pageCount": 398,
     *           "language": "en",
     *           "provider": "alexandria",
     *           "quality": 70
     *         }
     *       ]
     *     }
     */
    readonly BooksStreamCompleted: {
      /** Format: uuid */
      readonly jobId: string
      /** @enum {string} */
      readonly status: 'completed'
      /** @enum {number} */
      readonly progress: 1
      readonly processedCount: number
      readonly totalCount: number
      /** Format: date-time */
      readonly startedAt?: string
      /** Format: date-time */
      readonly completedAt: string
      /** @description How many books there are */
      readonly found: number
      /** @description Of an import: what became of the rows */
      readonly counts?: {
        readonly [key: string]: number
      }
      readonly books: readonly ({
        readonly isbn?: string
        readonly title: string | null
        readonly authors: readonly string[]
      } & {
        readonly [key: string]: unknown
      })[]
    } & {
      readonly [key: string]: unknown
    }
    /**
     * @description The last message: the job failed
     * @example {
     *       "jobId": "5d0a7c1e-3f2b-4c8d-9e6a-1b7f4d2c8a90",
     *       "status": "failed",
     *       "failedAt": "2026-11-22T10:30:01.234Z",
     *       "error": {
     *         "code": "TOO_MANY_ROWS",
     *         "message": "The file has more than 5000 rows.",
     *         "retryable": false
     *       }
     *     }
     */
    readonly BooksStreamFailed: {
      /** Format: uuid */
      readonly jobId: string
      /** @enum {string} */
      readonly status: 'failed'
      readonly progress?: number
      readonly processedCount?: number
      readonly totalCount?: number
      /** Format: date-time */
      readonly startedAt?: string
      /** Format: date-time */
      readonly failedAt: string
      readonly error: {
        readonly code: string
        readonly message: string
        readonly retryable?: boolean
      }
    }
    /**
     * @description One more book is done; with members that say what became of it, by the kind of job
     * @example {
     *       "jobId": "5d0a7c1e-3f2b-4c8d-9e6a-1b7f4d2c8a90",
     *       "status": "processing",
     *       "progress": 0.64,
     *       "processedCount": 32,
     *       "totalCount": 50,
     *       "startedAt": "2026-11-22T10:30:01.234Z",
     *       "currentBook": {
     *         "title": "The Fellowship of the Ring",
     *         "isbn": "9780618346257"
     *       },
     *       "book": {
     *         "isbn": "9780618346257",
     *         "isbn10": "0618346252",
     *         "title": "The Fellowship of the Ring",
     *         "authors": [
     *           "J. R. R. Tolkien"
     *         ],
     *         "publisher": "Houghton Mifflin",
     *         "publishedDate": "2003",
     *         "pageCount": 398,
     *         "language": "en",
     *         "provider": "alexandria",
     *         "quality": 70
     *       }
     *     }
     */
    readonly BooksStreamProgress: {
      /** Format: uuid */
      readonly jobId: string
      /** @enum {string} */
      readonly status: 'processing'
      readonly progress: number
      readonly processedCount: number
      readonly totalCount: number
      /** Format: date-time */
      readonly startedAt: string
      readonly currentBook: {
        readonly title: string
        readonly isbn?: string
      }
      /** @description What is known of it; absent where there is no book */
      readonly book?: {
        readonly isbn?: string
        readonly title: string | null
        readonly authors: readonly string[]
      } & {
        readonly [key: string]: unknown
      }
    } & {
      readonly [key: string]: unknown
    }
    /**
     * @description The history after the cursor is gone: throw away what you have of the job
     * @example {
     *       "type": "reset",
     *       "reason": "pruned",
     *       "after": 0,
     *       "head": 0
     *     }
     */
    readonly BooksStreamReset: {
      /** @enum {string} */
      readonly type: 'reset'
      /**
       * @description `pruned`: the log was removed; `ahead`: the cursor is beyond the head, as after a restored backup
       * @enum {string}
       */
      readonly reason: 'pruned' | 'ahead'
      /** @description The stream goes on after this seq */
      readonly after: number
      /** @description The last seq of the log */
      readonly head: number
    }
    /**
     * @description Nothing happened for 5 minutes; the stream ends
     * @example {
     *       "jobId": "5d0a7c1e-3f2b-4c8d-9e6a-1b7f4d2c8a90",
     *       "message": "Nothing happened for 5 minutes; connect again."
     *     }
     */
    readonly BooksStreamTimeout: {
      /** Format: uuid */
      readonly jobId: string
      readonly message: string
    }
    /** @description One message of the stream: its fields, with `data` read as JSON. The messages of `POST /compile/stream`, from the start or from `Last-Event-ID` on. */
    readonly CompilationMessage:
      | {
          /** @enum {string} */
          readonly event: 'job'
          /** @description For `Last-Event-ID`; absent where the message is of this connection only */
          readonly id?: string
          readonly data: components['schemas']['CompileStreamJob']
        }
      | {
          /** @enum {string} */
          readonly event: 'log'
          /** @description For `Last-Event-ID`; absent where the message is of this connection only */
          readonly id?: string
          readonly data: components['schemas']['CompileStreamLog']
        }
      | {
          /** @enum {string} */
          readonly event: 'source:start'
          /** @description For `Last-Event-ID`; absent where the message is of this connection only */
          readonly id?: string
          readonly data: components['schemas']['CompileStreamSourceStart']
        }
      | {
          /** @enum {string} */
          readonly event: 'source:complete'
          /** @description For `Last-Event-ID`; absent where the message is of this connection only */
          readonly id?: string
          readonly data: components['schemas']['CompileStreamSourceComplete']
        }
      | {
          /** @enum {string} */
          readonly event: 'source:error'
          /** @description For `Last-Event-ID`; absent where the message is of this connection only */
          readonly id?: string
          readonly data: components['schemas']['CompileStreamSourceError']
        }
      | {
          /** @enum {string} */
          readonly event: 'transformation:start'
          /** @description For `Last-Event-ID`; absent where the message is of this connection only */
          readonly id?: string
          readonly data: components['schemas']['CompileStreamTransformationStart']
        }
      | {
          /** @enum {string} */
          readonly event: 'transformation:complete'
          /** @description For `Last-Event-ID`; absent where the message is of this connection only */
          readonly id?: string
          readonly data: components['schemas']['CompileStreamTransformationComplete']
        }
      | {
          /** @enum {string} */
          readonly event: 'progress'
          /** @description For `Last-Event-ID`; absent where the message is of this connection only */
          readonly id?: string
          readonly data: components['schemas']['CompileStreamProgress']
        }
      | {
          /** @enum {string} */
          readonly event: 'diagnostic'
          /** @description For `Last-Event-ID`; absent where the message is of this connection only */
          readonly id?: string
          readonly data: components['schemas']['CompileStreamDiagnostic']
        }
      | {
          /** @enum {string} */
          readonly event: 'cache'
          /** @description For `Last-Event-ID`; absent where the message is of this connection only */
          readonly id?: string
          readonly data: components['schemas']['CompileStreamCache']
        }
      | {
          /** @enum {string} */
          readonly event: 'network'
          /** @description For `Last-Event-ID`; absent where the message is of this connection only */
          readonly id?: string
          readonly data: components['schemas']['CompileStreamNetwork']
        }
      | {
          /** @enum {string} */
          readonly event: 'metric'
          /** @description For `Last-Event-ID`; absent where the message is of this connection only */
          readonly id?: string
          readonly data: components['schemas']['CompileStreamMetric']
        }
      | {
          /** @enum {string} */
          readonly event: 'diff'
          /** @description For `Last-Event-ID`; absent where the message is of this connection only */
          readonly id?: string
          readonly data: components['schemas']['CompileStreamDiff']
        }
      | {
          /** @enum {string} */
          readonly event: 'result'
          /** @description For `Last-Event-ID`; absent where the message is of this connection only */
          readonly id?: string
          readonly data: components['schemas']['CompileStreamResult']
        }
      | {
          /** @enum {string} */
          readonly event: 'error'
          /** @description For `Last-Event-ID`; absent where the message is of this connection only */
          readonly id?: string
          readonly data: components['schemas']['CompileStreamError']
        }
      | {
          /** @enum {string} */
          readonly event: 'done'
          /** @description For `Last-Event-ID`; absent where the message is of this connection only */
          readonly id?: string
          readonly data: components['schemas']['CompileStreamDone']
        }
      | {
          /** @enum {string} */
          readonly event: 'reset'
          /** @description For `Last-Event-ID`; absent where the message is of this connection only */
          readonly id?: string
          readonly data: components['schemas']['CompileStreamReset']
        }
    /**
     * @example {
     *       "success": true,
     *       "requestId": "7b1e4c9a-52d3-4f7e-9a33-0f8c2f1d6e51",
     *       "token": "the-token-of-this-compilation",
     *       "status": "pending",
     *       "message": "The compilation is queued.",
     *       "streamUrl": "http://127.0.0.1:3000/compile/stream/7b1e4c9a-52d3-4f7e-9a33-0f8c2f1d6e51",
     *       "resultsUrl": "http://127.0.0.1:3000/queue/results/7b1e4c9a-52d3-4f7e-9a33-0f8c2f1d6e51",
     *       "cancelUrl": "http://127.0.0.1:3000/queue/cancel/7b1e4c9a-52d3-4f7e-9a33-0f8c2f1d6e51"
     *     }
     */
    readonly CompileAccepted: {
      /** @enum {boolean} */
      readonly success: true
      /**
       * Format: uuid
       * @description Of the compilation: the id of its job
       */
      readonly requestId: string
      /** @description Reads and controls this compilation: as `Authorization: Bearer` or `X-Job-Token` */
      readonly token: string
      /** @enum {string} */
      readonly status: 'pending'
      readonly message: string
      /**
       * Format: uri
       * @description Where its events are; of single compilations
       */
      readonly streamUrl?: string
      /** Format: uri */
      readonly resultsUrl: string
      /** Format: uri */
      readonly cancelUrl: string
      readonly batchSize?: number
    }
    /**
     * @example {
     *       "success": true,
     *       "requestId": "7b1e4c9a-52d3-4f7e-9a33-0f8c2f1d6e51",
     *       "rules": [
     *         "||ads.example.com^",
     *         "||tracking.example.com^"
     *       ],
     *       "ruleCount": 2,
     *       "metrics": {
     *         "totalDurationMs": 1234,
     *         "sourceCount": 1,
     *         "ruleCount": 2,
     *         "sources": [
     *           {
     *             "name": "Ads",
     *             "source": "https://example.com/filters.txt",
     *             "loadedCount": 3,
     *             "ruleCount": 2,
     *             "bytes": 51200,
     *             "durationMs": 234
     *           }
     *         ]
     *       },
     *       "compiledAt": "2026-01-14T05:00:00.000Z",
     *       "cached": false
     *     }
     */
    readonly CompileAnswer: {
      /** @enum {boolean} */
      readonly success: true
      /**
       * Format: uuid
       * @description Of the compilation: the id of its job
       */
      readonly requestId: string
      /** @description The lines of the list, its header first */
      readonly rules: readonly string[]
      /** @description How many lines it has */
      readonly ruleCount: number
      readonly metrics: components['schemas']['CompileMetrics']
      /** Format: date-time */
      readonly compiledAt: string
      /** @description The sources were looked at again and had not changed: an earlier result */
      readonly cached: boolean
      /** @description What differs from the previous list of the same name; absent where there is none */
      readonly diff?: components['schemas']['ListDiff']
    }
    /**
     * @example {
     *       "success": true,
     *       "requestId": "7b1e4c9a-52d3-4f7e-9a33-0f8c2f1d6e51",
     *       "results": [
     *         {
     *           "id": "first",
     *           "success": true,
     *           "rules": [
     *             "||ads.example.com^",
     *             "||tracking.example.com^"
     *           ],
     *           "ruleCount": 2,
     *           "metrics": {
     *             "totalDurationMs": 1234,
     *             "sourceCount": 1,
     *             "ruleCount": 2,
     *             "sources": [
     *               {
     *                 "name": "Ads",
     *                 "source": "https://example.com/filters.txt",
     *                 "loadedCount": 3,
     *                 "ruleCount": 2,
     *                 "bytes": 51200,
     *                 "durationMs": 234
     *               }
     *             ]
     *           },
     *           "compiledAt": "2026-01-14T05:00:00.000Z",
     *           "cached": false
     *         }
     *       ]
     *     }
     */
    readonly CompileBatchAnswer: {
      /** @enum {boolean} */
      readonly success: true
      /**
       * Format: uuid
       * @description Of the compilation: the id of its job
       */
      readonly requestId: string
      readonly results: readonly (
        | {
            /** @description The name of this list in the batch; each once */
            readonly id: string
            /** @enum {boolean} */
            readonly success: true
            /** @description The lines of the list, its header first */
            readonly rules: readonly string[]
            /** @description How many lines it has */
            readonly ruleCount: number
            readonly metrics: components['schemas']['CompileMetrics']
            /** Format: date-time */
            readonly compiledAt: string
            /** @description The sources were looked at again and had not changed: an earlier result */
            readonly cached: boolean
            /** @description What differs from the previous list of the same name; absent where there is none */
            readonly diff?: components['schemas']['ListDiff']
          }
        | {
            /** @description The name of this list in the batch; each once */
            readonly id: string
            /** @enum {boolean} */
            readonly success: false
            readonly error: string
            readonly code: string
          }
      )[]
    }
    /**
     * @example {
     *       "requests": [
     *         {
     *           "id": "first",
     *           "configuration": {
     *             "name": "My Filter List",
     *             "sources": [
     *               {
     *                 "name": "Ads",
     *                 "source": "https://example.com/filters.txt",
     *                 "transformations": [
     *                   "RemoveComments",
     *                   "Validate"
     *                 ]
     *               },
     *               {
     *                 "name": "Hosts",
     *                 "source": "hosts.txt",
     *                 "type": "hosts"
     *               }
     *             ],
     *             "transformations": [
     *               "Compress",
     *               "Deduplicate",
     *               "RemoveEmptyLines"
     *             ],
     *             "exclusions": [
     *               "*.good.example*"
     *             ]
     *           },
     *           "preFetchedContent": {
     *             "hosts.txt": "0.0.0.0 ads.example"
     *           },
     *           "benchmark": true
     *         }
     *       ]
     *     }
     */
    readonly CompileBatchRequest: {
      readonly requests: readonly {
        readonly configuration: components['schemas']['FilterConfiguration']
        /** @description Texts that stand for sources, by their `source` in the configuration: these are not loaded */
        readonly preFetchedContent?: {
          readonly [key: string]: string
        }
        /** @description Adds `metrics.transformationMetrics` */
        readonly benchmark?: boolean
        /** @description The name of this list in the batch; each once */
        readonly id: string
      }[]
    }
    /**
     * @example {
     *       "reason": "wrong list"
     *     }
     */
    readonly CompileCancelRequest: {
      readonly reason?: string
    }
    /**
     * @example {
     *       "success": true,
     *       "requestId": "7b1e4c9a-52d3-4f7e-9a33-0f8c2f1d6e51",
     *       "status": "cancelled",
     *       "message": "The compilation is cancelled."
     *     }
     */
    readonly CompileCancelled: {
      /** @enum {boolean} */
      readonly success: true
      /**
       * Format: uuid
       * @description Of the compilation: the id of its job
       */
      readonly requestId: string
      /**
       * @description `cancelled`, or what it still is until the work has stopped
       * @enum {string}
       */
      readonly status: 'pending' | 'running' | 'paused' | 'completed' | 'failed' | 'cancelled'
      readonly message: string
    }
    /**
     * @example {
     *       "success": false,
     *       "error": "https://example.com/filters.txt: the server answered 404.",
     *       "code": "SOURCE_HTTP_STATUS"
     *     }
     */
    readonly CompileError: {
      /** @enum {boolean} */
      readonly success: false
      /** @description What is wrong and what to do, for people */
      readonly error: string
      /** @description Stable, for programs */
      readonly code: string
      /** @description Which fields are wrong, as JSON pointers (RFC 6901) */
      readonly errors?: readonly {
        readonly pointer: string
        readonly message: string
      }[]
      readonly details?: {
        readonly [key: string]: components['schemas']['Json']
      }
      /**
       * Format: uuid
       * @description Of the compilation: the id of its job
       */
      readonly requestId?: string
    }
    /** @description Durations in milliseconds, sizes in bytes, counts in lines */
    readonly CompileMetrics: {
      readonly totalDurationMs: number
      readonly sourceCount: number
      /** @description Lines of the list, its header included */
      readonly ruleCount: number
      readonly sources: readonly {
        readonly name: string
        readonly source: string
        /** @description Lines as they were loaded, includes put in */
        readonly loadedCount: number
        /** @description Lines after the source's own transformations */
        readonly ruleCount: number
        readonly bytes: number
        readonly durationMs: number
        /** @description The source failed, and its last good copy stands in for it */
        readonly stale?: boolean
        /** @description Why the source was left out */
        readonly error?: string
      }[]
      /** @description So many sources are not listed, because the figures would be too large */
      readonly sourcesOmitted?: number
      /** @description With `benchmark` */
      readonly transformationMetrics?: readonly {
        readonly name: string
        /** @description Absent at the top level */
        readonly source?: string
        readonly sourceIndex?: number
        readonly inputCount: number
        readonly outputCount: number
        readonly durationMs: number
      }[]
      readonly transformationsOmitted?: number
    }
    /**
     * @example {
     *       "success": true,
     *       "requestId": "7b1e4c9a-52d3-4f7e-9a33-0f8c2f1d6e51",
     *       "status": "running",
     *       "progress": {
     *         "current": 1,
     *         "total": 2,
     *         "message": "Loading"
     *       }
     *     }
     */
    readonly CompilePending: {
      /** @enum {boolean} */
      readonly success: true
      /**
       * Format: uuid
       * @description Of the compilation: the id of its job
       */
      readonly requestId: string
      /** @enum {string} */
      readonly status: 'pending' | 'running' | 'paused' | 'completed' | 'failed' | 'cancelled'
      readonly progress: {
        readonly current: number
        readonly total: number | null
        readonly message?: string
      } | null
    }
    /**
     * @example {
     *       "configuration": {
     *         "name": "My Filter List",
     *         "sources": [
     *           {
     *             "name": "Ads",
     *             "source": "https://example.com/filters.txt",
     *             "transformations": [
     *               "RemoveComments",
     *               "Validate"
     *             ]
     *           },
     *           {
     *             "name": "Hosts",
     *             "source": "hosts.txt",
     *             "type": "hosts"
     *           }
     *         ],
     *         "transformations": [
     *           "Compress",
     *           "Deduplicate",
     *           "RemoveEmptyLines"
     *         ],
     *         "exclusions": [
     *           "*.good.example*"
     *         ]
     *       },
     *       "preFetchedContent": {
     *         "hosts.txt": "0.0.0.0 ads.example"
     *       },
     *       "benchmark": true
     *     }
     */
    readonly CompileRequest: {
      readonly configuration: components['schemas']['FilterConfiguration']
      /** @description Texts that stand for sources, by their `source` in the configuration: these are not loaded */
      readonly preFetchedContent?: {
        readonly [key: string]: string
      }
      /** @description Adds `metrics.transformationMetrics` */
      readonly benchmark?: boolean
    }
    /**
     * @example {
     *       "success": true,
     *       "requestId": "7b1e4c9a-52d3-4f7e-9a33-0f8c2f1d6e51",
     *       "status": "completed",
     *       "rules": [
     *         "||ads.example.com^",
     *         "||tracking.example.com^"
     *       ],
     *       "ruleCount": 2,
     *       "metrics": {
     *         "totalDurationMs": 1234,
     *         "sourceCount": 1,
     *         "ruleCount": 2,
     *         "sources": [
     *           {
     *             "name": "Ads",
     *             "source": "https://example.com/filters.txt",
     *             "loadedCount": 3,
     *             "ruleCount": 2,
     *             "bytes": 51200,
     *             "durationMs": 234
     *           }
     *         ]
     *       },
     *       "compiledAt": "2026-01-14T05:00:00.000Z",
     *       "cached": false
     *     }
     */
    readonly CompileResults:
      | {
          /** @enum {boolean} */
          readonly success: true
          /**
           * Format: uuid
           * @description Of the compilation: the id of its job
           */
          readonly requestId: string
          /** @description The lines of the list, its header first */
          readonly rules: readonly string[]
          /** @description How many lines it has */
          readonly ruleCount: number
          readonly metrics: components['schemas']['CompileMetrics']
          /** Format: date-time */
          readonly compiledAt: string
          /** @description The sources were looked at again and had not changed: an earlier result */
          readonly cached: boolean
          /** @description What differs from the previous list of the same name; absent where there is none */
          readonly diff?: components['schemas']['ListDiff']
          /** @enum {string} */
          readonly status: 'completed'
        }
      | {
          /** @enum {boolean} */
          readonly success: true
          /**
           * Format: uuid
           * @description Of the compilation: the id of its job
           */
          readonly requestId: string
          readonly results: readonly (
            | {
                /** @description The name of this list in the batch; each once */
                readonly id: string
                /** @enum {boolean} */
                readonly success: true
                /** @description The lines of the list, its header first */
                readonly rules: readonly string[]
                /** @description How many lines it has */
                readonly ruleCount: number
                readonly metrics: components['schemas']['CompileMetrics']
                /** Format: date-time */
                readonly compiledAt: string
                /** @description The sources were looked at again and had not changed: an earlier result */
                readonly cached: boolean
                /** @description What differs from the previous list of the same name; absent where there is none */
                readonly diff?: components['schemas']['ListDiff']
              }
            | {
                /** @description The name of this list in the batch; each once */
                readonly id: string
                /** @enum {boolean} */
                readonly success: false
                readonly error: string
                readonly code: string
              }
          )[]
          /** @enum {string} */
          readonly status: 'completed'
        }
      | {
          /** @enum {boolean} */
          readonly success: false
          /** @description What is wrong and what to do, for people */
          readonly error: string
          /** @description Stable, for programs */
          readonly code: string
          /** @description Which fields are wrong, as JSON pointers (RFC 6901) */
          readonly errors?: readonly {
            readonly pointer: string
            readonly message: string
          }[]
          readonly details?: {
            readonly [key: string]: components['schemas']['Json']
          }
          /**
           * Format: uuid
           * @description Of the compilation: the id of its job
           */
          readonly requestId: string
          /** @enum {string} */
          readonly status: 'failed' | 'cancelled'
          /** @description Of a batch: the lists that were done, and why the others were not */
          readonly results?: readonly (
            | {
                /** @description The name of this list in the batch; each once */
                readonly id: string
                /** @enum {boolean} */
                readonly success: true
                /** @description The lines of the list, its header first */
                readonly rules: readonly string[]
                /** @description How many lines it has */
                readonly ruleCount: number
                readonly metrics: components['schemas']['CompileMetrics']
                /** Format: date-time */
                readonly compiledAt: string
                /** @description The sources were looked at again and had not changed: an earlier result */
                readonly cached: boolean
                /** @description What differs from the previous list of the same name; absent where there is none */
                readonly diff?: components['schemas']['ListDiff']
              }
            | {
                /** @description The name of this list in the batch; each once */
                readonly id: string
                /** @enum {boolean} */
                readonly success: false
                readonly error: string
                readonly code: string
              }
          )[]
        }
    /**
     * @description What became of a look into a cache
     * @example {
     *       "eventId": "0d2f6a3c-5a0e-4c6a-8a51-2f8f3d3a9b10",
     *       "category": "cache",
     *       "operation": "hit",
     *       "key": "a3f5c0de",
     *       "size": 51200
     *     }
     */
    readonly CompileStreamCache: {
      readonly eventId: string
      /** @enum {string} */
      readonly category: 'cache'
      /** @enum {string} */
      readonly operation: 'hit' | 'miss' | 'write' | 'evict'
      /** @description Hashed */
      readonly key: string
      /** @description In bytes */
      readonly size?: number
    }
    /**
     * @description Something that an engineer may want to know
     * @example {
     *       "eventId": "0d2f6a3c-5a0e-4c6a-8a51-2f8f3d3a9b10",
     *       "timestamp": "2026-01-14T05:00:00.000Z",
     *       "category": "compilation",
     *       "severity": "info",
     *       "correlationId": "7b1e4c9a-52d3-4f7e-9a33-0f8c2f1d6e51",
     *       "message": "Started source download",
     *       "metadata": {
     *         "sourceName": "Ads"
     *       }
     *     }
     */
    readonly CompileStreamDiagnostic: {
      readonly eventId: string
      /** Format: date-time */
      readonly timestamp: string
      /** @enum {string} */
      readonly category: 'compilation' | 'download' | 'transformation' | 'cache' | 'validation' | 'network' | 'performance' | 'error'
      /** @enum {string} */
      readonly severity: 'trace' | 'debug' | 'info' | 'warn' | 'error'
      readonly message: string
      /** @description The id of the compilation */
      readonly correlationId?: string
      readonly metadata?: {
        readonly [key: string]: components['schemas']['Json']
      }
    }
    /**
     * @description What differs from the previous list of the same name
     * @example {
     *       "added": 1,
     *       "removed": 0,
     *       "addedExamples": [
     *         "||new.example^"
     *       ],
     *       "removedExamples": [],
     *       "previousCompiledAt": "2026-01-14T05:00:00.000Z"
     *     }
     */
    readonly CompileStreamDiff: {
      readonly added: number
      readonly removed: number
      /** @description The first of them, at most 100 */
      readonly addedExamples: readonly string[]
      /** @description The first of them, at most 100 */
      readonly removedExamples: readonly string[]
      /** Format: date-time */
      readonly previousCompiledAt: string
    }
    /**
     * @description The last message: the compilation is over
     * @example {
     *       "success": true,
     *       "status": "completed"
     *     }
     */
    readonly CompileStreamDone: {
      readonly success: boolean
      /** @enum {string} */
      readonly status: 'completed' | 'failed' | 'cancelled'
    }
    /**
     * @description The compilation failed or was cancelled. An EventSource has an error event of its own, without data
     * @example {
     *       "success": false,
     *       "error": "https://example.com/filters.txt: the server answered 404.",
     *       "code": "SOURCE_HTTP_STATUS"
     *     }
     */
    readonly CompileStreamError: {
      /** @enum {boolean} */
      readonly success: false
      /** @description What is wrong and what to do, for people */
      readonly error: string
      /** @description Stable, for programs; `CANCELLED` where it was cancelled */
      readonly code: string
      readonly details?: components['schemas']['Json']
    }
    /**
     * @description The first message of every connection
     * @example {
     *       "requestId": "7b1e4c9a-52d3-4f7e-9a33-0f8c2f1d6e51",
     *       "token": "the-token-of-this-compilation"
     *     }
     */
    readonly CompileStreamJob: {
      /** @description The id of the compilation, for `GET /compile/stream/{requestId}` */
      readonly requestId: string
      /** @description Reads and controls this compilation; only where the stream began it */
      readonly token?: string
    }
    /**
     * @description A line of the log
     * @example {
     *       "level": "info",
     *       "message": "The compilation goes on."
     *     }
     */
    readonly CompileStreamLog: {
      /** @enum {string} */
      readonly level: 'debug' | 'info' | 'warn' | 'error'
      readonly message: string
    }
    /** @description One message of the stream: its fields, with `data` read as JSON. Every message has an `event` name. The first, `job`, has the id and the token of the compilation; a stream that breaks off is taken up again by `GET /compile/stream/{requestId}`. */
    readonly CompileStreamMessage:
      | {
          /** @enum {string} */
          readonly event: 'job'
          /** @description For `Last-Event-ID`; absent where the message is of this connection only */
          readonly id?: string
          readonly data: components['schemas']['CompileStreamJob']
        }
      | {
          /** @enum {string} */
          readonly event: 'log'
          /** @description For `Last-Event-ID`; absent where the message is of this connection only */
          readonly id?: string
          readonly data: components['schemas']['CompileStreamLog']
        }
      | {
          /** @enum {string} */
          readonly event: 'source:start'
          /** @description For `Last-Event-ID`; absent where the message is of this connection only */
          readonly id?: string
          readonly data: components['schemas']['CompileStreamSourceStart']
        }
      | {
          /** @enum {string} */
          readonly event: 'source:complete'
          /** @description For `Last-Event-ID`; absent where the message is of this connection only */
          readonly id?: string
          readonly data: components['schemas']['CompileStreamSourceComplete']
        }
      | {
          /** @enum {string} */
          readonly event: 'source:error'
          /** @description For `Last-Event-ID`; absent where the message is of this connection only */
          readonly id?: string
          readonly data: components['schemas']['CompileStreamSourceError']
        }
      | {
          /** @enum {string} */
          readonly event: 'transformation:start'
          /** @description For `Last-Event-ID`; absent where the message is of this connection only */
          readonly id?: string
          readonly data: components['schemas']['CompileStreamTransformationStart']
        }
      | {
          /** @enum {string} */
          readonly event: 'transformation:complete'
          /** @description For `Last-Event-ID`; absent where the message is of this connection only */
          readonly id?: string
          readonly data: components['schemas']['CompileStreamTransformationComplete']
        }
      | {
          /** @enum {string} */
          readonly event: 'progress'
          /** @description For `Last-Event-ID`; absent where the message is of this connection only */
          readonly id?: string
          readonly data: components['schemas']['CompileStreamProgress']
        }
      | {
          /** @enum {string} */
          readonly event: 'diagnostic'
          /** @description For `Last-Event-ID`; absent where the message is of this connection only */
          readonly id?: string
          readonly data: components['schemas']['CompileStreamDiagnostic']
        }
      | {
          /** @enum {string} */
          readonly event: 'cache'
          /** @description For `Last-Event-ID`; absent where the message is of this connection only */
          readonly id?: string
          readonly data: components['schemas']['CompileStreamCache']
        }
      | {
          /** @enum {string} */
          readonly event: 'network'
          /** @description For `Last-Event-ID`; absent where the message is of this connection only */
          readonly id?: string
          readonly data: components['schemas']['CompileStreamNetwork']
        }
      | {
          /** @enum {string} */
          readonly event: 'metric'
          /** @description For `Last-Event-ID`; absent where the message is of this connection only */
          readonly id?: string
          readonly data: components['schemas']['CompileStreamMetric']
        }
      | {
          /** @enum {string} */
          readonly event: 'diff'
          /** @description For `Last-Event-ID`; absent where the message is of this connection only */
          readonly id?: string
          readonly data: components['schemas']['CompileStreamDiff']
        }
      | {
          /** @enum {string} */
          readonly event: 'result'
          /** @description For `Last-Event-ID`; absent where the message is of this connection only */
          readonly id?: string
          readonly data: components['schemas']['CompileStreamResult']
        }
      | {
          /** @enum {string} */
          readonly event: 'error'
          /** @description For `Last-Event-ID`; absent where the message is of this connection only */
          readonly id?: string
          readonly data: components['schemas']['CompileStreamError']
        }
      | {
          /** @enum {string} */
          readonly event: 'done'
          /** @description For `Last-Event-ID`; absent where the message is of this connection only */
          readonly id?: string
          readonly data: components['schemas']['CompileStreamDone']
        }
      | {
          /** @enum {string} */
          readonly event: 'reset'
          /** @description For `Last-Event-ID`; absent where the message is of this connection only */
          readonly id?: string
          readonly data: components['schemas']['CompileStreamReset']
        }
    /**
     * @description A figure
     * @example {
     *       "metric": "download_speed",
     *       "value": 218.5,
     *       "unit": "KB/s",
     *       "dimensions": {
     *         "source": "Ads"
     *       }
     *     }
     */
    readonly CompileStreamMetric: {
      readonly metric: string
      readonly value: number
      readonly unit: string
      readonly dimensions?: {
        readonly [key: string]: string
      }
    }
    /**
     * @description A request to another server
     * @example {
     *       "method": "GET",
     *       "url": "https://example.com/filters.txt",
     *       "statusCode": 200,
     *       "durationMs": 234,
     *       "responseSize": 51200
     *     }
     */
    readonly CompileStreamNetwork: {
      readonly method: string
      /** @description Without credentials and the values of its query */
      readonly url: string
      readonly statusCode?: number
      readonly durationMs?: number
      /** @description In bytes */
      readonly responseSize?: number
    }
    /**
     * @description How far the compilation has come
     * @example {
     *       "phase": "sources",
     *       "current": 1,
     *       "total": 2,
     *       "message": "Ads"
     *     }
     */
    readonly CompileStreamProgress: {
      readonly phase: string
      readonly current: number
      readonly total: number
      readonly message: string
    }
    /**
     * @description The history after the cursor is gone: throw away what you have of the compilation
     * @example {
     *       "type": "reset",
     *       "reason": "pruned",
     *       "after": 0,
     *       "head": 0
     *     }
     */
    readonly CompileStreamReset: {
      /** @enum {string} */
      readonly type: 'reset'
      /**
       * @description `pruned`: the log was removed; `ahead`: the cursor is beyond the head, as after a restored backup
       * @enum {string}
       */
      readonly reason: 'pruned' | 'ahead'
      /** @description The stream goes on after this seq */
      readonly after: number
      /** @description The last seq of the log */
      readonly head: number
    }
    /**
     * @description The compiled list. It can be large
     * @example {
     *       "success": true,
     *       "rules": [
     *         "||ads.example.com^",
     *         "||tracking.example.com^"
     *       ],
     *       "ruleCount": 2,
     *       "metrics": {
     *         "totalDurationMs": 1234,
     *         "sourceCount": 1,
     *         "ruleCount": 2,
     *         "sources": [
     *           {
     *             "name": "Ads",
     *             "source": "https://example.com/filters.txt",
     *             "loadedCount": 3,
     *             "ruleCount": 2,
     *             "bytes": 51200,
     *             "durationMs": 234
     *           }
     *         ]
     *       },
     *       "compiledAt": "2026-01-14T05:00:00.000Z",
     *       "cached": false
     *     }
     */
    readonly CompileStreamResult: {
      /** @description The lines of the list, its header first */
      readonly rules: readonly string[]
      readonly ruleCount: number
      readonly metrics: components['schemas']['CompileMetrics']
      /** Format: date-time */
      readonly compiledAt: string
      readonly cached: boolean
      readonly diff?: components['schemas']['ListDiff']
      /** @enum {boolean} */
      readonly success: true
    }
    /**
     * @description A source is loaded and transformed
     * @example {
     *       "source": {
     *         "name": "Ads",
     *         "source": "https://example.com/filters.txt"
     *       },
     *       "sourceIndex": 0,
     *       "totalSources": 2,
     *       "ruleCount": 1200,
     *       "durationMs": 234
     *     }
     */
    readonly CompileStreamSourceComplete: {
      readonly source: {
        readonly name: string
        /** @description Without credentials and the values of its query */
        readonly source: string
      }
      /** @description Its place in the configuration, from 0 */
      readonly sourceIndex: number
      readonly totalSources: number
      /** @description Its lines after its own transformations */
      readonly ruleCount: number
      readonly durationMs: number
    }
    /**
     * @description A source could not be had
     * @example {
     *       "source": {
     *         "name": "Ads",
     *         "source": "https://example.com/filters.txt"
     *       },
     *       "sourceIndex": 0,
     *       "totalSources": 2,
     *       "durationMs": 80,
     *       "error": "The server answered 404."
     *     }
     */
    readonly CompileStreamSourceError: {
      readonly source: {
        readonly name: string
        /** @description Without credentials and the values of its query */
        readonly source: string
      }
      /** @description Its place in the configuration, from 0 */
      readonly sourceIndex: number
      readonly totalSources: number
      readonly durationMs?: number
      readonly error: string
    }
    /**
     * @description A source is being loaded
     * @example {
     *       "source": {
     *         "name": "Ads",
     *         "source": "https://example.com/filters.txt"
     *       },
     *       "sourceIndex": 0,
     *       "totalSources": 2
     *     }
     */
    readonly CompileStreamSourceStart: {
      readonly source: {
        readonly name: string
        /** @description Without credentials and the values of its query */
        readonly source: string
      }
      /** @description Its place in the configuration, from 0 */
      readonly sourceIndex: number
      readonly totalSources: number
    }
    /**
     * @description A transformation is done
     * @example {
     *       "name": "Deduplicate",
     *       "inputCount": 1300,
     *       "outputCount": 1200,
     *       "durationMs": 5
     *     }
     */
    readonly CompileStreamTransformationComplete: {
      readonly name: string
      /** @description In lines */
      readonly inputCount: number
      /** @description In lines */
      readonly outputCount: number
      readonly durationMs: number
    }
    /**
     * @description A transformation begins
     * @example {
     *       "name": "Deduplicate",
     *       "inputCount": 1300
     *     }
     */
    readonly CompileStreamTransformationStart: {
      readonly name: string
      /** @description In lines */
      readonly inputCount: number
    }
    /**
     * @description A URL that reads a compilation's stream without any header, until it expires
     * @example {
     *       "success": true,
     *       "streamUrl": "http://127.0.0.1:3000/compile/stream/7b1e4c9a-52d3-4f7e-9a33-0f8c2f1d6e51?ticket=the-token-of-this-compilation",
     *       "expiresAt": "2026-01-14T06:00:00.000Z"
     *     }
     */
    readonly CompileTicket: {
      /** @enum {boolean} */
      readonly success: true
      /** Format: uri */
      readonly streamUrl: string
      /** Format: date-time */
      readonly expiresAt: string
    }
    /**
     * @example {
     *       "success": true,
     *       "valid": false,
     *       "errors": [
     *         {
     *           "pointer": "/sources/0/transformations/2",
     *           "message": "is no transformation"
     *         }
     *       ]
     *     }
     */
    readonly ConfigurationCheck: {
      /** @enum {boolean} */
      readonly success: true
      readonly valid: boolean
      readonly errors: readonly {
        /** @description JSON pointer (RFC 6901) into the configuration */
        readonly pointer: string
        readonly message: string
      }[]
    }
    /**
     * @example {
     *       "configuration": {
     *         "name": "My Filter List",
     *         "sources": []
     *       }
     *     }
     */
    readonly ConfigurationToCheck: {
      /** @description A configuration, right or wrong */
      readonly configuration: unknown
      /** @description Texts that stand for sources, by their `source` in the configuration: these are not loaded */
      readonly preFetchedContent?: {
        readonly [key: string]: string
      }
    }
    /**
     * @description The answer to a creation
     * @example {
     *       "job": {
     *         "id": "6d9a4f9e-54c5-4a0e-9d5c-3f0f2b1c7a10",
     *         "type": "count",
     *         "status": "queued",
     *         "input": {
     *           "to": 3
     *         },
     *         "progress": null,
     *         "priority": 0,
     *         "attempt": 0,
     *         "recoveries": 0,
     *         "head": 1,
     *         "createdAt": "2026-11-22T10:30:01.234Z",
     *         "runAt": "2026-11-22T10:30:01.234Z"
     *       },
     *       "token": "eyJhbGciOiJIUzI1NiJ9.eyJqb2IiOiI2ZDlhNGY5ZSJ9.c2lnbmF0dXJl",
     *       "eventsUrl": "http://127.0.0.1:3000/jobs/6d9a4f9e-54c5-4a0e-9d5c-3f0f2b1c7a10/events"
     *     }
     */
    readonly CreatedJob: {
      readonly job: components['schemas']['Job']
      /** @description Reads and controls this one job */
      readonly token: string
      /**
       * Format: uri
       * @description The log of the job
       */
      readonly eventsUrl: string
    }
    /**
     * @example {
     *       "success": true,
     *       "data": {
     *         "jobId": "5d0a7c1e-3f2b-4c8d-9e6a-1b7f4d2c8a90",
     *         "authToken": "eyJhbGciOiJIUzI1NiJ9.eyJzY29wZSI6ImNvbnRyb2wifQ.c2lnbmF0dXJl",
     *         "websocketUrl": "ws://127.0.0.1:3000/ws/progress?jobId=5d0a7c1e-3f2b-4c8d-9e6a-1b7f4d2c8a90&ticket=eyJhbGciOiJIUzI1NiJ9.eyJzY29wZSI6ImNvbnRyb2wifQ.c2lnbmF0dXJl"
     *       },
     *       "metadata": {
     *         "timestamp": "2026-11-22T10:30:01.234Z",
     *         "requestId": "1f6d2b52-8f8e-4b7a-9a55-2f5d0c8c7e11"
     *       }
     *     }
     */
    readonly EnrichmentCreatedV1: {
      /** @enum {boolean} */
      readonly success: true
      readonly data: {
        /** Format: uuid */
        readonly jobId: string
        /** @description Reads and cancels this job, for 1 hour */
        readonly authToken: string
        /**
         * Format: uri
         * @description It carries a ticket; with `authToken` as the subprotocol the job can be cancelled, too
         */
        readonly websocketUrl: string
      }
      readonly metadata: components['schemas']['BooksMetadata']
    }
    /**
     * @example {
     *       "books": [
     *         {
     *           "isbn": "9780618346257"
     *         },
     *         {
     *           "title": "Emma",
     *           "author": "Jane Austen"
     *         }
     *       ]
     *     }
     */
    readonly EnrichmentRequest: {
      readonly books?: readonly components['schemas']['AskedBook'][]
      readonly isbns?: readonly string[]
      /**
       * Format: uuid
       * @description The id that the job shall have, a UUID v4: the same request again then finds it
       */
      readonly jobId?: string
    }
    /** @description One message of the stream: its fields, with `data` read as JSON. A `progress` for every book, then `completed` with the books, `failed` or `canceled`. A client that comes back with `Last-Event-ID` misses nothing. When nothing happens for 5 minutes, `timeout` is sent and the stream ends. */
    readonly EnrichmentStreamMessage:
      | {
          /** @enum {string} */
          readonly event: 'progress'
          /** @description For `Last-Event-ID`; absent where the message is of this connection only */
          readonly id?: string
          readonly data: components['schemas']['BooksStreamProgress']
        }
      | {
          /** @enum {string} */
          readonly event: 'completed'
          /** @description For `Last-Event-ID`; absent where the message is of this connection only */
          readonly id?: string
          readonly data: components['schemas']['BooksStreamCompleted']
        }
      | {
          /** @enum {string} */
          readonly event: 'failed'
          /** @description For `Last-Event-ID`; absent where the message is of this connection only */
          readonly id?: string
          readonly data: components['schemas']['BooksStreamFailed']
        }
      | {
          /** @enum {string} */
          readonly event: 'canceled'
          /** @description For `Last-Event-ID`; absent where the message is of this connection only */
          readonly id?: string
          readonly data: components['schemas']['BooksStreamCanceled']
        }
      | {
          /** @enum {string} */
          readonly event: 'timeout'
          /** @description For `Last-Event-ID`; absent where the message is of this connection only */
          readonly id?: string
          readonly data: components['schemas']['BooksStreamTimeout']
        }
      | {
          /** @enum {string} */
          readonly event: 'reset'
          /** @description For `Last-Event-ID`; absent where the message is of this connection only */
          readonly id?: string
          readonly data: components['schemas']['BooksStreamReset']
        }
    /**
     * @description What an error code means
     * @example {
     *       "type": "/problems/JOB_NOT_FOUND",
     *       "code": "JOB_NOT_FOUND",
     *       "status": 404,
     *       "title": "There is no such job"
     *     }
     */
    readonly ErrorCode: {
      readonly type: string
      readonly code: string
      readonly status: number
      readonly title: string
    }
    /**
     * @description A page of a job's log
     * @example {
     *       "events": [
     *         {
     *           "seq": 6,
     *           "at": "2026-11-22T10:30:01.234Z",
     *           "type": "completed",
     *           "data": {
     *             "result": {
     *               "counted": 3
     *             }
     *           }
     *         }
     *       ],
     *       "next": 6,
     *       "head": 6,
     *       "closed": true
     *     }
     */
    readonly EventPage: {
      readonly events: readonly components['schemas']['JobEvent'][]
      /** @description The cursor for the page after it */
      readonly next: number
      /** @description The last seq of the log */
      readonly head: number
      /** @description The log has its terminal event: stop when `next` equals `head`, too */
      readonly closed: boolean
      /** @description The history after the asked cursor is gone: the events of this page follow on `reset.after` instead */
      readonly reset?: components['schemas']['Reset']
    }
    /**
     * @description What to compile: AdGuard HostlistCompiler's configuration
     * @example {
     *       "name": "My Filter List",
     *       "sources": [
     *         {
     *           "name": "Ads",
     *           "source": "https://example.com/filters.txt",
     *           "transformations": [
     *             "RemoveComments",
     *             "Validate"
     *           ]
     *         },
     *         {
     *           "name": "Hosts",
     *           "source": "hosts.txt",
     *           "type": "hosts"
     *         }
     *       ],
     *       "transformations": [
     *         "Compress",
     *         "Deduplicate",
     *         "RemoveEmptyLines"
     *       ],
     *       "exclusions": [
     *         "*.good.example*"
     *       ]
     *     }
     */
    readonly FilterConfiguration: {
      readonly name: string
      readonly description?: string
      readonly homepage?: string
      readonly license?: string
      readonly version?: string
      readonly sources: readonly components['schemas']['FilterSource'][]
      /** @description They run in an order of their own, whatever the order here */
      readonly transformations?: readonly (
        | 'ConvertToAscii'
        | 'TrimLines'
        | 'RemoveComments'
        | 'Compress'
        | 'RemoveModifiers'
        | 'InvertAllow'
        | 'Validate'
        | 'ValidateAllowIp'
        | 'ValidateAllowPublicSuffix'
        | 'ValidateAllowIpAndPublicSuffix'
        | 'Deduplicate'
        | 'RemoveEmptyLines'
        | 'InsertFinalNewLine'
      )[]
      /** @description Rules that match one of these are left out: a substring, a wildcard (`*`) or a `/regular expression/` */
      readonly exclusions?: readonly string[]
      /** @description Files with more exclusions, one on a line */
      readonly exclusions_sources?: readonly string[]
      /** @description Only rules that match one of these are kept */
      readonly inclusions?: readonly string[]
      /** @description Files with more inclusions, one on a line */
      readonly inclusions_sources?: readonly string[]
    }
    readonly FilterSource: {
      /** @description A URL, a key of `preFetchedContent`, or a path where the server allows them */
      readonly source: string
      /** @description For the header of the list and for events */
      readonly name?: string
      /**
       * @description Changes nothing; kept for configurations that have it
       * @enum {string}
       */
      readonly type?: 'adblock' | 'hosts'
      /** @description They run in an order of their own, whatever the order here */
      readonly transformations?: readonly (
        | 'ConvertToAscii'
        | 'TrimLines'
        | 'RemoveComments'
        | 'Compress'
        | 'RemoveModifiers'
        | 'InvertAllow'
        | 'Validate'
        | 'ValidateAllowIp'
        | 'ValidateAllowPublicSuffix'
        | 'ValidateAllowIpAndPublicSuffix'
        | 'Deduplicate'
        | 'RemoveEmptyLines'
        | 'InsertFinalNewLine'
      )[]
      /** @description Rules that match one of these are left out: a substring, a wildcard (`*`) or a `/regular expression/` */
      readonly exclusions?: readonly string[]
      /** @description Files with more exclusions, one on a line */
      readonly exclusions_sources?: readonly string[]
      /** @description Only rules that match one of these are kept */
      readonly inclusions?: readonly string[]
      /** @description Files with more inclusions, one on a line */
      readonly inclusions_sources?: readonly string[]
    }
    /**
     * @description What there is of several logs: messages as `/ws` has them
     * @example {
     *       "messages": [
     *         {
     *           "type": "attached",
     *           "jobId": "6d9a4f9e-54c5-4a0e-9d5c-3f0f2b1c7a10",
     *           "after": 4,
     *           "head": 5
     *         },
     *         {
     *           "type": "event",
     *           "jobId": "6d9a4f9e-54c5-4a0e-9d5c-3f0f2b1c7a10",
     *           "seq": 5,
     *           "event": {
     *             "seq": 5,
     *             "at": "2026-11-22T10:30:01.234Z",
     *             "type": "completed",
     *             "data": {
     *               "result": {
     *                 "counted": 1
     *               }
     *             }
     *           }
     *         },
     *         {
     *           "type": "end",
     *           "jobId": "6d9a4f9e-54c5-4a0e-9d5c-3f0f2b1c7a10",
     *           "seq": 5
     *         }
     *       ]
     *     }
     */
    readonly FollowAnswer: {
      readonly messages: readonly (
        | {
            /** @enum {string} */
            readonly type: 'welcome'
            readonly version: string
            readonly connectionId: string
            /** @description How many jobs one connection may follow at a time */
            readonly maxJobs: number
            /** @description After so much silence a heartbeat goes out, in milliseconds: a connection that is silent for twice as long is dead */
            readonly heartbeatMs: number
          }
        | {
            /** @enum {string} */
            readonly type: 'attached'
            /** Format: uuid */
            readonly jobId: string
            readonly after: number
            readonly head: number
          }
        | {
            /** @enum {string} */
            readonly type: 'event'
            /** Format: uuid */
            readonly jobId: string
            readonly seq: number
            readonly event: components['schemas']['JobEvent']
          }
        | {
            /** @enum {string} */
            readonly type: 'reset'
            /** Format: uuid */
            readonly jobId: string
            /**
             * @description `pruned`: the log was removed; `ahead`: the cursor is beyond the head, as after a restored backup
             * @enum {string}
             */
            readonly reason: 'pruned' | 'ahead'
            readonly after: number
            readonly head: number
          }
        | {
            /** @enum {string} */
            readonly type: 'end'
            /** Format: uuid */
            readonly jobId: string
            readonly seq: number
          }
        | {
            /** @enum {string} */
            readonly type: 'detached'
            /** Format: uuid */
            readonly jobId: string
          }
        | {
            /** @enum {string} */
            readonly type: 'jobs.changed'
            /** @description Jobs that were created, changed or removed */
            readonly jobIds: readonly string[]
            /** @description So did other jobs */
            readonly more: boolean
          }
        | {
            /** @enum {string} */
            readonly type: 'accepted'
            /** Format: uuid */
            readonly jobId: string
            readonly request: string
          }
        | {
            /** @enum {string} */
            readonly type: 'heartbeat'
          }
        | {
            /** @enum {string} */
            readonly type: 'pong'
          }
        | {
            /** @enum {string} */
            readonly type: 'error'
            readonly code: string
            readonly message: string
            readonly jobId?: string
          }
      )[]
    }
    /**
     * @description The jobs that one connection follows, each from its cursor
     * @example {
     *       "jobs": [
     *         {
     *           "jobId": "6d9a4f9e-54c5-4a0e-9d5c-3f0f2b1c7a10",
     *           "after": 4
     *         }
     *       ],
     *       "lists": false
     *     }
     */
    readonly FollowRequest: {
      /** @description The jobs to follow; 100 at most, unless the server is set otherwise */
      readonly jobs: readonly {
        /** Format: uuid */
        readonly jobId: string
        /**
         * @description The cursor: the last seq that you have
         * @default 0
         */
        readonly after: number
        /** @description The token of the job, where the header has none that covers it */
        readonly token?: string
      }[]
      /** @description Whether to be told when jobs have changed; needs an API key that reads */
      readonly lists?: boolean
    }
    /**
     * @description Liveness and readiness
     * @example {
     *       "status": "ok",
     *       "live": true,
     *       "ready": true,
     *       "version": "0.1.0",
     *       "uptimeSeconds": 4711,
     *       "store": {
     *         "kind": "sqlite",
     *         "ok": true
     *       }
     *     }
     */
    readonly Health: {
      /** @enum {string} */
      readonly status: 'ok' | 'stopping' | 'unavailable'
      readonly live: boolean
      /** @description Whether requests should be sent here */
      readonly ready: boolean
      readonly version: string
      readonly uptimeSeconds: number
      readonly store: {
        readonly kind: string
        readonly ok: boolean
        readonly message?: string
        /**
         * @description How news from other nodes comes, where there may be some: told at once, or found by looking now and then
         * @enum {string}
         */
        readonly notifications?: 'listening' | 'polling'
        /**
         * @description Where a write is when it is acknowledged, for databases that can fail over: on a standby, too (a failover keeps it), on the disk of the database only (a failover may lose the last ones), or in memory (a crash may)
         * @enum {string}
         */
        readonly durability?: 'standby' | 'disk' | 'memory'
      }
    }
    /**
     * @example {
     *       "success": true,
     *       "data": {
     *         "jobId": "5d0a7c1e-3f2b-4c8d-9e6a-1b7f4d2c8a90",
     *         "authToken": "eyJhbGciOiJIUzI1NiJ9.eyJzY29wZSI6ImNvbnRyb2wifQ.c2lnbmF0dXJl",
     *         "sseUrl": "http://127.0.0.1:3000/api/v2/imports/5d0a7c1e-3f2b-4c8d-9e6a-1b7f4d2c8a90/stream?ticket=eyJhbGciOiJIUzI1NiJ9.eyJzY29wZSI6ImNvbnRyb2wifQ.c2lnbmF0dXJl",
     *         "statusUrl": "http://127.0.0.1:3000/api/v2/imports/5d0a7c1e-3f2b-4c8d-9e6a-1b7f4d2c8a90"
     *       },
     *       "metadata": {
     *         "timestamp": "2026-11-22T10:30:01.234Z",
     *         "requestId": "1f6d2b52-8f8e-4b7a-9a55-2f5d0c8c7e11"
     *       }
     *     }
     */
    readonly ImportCreatedV2: {
      /** @enum {boolean} */
      readonly success: true
      readonly data: {
        /** Format: uuid */
        readonly jobId: string
        /** @description Reads and cancels this job, for 1 hour */
        readonly authToken: string
        /**
         * Format: uri
         * @description For an EventSource: it carries a ticket
         */
        readonly sseUrl: string
        /** Format: uri */
        readonly statusUrl: string
      }
      readonly metadata: components['schemas']['BooksMetadata']
    }
    /**
     * @example {
     *       "file": "Title,Author,ISBN13\r\n...",
     *       "mapping": "{\"title\": \"Buchtitel\"}"
     *     }
     */
    readonly ImportForm: {
      /**
       * Format: binary
       * @description The CSV file
       */
      readonly file: Blob
      /** @description JSON: the column of each field, by its name in the header: `{"title": "Buchtitel"}` */
      readonly mapping?: string
    }
    /** @description One message of the stream: its fields, with `data` read as JSON. A `progress` for every book, then `completed` with the books, `failed` or `canceled`. A client that comes back with `Last-Event-ID` misses nothing. When nothing happens for 5 minutes, `timeout` is sent and the stream ends. */
    readonly ImportStreamMessage:
      | {
          /** @enum {string} */
          readonly event: 'progress'
          /** @description For `Last-Event-ID`; absent where the message is of this connection only */
          readonly id?: string
          readonly data: components['schemas']['BooksStreamProgress']
        }
      | {
          /** @enum {string} */
          readonly event: 'completed'
          /** @description For `Last-Event-ID`; absent where the message is of this connection only */
          readonly id?: string
          readonly data: components['schemas']['BooksStreamCompleted']
        }
      | {
          /** @enum {string} */
          readonly event: 'failed'
          /** @description For `Last-Event-ID`; absent where the message is of this connection only */
          readonly id?: string
          readonly data: components['schemas']['BooksStreamFailed']
        }
      | {
          /** @enum {string} */
          readonly event: 'canceled'
          /** @description For `Last-Event-ID`; absent where the message is of this connection only */
          readonly id?: string
          readonly data: components['schemas']['BooksStreamCanceled']
        }
      | {
          /** @enum {string} */
          readonly event: 'timeout'
          /** @description For `Last-Event-ID`; absent where the message is of this connection only */
          readonly id?: string
          readonly data: components['schemas']['BooksStreamTimeout']
        }
      | {
          /** @enum {string} */
          readonly event: 'reset'
          /** @description For `Last-Event-ID`; absent where the message is of this connection only */
          readonly id?: string
          readonly data: components['schemas']['BooksStreamReset']
        }
    /** @description One message of the stream: its fields, with `data` read as JSON. A `progress` for every book, then `completed` with the books, `failed` or `canceled`. A client that comes back with `Last-Event-ID` misses nothing. When nothing happens for 5 minutes, `timeout` is sent and the stream ends. */
    readonly ImportStreamV2Message:
      | {
          /** @enum {string} */
          readonly event: 'progress'
          /** @description For `Last-Event-ID`; absent where the message is of this connection only */
          readonly id?: string
          readonly data: components['schemas']['BooksStreamProgress']
        }
      | {
          /** @enum {string} */
          readonly event: 'completed'
          /** @description For `Last-Event-ID`; absent where the message is of this connection only */
          readonly id?: string
          readonly data: components['schemas']['BooksStreamCompleted']
        }
      | {
          /** @enum {string} */
          readonly event: 'failed'
          /** @description For `Last-Event-ID`; absent where the message is of this connection only */
          readonly id?: string
          readonly data: components['schemas']['BooksStreamFailed']
        }
      | {
          /** @enum {string} */
          readonly event: 'canceled'
          /** @description For `Last-Event-ID`; absent where the message is of this connection only */
          readonly id?: string
          readonly data: components['schemas']['BooksStreamCanceled']
        }
      | {
          /** @enum {string} */
          readonly event: 'timeout'
          /** @description For `Last-Event-ID`; absent where the message is of this connection only */
          readonly id?: string
          readonly data: components['schemas']['BooksStreamTimeout']
        }
      | {
          /** @enum {string} */
          readonly event: 'reset'
          /** @description For `Last-Event-ID`; absent where the message is of this connection only */
          readonly id?: string
          readonly data: components['schemas']['BooksStreamReset']
        }
    /**
     * @description One run of a job type. Times are ISO 8601 in UTC
     * @example {
     *       "id": "6d9a4f9e-54c5-4a0e-9d5c-3f0f2b1c7a10",
     *       "type": "count",
     *       "status": "completed",
     *       "input": {
     *         "to": 3
     *       },
     *       "progress": {
     *         "done": 3,
     *         "total": 3
     *       },
     *       "result": {
     *         "counted": 3
     *       },
     *       "priority": 0,
     *       "attempt": 1,
     *       "recoveries": 0,
     *       "head": 6,
     *       "createdAt": "2026-11-22T10:30:01.234Z",
     *       "runAt": "2026-11-22T10:30:01.234Z",
     *       "startedAt": "2026-11-22T10:30:01.234Z",
     *       "finishedAt": "2026-11-22T10:30:09.871Z"
     *     }
     */
    readonly Job: {
      /** Format: uuid */
      readonly id: string
      readonly type: string
      /** @enum {string} */
      readonly status: 'queued' | 'running' | 'paused' | 'completed' | 'failed' | 'cancelled'
      readonly input: components['schemas']['Json']
      readonly progress:
        | ({
            /** @description In any unit */
            readonly done: number
            /** @description In the same unit; null while it is not known */
            readonly total: number | null
            /** @description How far it is where done of total does not tell, because more may come */
            readonly fraction?: number
            readonly message?: string
          } & {
            readonly [key: string]: unknown
          })
        | null
      /** @description What a completed job gave */
      readonly result?: components['schemas']['Json']
      readonly error?: components['schemas']['JobError']
      /** @description Higher runs first */
      readonly priority: number
      /** @description Which attempt runs or ran last: 0 before the first */
      readonly attempt: number
      /** @description Leases lost since the last checkpoint */
      readonly recoveries: number
      /** @description The seq of the last event in the log */
      readonly head: number
      /**
       * @description What was asked of the running job and has not happened yet
       * @enum {string}
       */
      readonly request?: 'cancel' | 'pause' | 'resume'
      /** @description Of jobs with the same key only so many run at a time */
      readonly concurrencyKey?: string
      /**
       * Format: uuid
       * @description The job that created this one
       */
      readonly parentId?: string
      /**
       * Format: uuid
       * @description The job that this one runs again
       */
      readonly retryOf?: string
      /** Format: date-time */
      readonly createdAt: string
      /**
       * Format: date-time
       * @description The job does not start before this time
       */
      readonly runAt: string
      /** Format: date-time */
      readonly startedAt?: string
      /** Format: date-time */
      readonly finishedAt?: string
    }
    /**
     * @description The job is over: it was cancelled
     * @example {
     *       "seq": 3,
     *       "at": "2026-11-22T10:30:01.234Z",
     *       "type": "cancelled",
     *       "data": {
     *         "reason": "wrong input"
     *       }
     *     }
     */
    readonly JobCancelled: {
      /** @description 1, 2, 3... within the job, without a gap */
      readonly seq: number
      /**
       * Format: date-time
       * @description When it happened: UTC, milliseconds. Not used for order
       */
      readonly at: string
      /** @enum {string} */
      readonly type: 'cancelled'
      readonly data: {
        readonly reason?: string
        readonly details?: components['schemas']['Json']
      }
    }
    /**
     * @description A cancel was asked for and the work is being stopped
     * @example {
     *       "seq": 3,
     *       "at": "2026-11-22T10:30:01.234Z",
     *       "type": "cancelling",
     *       "data": {
     *         "reason": "wrong input"
     *       }
     *     }
     */
    readonly JobCancelling: {
      /** @description 1, 2, 3... within the job, without a gap */
      readonly seq: number
      /**
       * Format: date-time
       * @description When it happened: UTC, milliseconds. Not used for order
       */
      readonly at: string
      /** @enum {string} */
      readonly type: 'cancelling'
      readonly data: {
        readonly reason?: string
      }
    }
    /**
     * @description A worker took the job
     * @example {
     *       "seq": 3,
     *       "at": "2026-11-22T10:30:01.234Z",
     *       "type": "claimed",
     *       "data": {
     *         "worker": "node-1:4711",
     *         "epoch": 1,
     *         "attempt": 1,
     *         "recoveries": 0
     *       }
     *     }
     */
    readonly JobClaimed: {
      /** @description 1, 2, 3... within the job, without a gap */
      readonly seq: number
      /**
       * Format: date-time
       * @description When it happened: UTC, milliseconds. Not used for order
       */
      readonly at: string
      /** @enum {string} */
      readonly type: 'claimed'
      readonly data: {
        readonly worker: string
        /** @description Grows with every change of owner */
        readonly epoch: number
        /** @description Counts failures of the work, from 1 */
        readonly attempt: number
        /** @description Leases lost since the last checkpoint */
        readonly recoveries: number
      }
    }
    /**
     * @description The job is over: it has done its work
     * @example {
     *       "seq": 3,
     *       "at": "2026-11-22T10:30:01.234Z",
     *       "type": "completed",
     *       "data": {
     *         "result": {
     *           "counted": 3
     *         }
     *       }
     *     }
     */
    readonly JobCompleted: {
      /** @description 1, 2, 3... within the job, without a gap */
      readonly seq: number
      /**
       * Format: date-time
       * @description When it happened: UTC, milliseconds. Not used for order
       */
      readonly at: string
      /** @enum {string} */
      readonly type: 'completed'
      readonly data: {
        readonly result?: components['schemas']['Json']
      }
    }
    /**
     * @description The job was created: always event 1
     * @example {
     *       "seq": 1,
     *       "at": "2026-11-22T10:30:01.234Z",
     *       "type": "created",
     *       "data": {
     *         "type": "count",
     *         "input": {
     *           "to": 3
     *         }
     *       }
     *     }
     */
    readonly JobCreated: {
      /** @description 1, 2, 3... within the job, without a gap */
      readonly seq: number
      /**
       * Format: date-time
       * @description When it happened: UTC, milliseconds. Not used for order
       */
      readonly at: string
      /** @enum {string} */
      readonly type: 'created'
      readonly data: {
        /** @description The job type */
        readonly type: string
        /** @description Absent where it is large: see the job */
        readonly input?: components['schemas']['Json']
        /** @description The job that this one runs again */
        readonly retryOf?: string
      }
    }
    /** @description Why a job failed: `code` is stable and for programs, `message` is for people */
    readonly JobError: {
      /** @description Stable, for programs */
      readonly code: string
      /** @description For people */
      readonly message: string
      /** @description Whether another attempt may do better */
      readonly retryable?: boolean
      readonly details?: components['schemas']['Json']
    }
    /**
     * @description One entry of a job's log
     * @example {
     *       "seq": 4,
     *       "at": "2026-11-22T10:30:01.234Z",
     *       "type": "number",
     *       "data": {
     *         "number": 2
     *       }
     *     }
     */
    readonly JobEvent: {
      /** @description 1, 2, 3... within the job, without a gap */
      readonly seq: number
      /**
       * Format: date-time
       * @description When it happened: UTC, milliseconds. Not used for order
       */
      readonly at: string
      readonly type: string
      readonly data: components['schemas']['Json']
    }
    readonly JobEventsData:
      | components['schemas']['JobCreated']
      | components['schemas']['JobClaimed']
      | components['schemas']['JobReleased']
      | components['schemas']['JobRecovered']
      | components['schemas']['JobCancelling']
      | components['schemas']['JobPaused']
      | components['schemas']['JobResumed']
      | components['schemas']['JobCompleted']
      | components['schemas']['JobFailed']
      | components['schemas']['JobCancelled']
      | components['schemas']['JobProgress']
      | components['schemas']['JobLog']
      | components['schemas']['JobEvent']
      | components['schemas']['Reset']
    /** @description One message of the stream: its fields, with `data` read as JSON. Every event is one message without a name, its `id` is its `seq`. The comment `: heartbeat` goes out when nothing else did for a while. The stream ends after the terminal event. */
    readonly JobEventsMessage: {
      /** @description For `Last-Event-ID`; absent where the message is of this connection only */
      readonly id?: string
      readonly data: components['schemas']['JobEventsData']
    }
    /**
     * @description The job is over: it failed
     * @example {
     *       "seq": 3,
     *       "at": "2026-11-22T10:30:01.234Z",
     *       "type": "failed",
     *       "data": {
     *         "error": {
     *           "code": "job_error",
     *           "message": "The disk is full."
     *         }
     *       }
     *     }
     */
    readonly JobFailed: {
      /** @description 1, 2, 3... within the job, without a gap */
      readonly seq: number
      /**
       * Format: date-time
       * @description When it happened: UTC, milliseconds. Not used for order
       */
      readonly at: string
      /** @enum {string} */
      readonly type: 'failed'
      readonly data: {
        readonly error: components['schemas']['JobError']
      }
    }
    readonly JobFollowData:
      | components['schemas']['JobSocketWelcome']
      | components['schemas']['JobSocketAttached']
      | components['schemas']['JobSocketEvent']
      | components['schemas']['JobSocketReset']
      | components['schemas']['JobSocketEnd']
      | components['schemas']['JobSocketDetached']
      | components['schemas']['JobSocketJobsChanged']
      | components['schemas']['JobSocketHeartbeat']
      | components['schemas']['JobSocketError']
    /** @description One message of the stream: its fields, with `data` read as JSON. Each message of the stream is one message of `/ws` as its data, without a name or an id. It begins with `welcome`, and ends when all of the jobs have ended, unless `lists` is on. A job that may not be read gives an `error` with its `jobId`, the others go on. As `application/json` it is a poll: what there is, or after `wait` seconds nothing; the cursor of a job is the last `seq` that came of it, or the `after` of its `reset`. The API key or the token of a job is in a header, or the body has the token of each job. */
    readonly JobFollowMessage: {
      /** @description For `Last-Event-ID`; absent where the message is of this connection only */
      readonly id?: string
      readonly data: components['schemas']['JobFollowData']
    }
    /**
     * @description The job has something to say
     * @example {
     *       "seq": 3,
     *       "at": "2026-11-22T10:30:01.234Z",
     *       "type": "log",
     *       "data": {
     *         "level": "info",
     *         "message": "Counting to 3."
     *       }
     *     }
     */
    readonly JobLog: {
      /** @description 1, 2, 3... within the job, without a gap */
      readonly seq: number
      /**
       * Format: date-time
       * @description When it happened: UTC, milliseconds. Not used for order
       */
      readonly at: string
      /** @enum {string} */
      readonly type: 'log'
      readonly data: {
        /** @enum {string} */
        readonly level: 'debug' | 'info' | 'warn' | 'error'
        readonly message: string
      }
    }
    /**
     * @description A page of jobs, newest first
     * @example {
     *       "jobs": [
     *         {
     *           "id": "6d9a4f9e-54c5-4a0e-9d5c-3f0f2b1c7a10",
     *           "type": "count",
     *           "status": "completed",
     *           "input": {
     *             "to": 3
     *           },
     *           "progress": {
     *             "done": 3,
     *             "total": 3
     *           },
     *           "result": {
     *             "counted": 3
     *           },
     *           "priority": 0,
     *           "attempt": 1,
     *           "recoveries": 0,
     *           "head": 6,
     *           "createdAt": "2026-11-22T10:30:01.234Z",
     *           "runAt": "2026-11-22T10:30:01.234Z",
     *           "startedAt": "2026-11-22T10:30:01.234Z",
     *           "finishedAt": "2026-11-22T10:30:09.871Z"
     *         }
     *       ],
     *       "nextCursor": null
     *     }
     */
    readonly JobPage: {
      readonly jobs: readonly components['schemas']['Job'][]
      /** @description Gives the next page; null on the last one */
      readonly nextCursor: string | null
    }
    /**
     * @description The job rests until it is resumed
     * @example {
     *       "seq": 3,
     *       "at": "2026-11-22T10:30:01.234Z",
     *       "type": "paused",
     *       "data": {}
     *     }
     */
    readonly JobPaused: {
      /** @description 1, 2, 3... within the job, without a gap */
      readonly seq: number
      /**
       * Format: date-time
       * @description When it happened: UTC, milliseconds. Not used for order
       */
      readonly at: string
      /** @enum {string} */
      readonly type: 'paused'
      readonly data: {
        readonly reason?: string
      }
    }
    /**
     * @description How far the job has come
     * @example {
     *       "seq": 3,
     *       "at": "2026-11-22T10:30:01.234Z",
     *       "type": "progress",
     *       "data": {
     *         "done": 2,
     *         "total": 3,
     *         "message": "two of three"
     *       }
     *     }
     */
    readonly JobProgress: {
      /** @description 1, 2, 3... within the job, without a gap */
      readonly seq: number
      /**
       * Format: date-time
       * @description When it happened: UTC, milliseconds. Not used for order
       */
      readonly at: string
      /** @enum {string} */
      readonly type: 'progress'
      readonly data: {
        /** @description In any unit */
        readonly done: number
        /** @description In the same unit; null while it is not known */
        readonly total: number | null
        /** @description How far it is where done of total does not tell, because more may come */
        readonly fraction?: number
        readonly message?: string
      } & {
        readonly [key: string]: unknown
      }
    }
    /**
     * @description The worker was lost, and the job waits for another
     * @example {
     *       "seq": 3,
     *       "at": "2026-11-22T10:30:01.234Z",
     *       "type": "recovered",
     *       "data": {
     *         "reason": "worker_lost",
     *         "recoveries": 1,
     *         "runAt": "2026-11-22T10:30:01.234Z"
     *       }
     *     }
     */
    readonly JobRecovered: {
      /** @description 1, 2, 3... within the job, without a gap */
      readonly seq: number
      /**
       * Format: date-time
       * @description When it happened: UTC, milliseconds. Not used for order
       */
      readonly at: string
      /** @enum {string} */
      readonly type: 'recovered'
      readonly data: {
        readonly reason: string
        readonly recoveries: number
        /** Format: date-time */
        readonly runAt: string
      }
    }
    /**
     * @description The worker gave the job back before its end
     * @example {
     *       "seq": 3,
     *       "at": "2026-11-22T10:30:01.234Z",
     *       "type": "released",
     *       "data": {
     *         "reason": "server_stopped",
     *         "runAt": "2026-11-22T10:30:01.234Z"
     *       }
     *     }
     */
    readonly JobReleased: {
      /** @description 1, 2, 3... within the job, without a gap */
      readonly seq: number
      /**
       * Format: date-time
       * @description When it happened: UTC, milliseconds. Not used for order
       */
      readonly at: string
      /** @enum {string} */
      readonly type: 'released'
      readonly data: {
        readonly reason: string
        /** Format: date-time */
        readonly runAt: string
        readonly error?: components['schemas']['JobError']
      }
    }
    /**
     * @description The job goes on
     * @example {
     *       "seq": 3,
     *       "at": "2026-11-22T10:30:01.234Z",
     *       "type": "resumed",
     *       "data": {}
     *     }
     */
    readonly JobResumed: {
      /** @description 1, 2, 3... within the job, without a gap */
      readonly seq: number
      /**
       * Format: date-time
       * @description When it happened: UTC, milliseconds. Not used for order
       */
      readonly at: string
      /** @enum {string} */
      readonly type: 'resumed'
      readonly data: {
        readonly reason?: string
      }
    }
    /**
     * @description The job's events follow, from the cursor on
     * @example {
     *       "type": "attached",
     *       "jobId": "6d9a4f9e-54c5-4a0e-9d5c-3f0f2b1c7a10",
     *       "after": 0,
     *       "head": 5
     *     }
     */
    readonly JobSocketAttached: {
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      readonly type: 'attached'
      /** Format: uuid */
      readonly jobId: string
      readonly after: number
      readonly head: number
    }
    /**
     * @description The job is not followed any more
     * @example {
     *       "type": "detached",
     *       "jobId": "6d9a4f9e-54c5-4a0e-9d5c-3f0f2b1c7a10"
     *     }
     */
    readonly JobSocketDetached: {
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      readonly type: 'detached'
      /** Format: uuid */
      readonly jobId: string
    }
    /**
     * @description The terminal event was sent
     * @example {
     *       "type": "end",
     *       "jobId": "6d9a4f9e-54c5-4a0e-9d5c-3f0f2b1c7a10",
     *       "seq": 6
     *     }
     */
    readonly JobSocketEnd: {
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      readonly type: 'end'
      /** Format: uuid */
      readonly jobId: string
      readonly seq: number
    }
    /**
     * @description A message could not be done; `code` is stable
     * @example {
     *       "type": "error",
     *       "code": "JOB_NOT_FOUND",
     *       "message": "There is no job with this id; it may have been pruned.",
     *       "jobId": "6d9a4f9e-54c5-4a0e-9d5c-3f0f2b1c7a10"
     *     }
     */
    readonly JobSocketError: {
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      readonly type: 'error'
      readonly code: string
      readonly message: string
      readonly jobId?: string
    }
    /**
     * @description One event of a job's log
     * @example {
     *       "type": "event",
     *       "jobId": "6d9a4f9e-54c5-4a0e-9d5c-3f0f2b1c7a10",
     *       "seq": 4,
     *       "event": {
     *         "seq": 4,
     *         "at": "2026-11-22T10:30:01.234Z",
     *         "type": "number",
     *         "data": {
     *           "number": 2
     *         }
     *       }
     *     }
     */
    readonly JobSocketEvent: {
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      readonly type: 'event'
      /** Format: uuid */
      readonly jobId: string
      readonly seq: number
      readonly event: components['schemas']['JobEvent']
    }
    /**
     * @description There was nothing else to say for a while
     * @example {
     *       "type": "heartbeat"
     *     }
     */
    readonly JobSocketHeartbeat: {
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      readonly type: 'heartbeat'
    }
    /**
     * @description Jobs have changed: fetch again what you show of them. A hint, at most 4 times a second; some may be in vain, or be lost
     * @example {
     *       "type": "jobs.changed",
     *       "jobIds": [
     *         "6d9a4f9e-54c5-4a0e-9d5c-3f0f2b1c7a10"
     *       ],
     *       "more": false
     *     }
     */
    readonly JobSocketJobsChanged: {
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      readonly type: 'jobs.changed'
      /** @description Jobs that were created, changed or removed */
      readonly jobIds: readonly string[]
      /** @description So did other jobs */
      readonly more: boolean
    }
    /**
     * @description The history after the cursor is gone: throw away what you have of the job
     * @example {
     *       "type": "reset",
     *       "jobId": "6d9a4f9e-54c5-4a0e-9d5c-3f0f2b1c7a10",
     *       "reason": "pruned",
     *       "after": 0,
     *       "head": 0
     *     }
     */
    readonly JobSocketReset: {
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      readonly type: 'reset'
      /** Format: uuid */
      readonly jobId: string
      /**
       * @description `pruned`: the log was removed; `ahead`: the cursor is beyond the head, as after a restored backup
       * @enum {string}
       */
      readonly reason: 'pruned' | 'ahead'
      readonly after: number
      readonly head: number
    }
    /**
     * @description The first message of every connection
     * @example {
     *       "type": "welcome",
     *       "version": "0.1.0",
     *       "connectionId": "c-1",
     *       "maxJobs": 100,
     *       "heartbeatMs": 30000
     *     }
     */
    readonly JobSocketWelcome: {
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      readonly type: 'welcome'
      readonly version: string
      readonly connectionId: string
      /** @description How many jobs one connection may follow at a time */
      readonly maxJobs: number
      /** @description After so much silence a heartbeat goes out, in milliseconds: a connection that is silent for twice as long is dead */
      readonly heartbeatMs: number
    }
    /**
     * @description A job type, with all that a form needs
     * @example {
     *       "name": "count",
     *       "service": "custom",
     *       "title": "Count",
     *       "description": "Counts, slowly",
     *       "pausable": true,
     *       "input": {
     *         "type": "object",
     *         "properties": {
     *           "to": {
     *             "type": "integer",
     *             "minimum": 1
     *           }
     *         },
     *         "required": [
     *           "to"
     *         ]
     *       },
     *       "create": {
     *         "kind": "native"
     *       }
     *     }
     */
    readonly JobType: {
      /** @description As `POST /jobs/{type}` and `GET /jobs?type=` take it */
      readonly name: string
      /** @description The service that it belongs to; `custom` for job types of no service */
      readonly service: string
      /** @description What people call it */
      readonly title?: string
      readonly description?: string
      /** @description Whether its jobs can pause */
      readonly pausable: boolean
      /** @description The JSON Schema of what a creation takes, 2020-12 unless its `$schema` names another draft; null where a route of the service makes the input */
      readonly input: {
        readonly [key: string]: components['schemas']['Json']
      } | null
      readonly create:
        | {
            /**
             * @description `POST /jobs/{type}` with the input as JSON
             * @enum {string}
             */
            readonly kind: 'native'
          }
        | {
            /**
             * @description Files, as `multipart/form-data`, to a route of its service
             * @enum {string}
             */
            readonly kind: 'upload'
            /** @description Where to send them: `POST`, relative to the base URL */
            readonly path: string
            /** @description The name of the form field that has the files */
            readonly field: string
            /** @description Media types and file endings that are taken, as an `<input type="file">` has them in `accept` */
            readonly accept: readonly string[]
            readonly maxFiles: number
            /** @description Of each file */
            readonly maxBytes: number
          }
    }
    /**
     * @description The job types that can be created now, by name
     * @example {
     *       "types": [
     *         {
     *           "name": "count",
     *           "service": "custom",
     *           "title": "Count",
     *           "description": "Counts, slowly",
     *           "pausable": true,
     *           "input": {
     *             "type": "object",
     *             "properties": {
     *               "to": {
     *                 "type": "integer",
     *                 "minimum": 1
     *               }
     *             },
     *             "required": [
     *               "to"
     *             ]
     *           },
     *           "create": {
     *             "kind": "native"
     *           }
     *         }
     *       ]
     *     }
     */
    readonly JobTypeList: {
      readonly types: readonly components['schemas']['JobType'][]
    }
    /** @description Any JSON value */
    readonly Json: unknown
    /**
     * @description Where to go from here
     * @example {
     *       "name": "Headway",
     *       "version": "0.1.0",
     *       "description": "http://127.0.0.1:3000/openapi.json",
     *       "health": "http://127.0.0.1:3000/health"
     *     }
     */
    readonly Landing: {
      readonly name: string
      readonly version: string
      /** @description Where the API description (OpenAPI) is */
      readonly description: string
      readonly health: string
    }
    /**
     * @description Rules that came and went since the previous list of the same name; examples are the first of them
     * @example {
     *       "added": 1,
     *       "removed": 0,
     *       "addedExamples": [
     *         "||new.example^"
     *       ],
     *       "removedExamples": [],
     *       "previousCompiledAt": "2026-01-13T05:00:00.000Z"
     *     }
     */
    readonly ListDiff: {
      readonly added: number
      readonly removed: number
      /** @description The first of them, at most 100 */
      readonly addedExamples: readonly string[]
      /** @description The first of them, at most 100 */
      readonly removedExamples: readonly string[]
      /** Format: date-time */
      readonly previousCompiledAt: string
    }
    /**
     * @example {
     *       "live": true
     *     }
     */
    readonly Liveness: {
      readonly live: boolean
    }
    /** @description A problem document (RFC 9457) with a stable `code` */
    readonly Problem: {
      /** @description Where the code is explained */
      readonly type: string
      /** @description What the code means */
      readonly title: string
      /** @description The HTTP status */
      readonly status: number
      /** @description Stable, for programs */
      readonly code: string
      /** @description What is wrong here and what to do about it */
      readonly detail?: string
      readonly instance?: string
      /** @description Which fields are wrong, as JSON pointers (RFC 6901) */
      readonly errors?: readonly {
        readonly pointer: string
        readonly message: string
      }[]
      /** @description Also in the log of the server */
      readonly requestId?: string
      /** @description When another try makes sense */
      readonly retryAfterSeconds?: number
      readonly details?: components['schemas']['Json']
    }
    /**
     * @description A book is known; its `progress` follows
     * @example {
     *       "type": "book_enriched",
     *       "jobId": "5d0a7c1e-3f2b-4c8d-9e6a-1b7f4d2c8a90",
     *       "seq": "17.1",
     *       "book": {
     *         "isbn": "9780618346257",
     *         "isbn10": "0618346252",
     *         "title": "The Fellowship of the Ring",
     *         "authors": [
     *           "J. R. R. Tolkien"
     *         ],
     *         "publisher": "Houghton Mifflin",
     *         "publishedDate": "2003",
     *         "pageCount": 398,
     *         "language": "en",
     *         "provider": "alexandria",
     *         "quality": 70
     *       }
     *     }
     */
    readonly ProgressSocketBookEnriched: {
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      readonly type: 'book_enriched'
      /** Format: uuid */
      readonly jobId: string
      /** @description The last one received is the `after` of a `ready` */
      readonly seq: number | string
      readonly book: {
        readonly title: string | null
        readonly authors: readonly string[]
      } & {
        readonly [key: string]: unknown
      }
    }
    /**
     * @description The job was cancelled; the connection is closed with 1000
     * @example {
     *       "type": "canceled",
     *       "jobId": "5d0a7c1e-3f2b-4c8d-9e6a-1b7f4d2c8a90",
     *       "seq": 21
     *     }
     */
    readonly ProgressSocketCanceled: {
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      readonly type: 'canceled'
      /** Format: uuid */
      readonly jobId: string
      /** @description The last one received is the `after` of a `ready` */
      readonly seq: number | string
      readonly progress?: number
      readonly processedCount?: number
      readonly totalCount?: number
      /** Format: date-time */
      readonly startedAt?: string
      readonly reason?: string
    }
    /**
     * @description With `failedAt`: the job failed, and the connection is closed. Without: a message of the client could not be done, and `seq` is where the stream is.
     * @example {
     *       "type": "error",
     *       "jobId": "5d0a7c1e-3f2b-4c8d-9e6a-1b7f4d2c8a90",
     *       "seq": 17,
     *       "error": {
     *         "code": "INVALID_MESSAGE",
     *         "message": "This connection is for another job."
     *       }
     *     }
     */
    readonly ProgressSocketError: {
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      readonly type: 'error'
      /** Format: uuid */
      readonly jobId: string
      /** @description The last one received is the `after` of a `ready` */
      readonly seq: number | string
      readonly progress?: number
      readonly processedCount?: number
      readonly totalCount?: number
      /** Format: date-time */
      readonly startedAt?: string
      /** Format: date-time */
      readonly failedAt?: string
      readonly error: {
        readonly code: string
        readonly message: string
        readonly retryable?: boolean
      }
    }
    /**
     * @description The job is over; the connection is closed with 1000
     * @example {
     *       "type": "job_complete",
     *       "jobId": "5d0a7c1e-3f2b-4c8d-9e6a-1b7f4d2c8a90",
     *       "seq": 20,
     *       "progress": 1,
     *       "processedCount": 1,
     *       "totalCount": 1,
     *       "found": 1,
     *       "startedAt": "2026-11-22T10:30:01.234Z",
     *       "completedAt": "2026-11-22T10:30:01.234Z",
     *       "results": [
     *         {
     *           "query": {
     *             "isbn": "9780618346257"
     *           },
     *           "found": true,
     *           "confidence": 1,
     *           "book": {
     *             "isbn": "9780618346257",
     *             "isbn10": "0618346252",
     *             "title": "The Fellowship of the Ring",
     *             "authors": [
     *               "J. R. R. Tolkien"
     *             ],
     *             "publisher": "Houghton Mifflin",
     *             "publishedDate": "2003",
     *             "pageCount": 398,
     *             "language": "en",
     *             "provider": "alexandria",
     *             "quality": 70
     *           }
     *         }
     *       ]
     *     }
     */
    readonly ProgressSocketJobComplete: {
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      readonly type: 'job_complete'
      /** Format: uuid */
      readonly jobId: string
      /** @description The last one received is the `after` of a `ready` */
      readonly seq: number | string
      readonly progress: number
      readonly processedCount: number
      readonly totalCount: number
      readonly found: number
      /** Format: date-time */
      readonly startedAt?: string
      /** Format: date-time */
      readonly completedAt: string
      /** @description One object for each book, by the kind of job */
      readonly results: readonly {
        readonly [key: string]: unknown
      }[]
    }
    /**
     * @description Answers `ping`; `seq` is where the stream is
     * @example {
     *       "type": "pong",
     *       "jobId": "5d0a7c1e-3f2b-4c8d-9e6a-1b7f4d2c8a90",
     *       "seq": 17
     *     }
     */
    readonly ProgressSocketPong: {
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      readonly type: 'pong'
      /** Format: uuid */
      readonly jobId: string
      /** @description The last one received is the `after` of a `ready` */
      readonly seq: number | string
    }
    /**
     * @description One more book is done; with members that say what became of it, by the kind of job
     * @example {
     *       "type": "progress",
     *       "jobId": "5d0a7c1e-3f2b-4c8d-9e6a-1b7f4d2c8a90",
     *       "seq": 17,
     *       "progress": 0.64,
     *       "processedCount": 32,
     *       "totalCount": 50,
     *       "currentBook": {
     *         "title": "The Fellowship of the Ring"
     *       }
     *     }
     */
    readonly ProgressSocketProgress: {
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      readonly type: 'progress'
      /** Format: uuid */
      readonly jobId: string
      /** @description The last one received is the `after` of a `ready` */
      readonly seq: number | string
      readonly progress: number
      readonly processedCount: number
      readonly totalCount: number
      readonly currentBook: {
        readonly title: string
        readonly isbn?: string
      }
    } & {
      readonly [key: string]: unknown
    }
    /**
     * @description Answers `ready`; the messages after the cursor follow
     * @example {
     *       "type": "ready_ack",
     *       "jobId": "5d0a7c1e-3f2b-4c8d-9e6a-1b7f4d2c8a90",
     *       "seq": 0
     *     }
     */
    readonly ProgressSocketReadyAck: {
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      readonly type: 'ready_ack'
      /** Format: uuid */
      readonly jobId: string
      /** @description After which message the stream goes on */
      readonly seq: number | string
    }
    /**
     * @description The history after the cursor is gone: throw away what you have of the job
     * @example {
     *       "type": "reset",
     *       "reason": "pruned",
     *       "after": 0,
     *       "head": 0,
     *       "jobId": "5d0a7c1e-3f2b-4c8d-9e6a-1b7f4d2c8a90",
     *       "seq": 0
     *     }
     */
    readonly ProgressSocketReset: {
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      readonly type: 'reset'
      /**
       * @description `pruned`: the log was removed; `ahead`: the cursor is beyond the head, as after a restored backup
       * @enum {string}
       */
      readonly reason: 'pruned' | 'ahead'
      /** @description The stream goes on after this seq */
      readonly after: number
      /** @description The last seq of the log */
      readonly head: number
      /** Format: uuid */
      readonly jobId: string
      /** @description The last one received is the `after` of a `ready` */
      readonly seq: number | string
    }
    readonly ProgressSocketServerMessage:
      | components['schemas']['ProgressSocketReadyAck']
      | components['schemas']['ProgressSocketProgress']
      | components['schemas']['ProgressSocketBookEnriched']
      | components['schemas']['ProgressSocketJobComplete']
      | components['schemas']['ProgressSocketError']
      | components['schemas']['ProgressSocketCanceled']
      | components['schemas']['ProgressSocketPong']
      | components['schemas']['ProgressSocketReset']
    /**
     * @example {
     *       "success": true,
     *       "pending": 0,
     *       "running": 1,
     *       "completed": 12,
     *       "failed": 1,
     *       "cancelled": 0,
     *       "averageProcessingTime": 840,
     *       "queueLag": 3
     *     }
     */
    readonly QueueStats: {
      /** @enum {boolean} */
      readonly success: true
      /** @description Compilations that wait for their turn: in the queue or for a thread */
      readonly pending: number
      /** @description Compilations under way, paused ones too */
      readonly running: number
      /** @description All that ever were, also those whose results are not kept any more */
      readonly completed: number
      readonly failed: number
      readonly cancelled: number
      /** @description Of the latest 100 since the server started, in milliseconds */
      readonly averageProcessingTime: number
      /** @description How long the latest 100 waited for their turn, on average, in milliseconds */
      readonly queueLag: number
    }
    /**
     * @description The history after the cursor is gone: throw away what you have of the job. It is said by a stream and is never in a log
     * @example {
     *       "type": "reset",
     *       "reason": "pruned",
     *       "after": 0,
     *       "head": 0
     *     }
     */
    readonly Reset: {
      /** @enum {string} */
      readonly type: 'reset'
      /**
       * @description `pruned`: the log was removed; `ahead`: the cursor is beyond the head, as after a restored backup
       * @enum {string}
       */
      readonly reason: 'pruned' | 'ahead'
      /** @description The stream goes on after this seq */
      readonly after: number
      /** @description The last seq of the log */
      readonly head: number
    }
    /**
     * @example {
     *       "success": true,
     *       "data": {
     *         "jobId": "5d0a7c1e-3f2b-4c8d-9e6a-1b7f4d2c8a90",
     *         "authToken": "eyJhbGciOiJIUzI1NiJ9.eyJzY29wZSI6ImNvbnRyb2wifQ.c2lnbmF0dXJl",
     *         "websocketUrl": "ws://127.0.0.1:3000/ws/progress?jobId=5d0a7c1e-3f2b-4c8d-9e6a-1b7f4d2c8a90&ticket=eyJhbGciOiJIUzI1NiJ9.eyJzY29wZSI6ImNvbnRyb2wifQ.c2lnbmF0dXJl",
     *         "sseUrl": "http://127.0.0.1:3000/v3/jobs/scans/5d0a7c1e-3f2b-4c8d-9e6a-1b7f4d2c8a90/stream?ticket=eyJhbGciOiJIUzI1NiJ9.eyJzY29wZSI6ImNvbnRyb2wifQ.c2lnbmF0dXJl"
     *       },
     *       "metadata": {
     *         "timestamp": "2026-11-22T10:30:01.234Z",
     *         "requestId": "1f6d2b52-8f8e-4b7a-9a55-2f5d0c8c7e11"
     *       }
     *     }
     */
    readonly ScanCreatedV2: {
      /** @enum {boolean} */
      readonly success: true
      readonly data: {
        /** Format: uuid */
        readonly jobId: string
        /** @description Reads and cancels this job, for 1 hour */
        readonly authToken: string
        /**
         * Format: uri
         * @description It carries a ticket; with `authToken` as the subprotocol the job can be cancelled, too
         */
        readonly websocketUrl: string
        /**
         * Format: uri
         * @description For an EventSource: it carries a ticket
         */
        readonly sseUrl: string
      }
      readonly metadata: components['schemas']['BooksMetadata']
    }
    /**
     * @example {
     *       "photos[]": [
     *         "(the bytes of shelf.jpg)"
     *       ]
     *     }
     */
    readonly ScanForm: {
      /** @description JPEG, PNG or WebP */
      readonly 'photos[]': readonly Blob[]
    }
    /** @description One message of the stream: its fields, with `data` read as JSON. A `progress` for every book, then `completed` with the books, `failed` or `canceled`. A client that comes back with `Last-Event-ID` misses nothing. When nothing happens for 5 minutes, `timeout` is sent and the stream ends. */
    readonly ScanStreamMessage:
      | {
          /** @enum {string} */
          readonly event: 'progress'
          /** @description For `Last-Event-ID`; absent where the message is of this connection only */
          readonly id?: string
          readonly data: components['schemas']['BooksStreamProgress']
        }
      | {
          /** @enum {string} */
          readonly event: 'completed'
          /** @description For `Last-Event-ID`; absent where the message is of this connection only */
          readonly id?: string
          readonly data: components['schemas']['BooksStreamCompleted']
        }
      | {
          /** @enum {string} */
          readonly event: 'failed'
          /** @description For `Last-Event-ID`; absent where the message is of this connection only */
          readonly id?: string
          readonly data: components['schemas']['BooksStreamFailed']
        }
      | {
          /** @enum {string} */
          readonly event: 'canceled'
          /** @description For `Last-Event-ID`; absent where the message is of this connection only */
          readonly id?: string
          readonly data: components['schemas']['BooksStreamCanceled']
        }
      | {
          /** @enum {string} */
          readonly event: 'timeout'
          /** @description For `Last-Event-ID`; absent where the message is of this connection only */
          readonly id?: string
          readonly data: components['schemas']['BooksStreamTimeout']
        }
      | {
          /** @enum {string} */
          readonly event: 'reset'
          /** @description For `Last-Event-ID`; absent where the message is of this connection only */
          readonly id?: string
          readonly data: components['schemas']['BooksStreamReset']
        }
    /**
     * @description What goes on
     * @example {
     *       "at": "2026-11-22T10:30:01.234Z",
     *       "jobs": {
     *         "queued": 2,
     *         "running": 3,
     *         "paused": 0,
     *         "completed": 1024,
     *         "failed": 4,
     *         "cancelled": 7
     *       },
     *       "types": [
     *         {
     *           "name": "count",
     *           "queued": 2,
     *           "running": 3,
     *           "paused": 0,
     *           "completed": 1024,
     *           "failed": 4,
     *           "cancelled": 7
     *         }
     *       ],
     *       "minutes": [
     *         {
     *           "at": "2026-11-22T10:30:00.000Z",
     *           "created": 12,
     *           "completed": 9,
     *           "failed": 1,
     *           "cancelled": 0
     *         }
     *       ],
     *       "oldestQueuedAt": "2026-11-22T10:29:58.120Z",
     *       "events": {
     *         "perSecond": 42.4
     *       },
     *       "workers": [
     *         {
     *           "id": "host:4711:0f8c2f1d",
     *           "running": 3,
     *           "slots": 100,
     *           "since": "2026-11-22T08:00:00.000Z",
     *           "self": true
     *         }
     *       ],
     *       "watchers": {
     *         "sse": 12,
     *         "websocket": 3,
     *         "poll": 0
     *       }
     *     }
     */
    readonly Stats: {
      /** Format: date-time */
      readonly at: string
      /** @description Jobs that are there, of all types */
      readonly jobs: {
        readonly queued: number
        readonly running: number
        readonly paused: number
        readonly completed: number
        readonly failed: number
        readonly cancelled: number
      }
      /** @description The same by job type, of types that have or can have jobs */
      readonly types: readonly {
        readonly queued: number
        readonly running: number
        readonly paused: number
        readonly completed: number
        readonly failed: number
        readonly cancelled: number
        readonly name: string
      }[]
      /** @description The last 60 minutes, the oldest first; the last one is not over yet. Jobs that were pruned since count, too */
      readonly minutes: readonly {
        /**
         * Format: date-time
         * @description When the minute begins
         */
        readonly at: string
        readonly created: number
        readonly completed: number
        readonly failed: number
        readonly cancelled: number
      }[]
      /**
       * Format: date-time
       * @description Since when the queued job could run that waits for longest; null when none waits, but for its time
       */
      readonly oldestQueuedAt: string | null
      readonly events: {
        /** @description Appended by all nodes, over the last seconds */
        readonly perSecond: number
      }
      /** @description The nodes that run jobs, the one that answers first */
      readonly workers: readonly {
        readonly id: string
        /** @description Jobs that it has */
        readonly running: number
        /** @description How many it runs at a time, light ones not counted; null where this node does not know */
        readonly slots: number | null
        /**
         * Format: date-time
         * @description When it started; null where this node does not know
         */
        readonly since: string | null
        /** @description Whether it is the node that answers */
        readonly self: boolean
      }[]
      /** @description Streams (SSE and NDJSON), sockets and waiting polls at all nodes */
      readonly watchers: {
        readonly sse: number
        readonly websocket: number
        readonly poll: number
      }
    }
    /**
     * @description A task, without its lines. Times are ISO 8601 in UTC
     * @example {
     *       "id": "6d9a4f9e-54c5-4a0e-9d5c-3f0f2b1c7a10",
     *       "type": "check-integrity",
     *       "status": "completed",
     *       "progress": 100,
     *       "params": {
     *         "version": "v885",
     *         "env": "staging"
     *       },
     *       "createdAt": "2025-11-26T10:30:01.234Z",
     *       "startedAt": "2025-11-26T10:30:01.234Z",
     *       "completedAt": "2025-11-26T10:30:09.871Z",
     *       "result": {
     *         "success": true,
     *         "results": [
     *           {
     *             "name": "ios",
     *             "success": true,
     *             "exitCode": 0,
     *             "durationMs": 8624
     *           }
     *         ]
     *       },
     *       "error": null
     *     }
     */
    readonly Task: {
      readonly id: string
      readonly type: string
      /** @enum {string} */
      readonly status: 'pending' | 'running' | 'completed' | 'failed' | 'cancelled'
      /** @description Per cent, a whole number */
      readonly progress: number
      /** @description With defaults filled in */
      readonly params: unknown
      /** Format: date-time */
      readonly createdAt: string
      /** Format: date-time */
      readonly startedAt: string | null
      /** Format: date-time */
      readonly completedAt: string | null
      readonly result: components['schemas']['Json']
      /** @description For people */
      readonly error: string | null
      /** @description The stable code of the error */
      readonly errorCode?: string
      /**
       * @description The task is running, and suspended
       * @enum {boolean}
       */
      readonly paused?: true
    }
    /**
     * @description A task as it is now
     * @example {
     *       "success": true,
     *       "task": {
     *         "id": "6d9a4f9e-54c5-4a0e-9d5c-3f0f2b1c7a10",
     *         "type": "check-integrity",
     *         "status": "running",
     *         "progress": 0,
     *         "params": {
     *           "version": "v885",
     *           "env": "staging"
     *         },
     *         "createdAt": "2025-11-26T10:30:01.234Z",
     *         "startedAt": "2025-11-26T10:30:01.234Z",
     *         "completedAt": null,
     *         "result": null,
     *         "error": null
     *       }
     *     }
     */
    readonly TaskAnswer: {
      /** @enum {boolean} */
      readonly success: true
      readonly task: components['schemas']['Task']
    }
    /**
     * @description The first message of every connection: the task as it is now
     * @example {
     *       "type": "connected",
     *       "task": {
     *         "id": "6d9a4f9e-54c5-4a0e-9d5c-3f0f2b1c7a10",
     *         "type": "check-integrity",
     *         "status": "running",
     *         "progress": 0,
     *         "params": {
     *           "version": "v885",
     *           "env": "staging"
     *         },
     *         "createdAt": "2025-11-26T10:30:01.234Z",
     *         "startedAt": "2025-11-26T10:30:01.234Z",
     *         "completedAt": null,
     *         "result": null,
     *         "error": null
     *       }
     *     }
     */
    readonly TaskConnected: {
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      readonly type: 'connected'
      readonly task: components['schemas']['Task']
    }
    /**
     * @description The answer to a creation
     * @example {
     *       "success": true,
     *       "taskId": "6d9a4f9e-54c5-4a0e-9d5c-3f0f2b1c7a10",
     *       "type": "check-integrity",
     *       "status": "pending",
     *       "streamUrl": "http://127.0.0.1:3000/api/tasks/6d9a4f9e-54c5-4a0e-9d5c-3f0f2b1c7a10/stream",
     *       "statusUrl": "http://127.0.0.1:3000/api/tasks/6d9a4f9e-54c5-4a0e-9d5c-3f0f2b1c7a10/status"
     *     }
     */
    readonly TaskCreated: {
      /** @enum {boolean} */
      readonly success: true
      readonly taskId: string
      readonly type: string
      /** @enum {string} */
      readonly status: 'pending' | 'running' | 'completed' | 'failed' | 'cancelled'
      /** Format: uri */
      readonly streamUrl: string
      /** Format: uri */
      readonly statusUrl: string
      /** @description The finished task, where the answer waited for it */
      readonly task?: {
        readonly id: string
        readonly type: string
        /** @enum {string} */
        readonly status: 'pending' | 'running' | 'completed' | 'failed' | 'cancelled'
        /** @description Per cent, a whole number */
        readonly progress: number
        /** @description With defaults filled in */
        readonly params: unknown
        /** Format: date-time */
        readonly createdAt: string
        /** Format: date-time */
        readonly startedAt: string | null
        /** Format: date-time */
        readonly completedAt: string | null
        readonly result: components['schemas']['Json']
        /** @description For people */
        readonly error: string | null
        /** @description The stable code of the error */
        readonly errorCode?: string
        /**
         * @description The task is running, and suspended
         * @enum {boolean}
         */
        readonly paused?: true
        readonly logs: readonly {
          /** @enum {string} */
          readonly level: 'stdout' | 'stderr' | 'info' | 'success' | 'error'
          readonly message: string
          /**
           * @description The line is longer than one event holds and goes on in the next one of this level
           * @enum {boolean}
           */
          readonly continued?: true
          /**
           * @description A state that the program drew over; not every one is sent
           * @enum {boolean}
           */
          readonly overwritten?: true
          readonly timestamp: string
          readonly seq: number
        }[]
      }
    }
    /**
     * @description The last message: the task is over
     * @example {
     *       "type": "end"
     *     }
     */
    readonly TaskEnd: {
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      readonly type: 'end'
    }
    /**
     * @description A page of tasks, newest first
     * @example {
     *       "success": true,
     *       "tasks": [
     *         {
     *           "id": "6d9a4f9e-54c5-4a0e-9d5c-3f0f2b1c7a10",
     *           "type": "check-integrity",
     *           "status": "completed",
     *           "progress": 100,
     *           "params": {
     *             "version": "v885",
     *             "env": "staging"
     *           },
     *           "createdAt": "2025-11-26T10:30:01.234Z",
     *           "startedAt": "2025-11-26T10:30:01.234Z",
     *           "completedAt": "2025-11-26T10:30:09.871Z",
     *           "result": {
     *             "success": true,
     *             "results": [
     *               {
     *                 "name": "ios",
     *                 "success": true,
     *                 "exitCode": 0,
     *                 "durationMs": 8624
     *               }
     *             ]
     *           },
     *           "error": null
     *         }
     *       ],
     *       "nextCursor": null
     *     }
     */
    readonly TaskList: {
      /** @enum {boolean} */
      readonly success: true
      readonly tasks: readonly components['schemas']['Task'][]
      /** @description Gives the next page; null on the last one */
      readonly nextCursor: string | null
    }
    /**
     * @description A line of output: `stdout` and `stderr` are of the programs, `info`, `success` and `error` what the runner itself does.
     * @example {
     *       "type": "log",
     *       "log": {
     *         "timestamp": "2025-11-26T10:30:01.234Z",
     *         "level": "stdout",
     *         "message": "ios: 3 of 9 files are as they should be"
     *       }
     *     }
     */
    readonly TaskLog: {
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      readonly type: 'log'
      readonly log: {
        /** @enum {string} */
        readonly level: 'stdout' | 'stderr' | 'info' | 'success' | 'error'
        readonly message: string
        /**
         * @description The line is longer than one event holds and goes on in the next one of this level
         * @enum {boolean}
         */
        readonly continued?: true
        /**
         * @description A state that the program drew over; not every one is sent
         * @enum {boolean}
         */
        readonly overwritten?: true
        readonly timestamp: string
      }
    }
    /**
     * @description The parameters of the task type
     * @example {
     *       "version": "v885"
     *     }
     */
    readonly TaskParameters: {
      readonly [key: string]: components['schemas']['Json']
    }
    /** @description A problem document (RFC 9457) with `success: false` */
    readonly TaskProblem: {
      /** @description Where the code is explained */
      readonly type: string
      /** @description What the code means */
      readonly title: string
      /** @description The HTTP status */
      readonly status: number
      /** @description Stable, for programs */
      readonly code: string
      /** @description What is wrong here and what to do about it */
      readonly detail?: string
      readonly instance?: string
      /** @description Which fields are wrong, as JSON pointers (RFC 6901) */
      readonly errors?: readonly {
        readonly pointer: string
        readonly message: string
      }[]
      /** @description Also in the log of the server */
      readonly requestId?: string
      /** @description When another try makes sense */
      readonly retryAfterSeconds?: number
      readonly details?: components['schemas']['Json']
      /** @enum {boolean} */
      readonly success: false
    }
    /**
     * @description The history after the cursor is gone: throw away what you have of the task
     * @example {
     *       "type": "reset",
     *       "reason": "pruned",
     *       "after": 0,
     *       "head": 0
     *     }
     */
    readonly TaskReset: {
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      readonly type: 'reset'
      /**
       * @description `pruned`: the log was removed; `ahead`: the cursor is beyond the head, as after a restored backup
       * @enum {string}
       */
      readonly reason: 'pruned' | 'ahead'
      /** @description The stream goes on after this seq */
      readonly after: number
      /** @description The last seq of the log */
      readonly head: number
    }
    /**
     * @description A task with lines of its output
     * @example {
     *       "success": true,
     *       "task": {
     *         "id": "6d9a4f9e-54c5-4a0e-9d5c-3f0f2b1c7a10",
     *         "type": "check-integrity",
     *         "status": "completed",
     *         "progress": 100,
     *         "params": {
     *           "version": "v885",
     *           "env": "staging"
     *         },
     *         "createdAt": "2025-11-26T10:30:01.234Z",
     *         "startedAt": "2025-11-26T10:30:01.234Z",
     *         "completedAt": "2025-11-26T10:30:09.871Z",
     *         "result": {
     *           "success": true,
     *           "results": [
     *             {
     *               "name": "ios",
     *               "success": true,
     *               "exitCode": 0,
     *               "durationMs": 8624
     *             }
     *           ]
     *         },
     *         "error": null,
     *         "logs": [
     *           {
     *             "timestamp": "2025-11-26T10:30:01.234Z",
     *             "level": "stdout",
     *             "message": "ios: 3 of 9 files are as they should be",
     *             "seq": 3
     *           }
     *         ]
     *       },
     *       "nextLogsAfter": 3
     *     }
     */
    readonly TaskStatus: {
      /** @enum {boolean} */
      readonly success: true
      readonly task: {
        readonly id: string
        readonly type: string
        /** @enum {string} */
        readonly status: 'pending' | 'running' | 'completed' | 'failed' | 'cancelled'
        /** @description Per cent, a whole number */
        readonly progress: number
        /** @description With defaults filled in */
        readonly params: unknown
        /** Format: date-time */
        readonly createdAt: string
        /** Format: date-time */
        readonly startedAt: string | null
        /** Format: date-time */
        readonly completedAt: string | null
        readonly result: components['schemas']['Json']
        /** @description For people */
        readonly error: string | null
        /** @description The stable code of the error */
        readonly errorCode?: string
        /**
         * @description The task is running, and suspended
         * @enum {boolean}
         */
        readonly paused?: true
        readonly logs: readonly {
          /** @enum {string} */
          readonly level: 'stdout' | 'stderr' | 'info' | 'success' | 'error'
          readonly message: string
          /**
           * @description The line is longer than one event holds and goes on in the next one of this level
           * @enum {boolean}
           */
          readonly continued?: true
          /**
           * @description A state that the program drew over; not every one is sent
           * @enum {boolean}
           */
          readonly overwritten?: true
          readonly timestamp: string
          readonly seq: number
        }[]
      }
      /** @description The `logsAfter` that asks for the lines after these */
      readonly nextLogsAfter: number
    }
    readonly TaskStreamData:
      | components['schemas']['TaskConnected']
      | components['schemas']['TaskLog']
      | components['schemas']['TaskUpdate']
      | components['schemas']['TaskReset']
      | components['schemas']['TaskEnd']
    /** @description One message of the stream: its fields, with `data` read as JSON. Messages have no `event` name; the `type` in the JSON says what it is. Who connects late gets `connected`, then everything from the first line or from its `Last-Event-ID` on. The stream ends after `end`. */
    readonly TaskStreamMessage: {
      /** @description For `Last-Event-ID`; absent where the message is of this connection only */
      readonly id?: string
      readonly data: components['schemas']['TaskStreamData']
    }
    /**
     * @description A URL that reads a task's stream without any header, until it expires
     * @example {
     *       "success": true,
     *       "streamUrl": "http://127.0.0.1:3000/api/tasks/6d9a4f9e-54c5-4a0e-9d5c-3f0f2b1c7a10/stream?ticket=eyJhbGciOiJIUzI1NiJ9.eyJ0In0.c2ln",
     *       "expiresAt": "2025-11-26T11:30:09.871Z"
     *     }
     */
    readonly TaskTicket: {
      /** @enum {boolean} */
      readonly success: true
      /** Format: uri */
      readonly streamUrl: string
      /** Format: date-time */
      readonly expiresAt: string
    }
    /**
     * @description The task has changed
     * @example {
     *       "type": "update",
     *       "task": {
     *         "id": "6d9a4f9e-54c5-4a0e-9d5c-3f0f2b1c7a10",
     *         "type": "check-integrity",
     *         "status": "running",
     *         "progress": 33,
     *         "params": {
     *           "version": "v885",
     *           "env": "staging"
     *         },
     *         "createdAt": "2025-11-26T10:30:01.234Z",
     *         "startedAt": "2025-11-26T10:30:01.234Z",
     *         "completedAt": null,
     *         "result": null,
     *         "error": null,
     *         "step": "ios",
     *         "message": "3 of 9",
     *         "logs": [
     *           {
     *             "timestamp": "2025-11-26T10:30:01.234Z",
     *             "level": "stdout",
     *             "message": "ios: 3 of 9 files are as they should be"
     *           }
     *         ]
     *       }
     *     }
     */
    readonly TaskUpdate: {
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      readonly type: 'update'
      readonly task: {
        readonly id: string
        readonly type: string
        /** @enum {string} */
        readonly status: 'pending' | 'running' | 'completed' | 'failed' | 'cancelled'
        /** @description Per cent, a whole number */
        readonly progress?: number
        /** @description With defaults filled in */
        readonly params: unknown
        /** Format: date-time */
        readonly createdAt: string
        /** Format: date-time */
        readonly startedAt?: string | null
        /** Format: date-time */
        readonly completedAt: string | null
        readonly result: components['schemas']['Json']
        /** @description For people */
        readonly error: string | null
        /** @description The stable code of the error */
        readonly errorCode?: string
        readonly paused?: boolean
        /** @description The step that runs */
        readonly step?: string
        /** @description What the program says of its progress */
        readonly message?: string
        /** @description The latest lines; all of them come as `log` messages */
        readonly logs?: readonly {
          /** @enum {string} */
          readonly level: 'stdout' | 'stderr' | 'info' | 'success' | 'error'
          readonly message: string
          /**
           * @description The line is longer than one event holds and goes on in the next one of this level
           * @enum {boolean}
           */
          readonly continued?: true
          /**
           * @description A state that the program drew over; not every one is sent
           * @enum {boolean}
           */
          readonly overwritten?: true
          readonly timestamp: string
        }[]
      }
    }
    /**
     * @description The routes and task types of this server
     * @example {
     *       "success": true,
     *       "name": "Headway tasks",
     *       "version": "0.1.0",
     *       "openapiUrl": "http://127.0.0.1:3000/openapi.json",
     *       "routes": [
     *         {
     *           "method": "POST",
     *           "path": "/api/tasks/{type}",
     *           "summary": "Create a task"
     *         }
     *       ],
     *       "types": [
     *         {
     *           "name": "check-integrity",
     *           "description": "Check every file of a version against its manifests",
     *           "createUrl": "http://127.0.0.1:3000/api/tasks/check-integrity",
     *           "params": {
     *             "type": "object",
     *             "required": [
     *               "version"
     *             ],
     *             "properties": {
     *               "version": {
     *                 "type": "string",
     *                 "pattern": "^v[0-9]+$"
     *               }
     *             }
     *           },
     *           "steps": [
     *             "ios",
     *             "android"
     *           ]
     *         }
     *       ]
     *     }
     */
    readonly TasksApi: {
      /** @enum {boolean} */
      readonly success: true
      readonly name: string
      readonly version: string
      /**
       * Format: uri
       * @description OpenAPI, of the whole server
       */
      readonly openapiUrl: string
      readonly routes: readonly {
        readonly method: string
        readonly path: string
        readonly summary: string
      }[]
      readonly types: readonly {
        readonly name: string
        readonly description: string | null
        /** Format: uri */
        readonly createUrl: string
        /** @description JSON Schema of the body of a creation */
        readonly params: {
          readonly [key: string]: components['schemas']['Json']
        }
        readonly steps: readonly string[]
      }[]
    }
    /**
     * @description A URL that reads one job's stream without any header, until it expires
     * @example {
     *       "eventsUrl": "http://127.0.0.1:3000/jobs/6d9a4f9e-54c5-4a0e-9d5c-3f0f2b1c7a10/events?ticket=eyJhbGciOiJIUzI1NiJ9.eyJqb2IiOiI2ZDlhNGY5ZSJ9.c2lnbmF0dXJl",
     *       "expiresAt": "2026-11-22T10:30:01.234Z"
     *     }
     */
    readonly Ticket: {
      /** Format: uri */
      readonly eventsUrl: string
      /** Format: date-time */
      readonly expiresAt: string
    }
  }
  responses: never
  parameters: never
  requestBodies: never
  headers: never
  pathItems: never
}
export type $defs = Record<string, never>
export interface operations {
  readonly postJobsByType: {
    readonly parameters: {
      readonly query?: {
        /** @description The id of the job, where the client chooses it: a UUID */
        readonly id?: string
        /** @description Higher runs first; 0 by default */
        readonly priority?: number
        /** @description The job does not start before this time */
        readonly runAt?: string
      }
      readonly header?: {
        /** @description The same key makes one job, however often the request is sent */
        readonly 'Idempotency-Key'?: string
        /** @description `wait=N`: answer when the job is over, or after N seconds (RFC 7240) */
        readonly Prefer?: string
      }
      readonly path: {
        /**
         * @description A job type
         * @example count
         */
        readonly type: string
      }
    }
    readonly requestBody?: {
      readonly content: {
        readonly 'application/json': components['schemas']['Json']
      }
    }
    readonly responses: {
      /** @description The job is over (with `Prefer: wait=N`), or the request was a repetition (with `Idempotent-Replayed: true`) */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['CreatedJob']
        }
      }
      /** @description The job was created */
      readonly 201: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['CreatedJob']
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly getJobs: {
    readonly parameters: {
      readonly query?: {
        /** @description Only these job types, separated by commas */
        readonly type?: string
        /** @description Only these statuses, separated by commas: queued, running, paused, completed, failed, cancelled */
        readonly status?: string
        /** @description Only jobs whose input, id or type has this text */
        readonly text?: string
        /** @description Only jobs that were created at this time or later */
        readonly createdAfter?: string
        /** @description Only jobs that were created before this time */
        readonly createdBefore?: string
        /** @description The most jobs in the page */
        readonly limit?: number
        /** @description The `nextCursor` of an earlier page */
        readonly cursor?: string
      }
    }
    readonly responses: {
      /** @description A page of jobs */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['JobPage']
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly getJobsById: {
    readonly parameters: {
      readonly path: {
        /**
         * @description The id of the job
         * @example 6d9a4f9e-54c5-4a0e-9d5c-3f0f2b1c7a10
         */
        readonly id: string
      }
    }
    readonly responses: {
      /** @description The job */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Job']
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly getJobsByIdEvents: {
    readonly parameters: {
      readonly query?: {
        /** @description The cursor: the last seq that you have, 0 for all */
        readonly after?: string
        /** @description Only for a page: the most events in it */
        readonly limit?: number
        /** @description Only for a page: wait so many seconds for news */
        readonly wait?: number
        /** @description Only for a page: only events of these types, separated by commas */
        readonly types?: string
        /** @description A ticket, instead of a header */
        readonly ticket?: string
      }
      readonly header?: {
        /** @description The id of the last message that you have: the stream goes on after it; it wins over `after` */
        readonly 'Last-Event-ID'?: string
      }
      readonly path: {
        /**
         * @description The id of the job
         * @example 6d9a4f9e-54c5-4a0e-9d5c-3f0f2b1c7a10
         */
        readonly id: string
      }
    }
    readonly responses: {
      /** @description A page of events, or a stream: each message is one event */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['EventPage']
          /**
           * @example id: 1
           *     data: {"seq":1,"at":"2026-11-22T10:30:01.234Z","type":"created","data":{"type":"count","input":{"to":1}}}
           *
           *     id: 2
           *     data: {"seq":2,"at":"2026-11-22T10:30:01.234Z","type":"claimed","data":{"worker":"node-1:4711","epoch":1,"attempt":1,"recoveries":0}}
           *
           *     id: 3
           *     data: {"seq":3,"at":"2026-11-22T10:30:01.234Z","type":"number","data":{"number":1}}
           *
           *     id: 4
           *     data: {"seq":4,"at":"2026-11-22T10:30:01.234Z","type":"progress","data":{"done":1,"total":1}}
           *
           *     id: 5
           *     data: {"seq":5,"at":"2026-11-22T10:30:01.234Z","type":"completed","data":{"result":{"counted":1}}}
           */
          readonly 'text/event-stream': components['schemas']['JobEventsMessage']
          /**
           * @example {"seq":1,"at":"2026-11-22T10:30:01.234Z","type":"created","data":{"type":"count","input":{"to":1}}}
           *     {"seq":2,"at":"2026-11-22T10:30:01.234Z","type":"claimed","data":{"worker":"node-1:4711","epoch":1,"attempt":1,"recoveries":0}}
           *     {"seq":3,"at":"2026-11-22T10:30:01.234Z","type":"number","data":{"number":1}}
           *     {"seq":4,"at":"2026-11-22T10:30:01.234Z","type":"progress","data":{"done":1,"total":1}}
           *     {"seq":5,"at":"2026-11-22T10:30:01.234Z","type":"completed","data":{"result":{"counted":1}}}
           */
          readonly 'application/x-ndjson': components['schemas']['JobEventsData']
        }
      }
      /** @description A stream that is taken up again has nothing more to say: an EventSource stays away */
      readonly 204: {
        headers: {
          readonly [name: string]: unknown
        }
        content?: never
      }
      /** @description The page is the one that `If-None-Match` names */
      readonly 304: {
        headers: {
          readonly [name: string]: unknown
        }
        content?: never
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly postFollow: {
    readonly parameters: {
      readonly query?: {
        /** @description Only for JSON: wait so many seconds for news */
        readonly wait?: number
      }
    }
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['FollowRequest']
      }
    }
    readonly responses: {
      /** @description A stream, or what there is */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['FollowAnswer']
          /**
           * @example data: {"type":"welcome","version":"0.1.0","connectionId":"c-1","maxJobs":100,"heartbeatMs":30000}
           *
           *     data: {"type":"attached","jobId":"6d9a4f9e-54c5-4a0e-9d5c-3f0f2b1c7a10","after":4,"head":5}
           *
           *     data: {"type":"event","jobId":"6d9a4f9e-54c5-4a0e-9d5c-3f0f2b1c7a10","seq":5,"event":{"seq":5,"at":"2026-11-22T10:30:01.234Z","type":"completed","data":{"result":{"counted":1}}}}
           *
           *     data: {"type":"end","jobId":"6d9a4f9e-54c5-4a0e-9d5c-3f0f2b1c7a10","seq":5}
           */
          readonly 'text/event-stream': components['schemas']['JobFollowMessage']
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly postJobsByIdCancel: {
    readonly parameters: {
      readonly path: {
        /**
         * @description The id of the job
         * @example 6d9a4f9e-54c5-4a0e-9d5c-3f0f2b1c7a10
         */
        readonly id: string
      }
    }
    readonly requestBody?: {
      readonly content: {
        readonly 'application/json': {
          /** @description Why, for the log */
          readonly reason?: string
        }
      }
    }
    readonly responses: {
      /** @description The job, as it is now */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Job']
        }
      }
      /** @description The running job was told */
      readonly 202: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Job']
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly postJobsByIdPause: {
    readonly parameters: {
      readonly path: {
        /**
         * @description The id of the job
         * @example 6d9a4f9e-54c5-4a0e-9d5c-3f0f2b1c7a10
         */
        readonly id: string
      }
    }
    readonly requestBody?: {
      readonly content: {
        readonly 'application/json': {
          /** @description Why, for the log */
          readonly reason?: string
        }
      }
    }
    readonly responses: {
      /** @description The job, as it is now */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Job']
        }
      }
      /** @description The running job was told */
      readonly 202: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Job']
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly postJobsByIdResume: {
    readonly parameters: {
      readonly path: {
        /**
         * @description The id of the job
         * @example 6d9a4f9e-54c5-4a0e-9d5c-3f0f2b1c7a10
         */
        readonly id: string
      }
    }
    readonly requestBody?: {
      readonly content: {
        readonly 'application/json': {
          /** @description Why, for the log */
          readonly reason?: string
        }
      }
    }
    readonly responses: {
      /** @description The job, as it is now */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Job']
        }
      }
      /** @description The running job was told */
      readonly 202: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Job']
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly postJobsByIdRetry: {
    readonly parameters: {
      readonly header?: {
        /** @description The same key makes one job, however often the request is sent */
        readonly 'Idempotency-Key'?: string
      }
      readonly path: {
        /**
         * @description The id of the job
         * @example 6d9a4f9e-54c5-4a0e-9d5c-3f0f2b1c7a10
         */
        readonly id: string
      }
    }
    readonly responses: {
      /** @description The request was a repetition (with `Idempotent-Replayed: true`) */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['CreatedJob']
        }
      }
      /** @description The new job, with `retryOf` */
      readonly 201: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['CreatedJob']
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly postJobsByIdTicket: {
    readonly parameters: {
      readonly path: {
        /**
         * @description The id of the job
         * @example 6d9a4f9e-54c5-4a0e-9d5c-3f0f2b1c7a10
         */
        readonly id: string
      }
    }
    readonly responses: {
      /** @description The URL */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Ticket']
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly getJobsByIdResult: {
    readonly parameters: {
      readonly path: {
        /**
         * @description The id of the job
         * @example 6d9a4f9e-54c5-4a0e-9d5c-3f0f2b1c7a10
         */
        readonly id: string
      }
    }
    readonly responses: {
      /** @description The result; null where the job gave none */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Json']
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly getTypes: {
    readonly parameters: {}
    readonly responses: {
      /** @description The job types that can be created now, by name */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['JobTypeList']
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly getStats: {
    readonly parameters: {}
    readonly responses: {
      /** @description The figures */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Stats']
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly getApi: {
    readonly parameters: {}
    readonly responses: {
      /** @description The description */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['TasksApi']
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['TaskProblem']
        }
      }
    }
  }
  readonly postApiTasksByType: {
    readonly parameters: {
      readonly header?: {
        /** @description The same key makes one task, however often the request is sent */
        readonly 'Idempotency-Key'?: string
        /** @description `wait=N`: answer when the task is over, or after N seconds (RFC 7240) */
        readonly Prefer?: string
      }
      readonly path: {
        /**
         * @description A task type
         * @example check-integrity
         */
        readonly type: string
      }
    }
    readonly requestBody?: {
      readonly content: {
        readonly 'application/json': components['schemas']['TaskParameters']
      }
    }
    readonly responses: {
      /** @description The task is over */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['TaskCreated']
        }
      }
      /** @description The task was created */
      readonly 202: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['TaskCreated']
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['TaskProblem']
        }
      }
    }
  }
  readonly getApiTasks: {
    readonly parameters: {
      readonly query?: {
        /** @description Only tasks of this type */
        readonly type?: string
        /** @description Only tasks with this status */
        readonly status?: 'pending' | 'running' | 'completed' | 'failed' | 'cancelled'
        /** @description The most tasks in the page */
        readonly limit?: number
        /** @description The `nextCursor` of an earlier page */
        readonly cursor?: string
      }
    }
    readonly responses: {
      /** @description A page of tasks, without their lines */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['TaskList']
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['TaskProblem']
        }
      }
    }
  }
  readonly getApiTasksByTaskIdStatus: {
    readonly parameters: {
      readonly query?: {
        /** @description Only lines after this one; without it, the latest lines */
        readonly logsAfter?: number
        /** @description At most so many lines */
        readonly logsLimit?: number
      }
      readonly path: {
        /**
         * @description The id of the task
         * @example 6d9a4f9e-54c5-4a0e-9d5c-3f0f2b1c7a10
         */
        readonly taskId: string
      }
    }
    readonly responses: {
      /** @description The task, with its latest lines or those after `logsAfter` */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['TaskStatus']
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['TaskProblem']
        }
      }
    }
  }
  readonly getApiTasksByTaskIdStream: {
    readonly parameters: {
      readonly query?: {
        /** @description The cursor: the last seq that you have, 0 for all */
        readonly after?: string
        /** @description A ticket, instead of a header */
        readonly ticket?: string
      }
      readonly header?: {
        /** @description The id of the last message that you have: the stream goes on after it; it wins over `after` */
        readonly 'Last-Event-ID'?: string
      }
      readonly path: {
        /**
         * @description The id of the task
         * @example 6d9a4f9e-54c5-4a0e-9d5c-3f0f2b1c7a10
         */
        readonly taskId: string
      }
    }
    readonly responses: {
      /** @description The stream */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          /**
           * @example data: {"type":"connected","task":{"id":"6d9a4f9e-54c5-4a0e-9d5c-3f0f2b1c7a10","type":"check-integrity","status":"running","progress":0,"params":{"version":"v885","env":"staging"},"createdAt":"2025-11-26T10:30:01.234Z","startedAt":"2025-11-26T10:30:01.234Z","completedAt":null,"result":null,"error":null}}
           *
           *     id: 3
           *     data: {"type":"log","log":{"timestamp":"2025-11-26T10:30:01.234Z","level":"stdout","message":"ios: 3 of 9 files are as they should be"}}
           *
           *     id: 4
           *     data: {"type":"update","task":{"id":"6d9a4f9e-54c5-4a0e-9d5c-3f0f2b1c7a10","type":"check-integrity","status":"running","progress":33,"params":{"version":"v885","env":"staging"},"createdAt":"2025-11-26T10:30:01.234Z","startedAt":"2025-11-26T10:30:01.234Z","completedAt":null,"result":null,"error":null,"step":"ios","message":"3 of 9","logs":[{"timestamp":"2025-11-26T10:30:01.234Z","level":"stdout","message":"ios: 3 of 9 files are as they should be"}]}}
           *
           *     id: 5.1
           *     data: {"type":"update","task":{"id":"6d9a4f9e-54c5-4a0e-9d5c-3f0f2b1c7a10","type":"check-integrity","status":"completed","progress":100,"params":{"version":"v885","env":"staging"},"createdAt":"2025-11-26T10:30:01.234Z","startedAt":"2025-11-26T10:30:01.234Z","completedAt":"2025-11-26T10:30:09.871Z","result":{"success":true,"results":[{"name":"ios","success":true,"exitCode":0,"durationMs":8624}]},"error":null,"logs":[{"timestamp":"2025-11-26T10:30:01.234Z","level":"stdout","message":"ios: 3 of 9 files are as they should be"}]}}
           *
           *     id: 5
           *     data: {"type":"end"}
           */
          readonly 'text/event-stream': components['schemas']['TaskStreamMessage']
        }
      }
      /** @description A stream that is taken up again has nothing more to say: an EventSource stays away */
      readonly 204: {
        headers: {
          readonly [name: string]: unknown
        }
        content?: never
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['TaskProblem']
        }
      }
    }
  }
  readonly postApiTasksByTaskIdTicket: {
    readonly parameters: {
      readonly path: {
        /**
         * @description The id of the task
         * @example 6d9a4f9e-54c5-4a0e-9d5c-3f0f2b1c7a10
         */
        readonly taskId: string
      }
    }
    readonly responses: {
      /** @description The URL */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['TaskTicket']
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['TaskProblem']
        }
      }
    }
  }
  readonly deleteApiTasksByTaskId: {
    readonly parameters: {
      readonly query?: {
        /** @description Why, for the log of the task */
        readonly reason?: string
      }
      readonly path: {
        /**
         * @description The id of the task
         * @example 6d9a4f9e-54c5-4a0e-9d5c-3f0f2b1c7a10
         */
        readonly taskId: string
      }
    }
    readonly responses: {
      /** @description The task is cancelled */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['TaskAnswer']
        }
      }
      /** @description The running task was told */
      readonly 202: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['TaskAnswer']
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['TaskProblem']
        }
      }
    }
  }
  readonly getWebsocketTestHtml: {
    readonly parameters: {}
    readonly responses: {
      /** @description The page */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'text/html': string
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly getWebsocketTestByFile: {
    readonly parameters: {
      readonly path: {
        /** @description Name of a file of the page */
        readonly file: string
      }
    }
    readonly responses: {
      /** @description The file */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'text/javascript': string
          readonly 'text/css': string
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly postCompile: {
    readonly parameters: {}
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['CompileRequest']
      }
    }
    readonly responses: {
      /** @description The list */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['CompileAnswer']
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['CompileError']
        }
      }
    }
  }
  readonly postCompileBatch: {
    readonly parameters: {}
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['CompileBatchRequest']
      }
    }
    readonly responses: {
      /** @description The lists */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['CompileBatchAnswer']
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['CompileError']
        }
      }
    }
  }
  readonly postCompileAsync: {
    readonly parameters: {}
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['CompileRequest']
      }
    }
    readonly responses: {
      /** @description It is queued */
      readonly 202: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['CompileAccepted']
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['CompileError']
        }
      }
    }
  }
  readonly postCompileBatchAsync: {
    readonly parameters: {}
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['CompileBatchRequest']
      }
    }
    readonly responses: {
      /** @description It is queued */
      readonly 202: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['CompileAccepted']
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['CompileError']
        }
      }
    }
  }
  readonly postValidate: {
    readonly parameters: {}
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['ConfigurationToCheck']
      }
    }
    readonly responses: {
      /** @description What was found */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['ConfigurationCheck']
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['CompileError']
        }
      }
    }
  }
  readonly postCompileStream: {
    readonly parameters: {}
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['CompileRequest']
      }
    }
    readonly responses: {
      /** @description The stream */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          /**
           * @example event: job
           *     data: {"requestId":"7b1e4c9a-52d3-4f7e-9a33-0f8c2f1d6e51","token":"the-token-of-this-compilation"}
           *
           *     event: log
           *     id: 3
           *     data: {"level":"info","message":"Compiling \"My list\" from 1 source"}
           *
           *     event: diagnostic
           *     id: 4
           *     data: {"eventId":"0d2f6a3c-5a0e-4c6a-8a51-2f8f3d3a9b10","timestamp":"2026-01-14T05:00:00.000Z","category":"compilation","severity":"info","correlationId":"7b1e4c9a-52d3-4f7e-9a33-0f8c2f1d6e51","message":"The compilation begins.","metadata":{"sourceCount":1}}
           *
           *     event: source:start
           *     id: 5
           *     data: {"source":{"name":"Ads","source":"https://example.com/filters.txt"},"sourceIndex":0,"totalSources":1}
           *
           *     event: network
           *     id: 6
           *     data: {"method":"GET","url":"https://example.com/filters.txt","statusCode":200,"durationMs":234,"responseSize":51200}
           *
           *     event: source:complete
           *     id: 7
           *     data: {"source":{"name":"Ads","source":"https://example.com/filters.txt"},"sourceIndex":0,"totalSources":1,"ruleCount":3,"durationMs":240}
           *
           *     event: transformation:start
           *     id: 8
           *     data: {"name":"Deduplicate","inputCount":3}
           *
           *     event: transformation:complete
           *     id: 9
           *     data: {"name":"Deduplicate","inputCount":3,"outputCount":2,"durationMs":1}
           *
           *     event: progress
           *     id: 10
           *     data: {"phase":"writing","current":1,"total":1,"message":"The list has 2 lines."}
           *
           *     event: metric
           *     id: 11
           *     data: {"metric":"compilation_time","value":1234,"unit":"ms"}
           *
           *     event: metric
           *     id: 12
           *     data: {"metric":"rules_per_second","value":2,"unit":"rules/s"}
           *
           *     event: diagnostic
           *     id: 13
           *     data: {"eventId":"0d2f6a3c-5a0e-4c6a-8a51-2f8f3d3a9b10","timestamp":"2026-01-14T05:00:00.000Z","category":"compilation","severity":"info","correlationId":"7b1e4c9a-52d3-4f7e-9a33-0f8c2f1d6e51","message":"The compilation is done.","metadata":{"ruleCount":2,"durationMs":1234,"cached":false}}
           *
           *     event: log
           *     id: 14
           *     data: {"level":"info","message":"2 lines in 1234 ms"}
           *
           *     event: result
           *     id: 15.1
           *     data: {"success":true,"rules":["||ads.example.com^","||tracking.example.com^"],"ruleCount":2,"metrics":{"totalDurationMs":1234,"sourceCount":1,"ruleCount":2,"sources":[{"name":"Ads","source":"https://example.com/filters.txt","loadedCount":3,"ruleCount":2,"bytes":51200,"durationMs":234}]},"compiledAt":"2026-01-14T05:00:00.000Z","cached":false}
           *
           *     event: done
           *     id: 15
           *     data: {"success":true,"status":"completed"}
           */
          readonly 'text/event-stream': components['schemas']['CompileStreamMessage']
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['CompileError']
        }
      }
    }
  }
  readonly getCompileStreamByRequestId: {
    readonly parameters: {
      readonly query?: {
        /** @description The cursor: the last seq that you have, 0 for all */
        readonly after?: string
        /** @description A ticket, instead of a header */
        readonly ticket?: string
      }
      readonly header?: {
        /** @description The token of the compilation; `Authorization: Bearer` takes it, too */
        readonly 'X-Job-Token'?: string
        /** @description The id of the last message that you have: the stream goes on after it; it wins over `after` */
        readonly 'Last-Event-ID'?: string
      }
      readonly path: {
        /**
         * @description Of the compilation: the id of its job
         * @example 7b1e4c9a-52d3-4f7e-9a33-0f8c2f1d6e51
         */
        readonly requestId: string
      }
    }
    readonly responses: {
      /** @description The stream */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          /**
           * @example event: job
           *     data: {"requestId":"7b1e4c9a-52d3-4f7e-9a33-0f8c2f1d6e51","token":"the-token-of-this-compilation"}
           *
           *     event: log
           *     id: 3
           *     data: {"level":"info","message":"Compiling \"My list\" from 1 source"}
           *
           *     event: diagnostic
           *     id: 4
           *     data: {"eventId":"0d2f6a3c-5a0e-4c6a-8a51-2f8f3d3a9b10","timestamp":"2026-01-14T05:00:00.000Z","category":"compilation","severity":"info","correlationId":"7b1e4c9a-52d3-4f7e-9a33-0f8c2f1d6e51","message":"The compilation begins.","metadata":{"sourceCount":1}}
           *
           *     event: source:start
           *     id: 5
           *     data: {"source":{"name":"Ads","source":"https://example.com/filters.txt"},"sourceIndex":0,"totalSources":1}
           *
           *     event: network
           *     id: 6
           *     data: {"method":"GET","url":"https://example.com/filters.txt","statusCode":200,"durationMs":234,"responseSize":51200}
           *
           *     event: source:complete
           *     id: 7
           *     data: {"source":{"name":"Ads","source":"https://example.com/filters.txt"},"sourceIndex":0,"totalSources":1,"ruleCount":3,"durationMs":240}
           *
           *     event: transformation:start
           *     id: 8
           *     data: {"name":"Deduplicate","inputCount":3}
           *
           *     event: transformation:complete
           *     id: 9
           *     data: {"name":"Deduplicate","inputCount":3,"outputCount":2,"durationMs":1}
           *
           *     event: progress
           *     id: 10
           *     data: {"phase":"writing","current":1,"total":1,"message":"The list has 2 lines."}
           *
           *     event: metric
           *     id: 11
           *     data: {"metric":"compilation_time","value":1234,"unit":"ms"}
           *
           *     event: metric
           *     id: 12
           *     data: {"metric":"rules_per_second","value":2,"unit":"rules/s"}
           *
           *     event: diagnostic
           *     id: 13
           *     data: {"eventId":"0d2f6a3c-5a0e-4c6a-8a51-2f8f3d3a9b10","timestamp":"2026-01-14T05:00:00.000Z","category":"compilation","severity":"info","correlationId":"7b1e4c9a-52d3-4f7e-9a33-0f8c2f1d6e51","message":"The compilation is done.","metadata":{"ruleCount":2,"durationMs":1234,"cached":false}}
           *
           *     event: log
           *     id: 14
           *     data: {"level":"info","message":"2 lines in 1234 ms"}
           *
           *     event: result
           *     id: 15.1
           *     data: {"success":true,"rules":["||ads.example.com^","||tracking.example.com^"],"ruleCount":2,"metrics":{"totalDurationMs":1234,"sourceCount":1,"ruleCount":2,"sources":[{"name":"Ads","source":"https://example.com/filters.txt","loadedCount":3,"ruleCount":2,"bytes":51200,"durationMs":234}]},"compiledAt":"2026-01-14T05:00:00.000Z","cached":false}
           *
           *     event: done
           *     id: 15
           *     data: {"success":true,"status":"completed"}
           */
          readonly 'text/event-stream': components['schemas']['CompilationMessage']
        }
      }
      /** @description A stream that is taken up again has nothing more to say: an EventSource stays away */
      readonly 204: {
        headers: {
          readonly [name: string]: unknown
        }
        content?: never
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['CompileError']
        }
      }
    }
  }
  readonly postCompileStreamByRequestIdTicket: {
    readonly parameters: {
      readonly header?: {
        /** @description The token of the compilation; `Authorization: Bearer` takes it, too */
        readonly 'X-Job-Token'?: string
      }
      readonly path: {
        /**
         * @description Of the compilation: the id of its job
         * @example 7b1e4c9a-52d3-4f7e-9a33-0f8c2f1d6e51
         */
        readonly requestId: string
      }
    }
    readonly responses: {
      /** @description The URL */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['CompileTicket']
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['CompileError']
        }
      }
    }
  }
  readonly getQueueResultsByRequestId: {
    readonly parameters: {
      readonly header?: {
        /** @description The token of the compilation; `Authorization: Bearer` takes it, too */
        readonly 'X-Job-Token'?: string
      }
      readonly path: {
        /**
         * @description Of the compilation: the id of its job
         * @example 7b1e4c9a-52d3-4f7e-9a33-0f8c2f1d6e51
         */
        readonly requestId: string
      }
    }
    readonly responses: {
      /** @description It is over: the list, the lists of a batch, or why there is none; of a batch that was stopped `results` has what was done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['CompileResults']
        }
      }
      /** @description It is not over yet */
      readonly 202: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['CompilePending']
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['CompileError']
        }
      }
    }
  }
  readonly getQueueStats: {
    readonly parameters: {}
    readonly responses: {
      /** @description The figures */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['QueueStats']
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['CompileError']
        }
      }
    }
  }
  readonly postQueueCancelByRequestId: {
    readonly parameters: {
      readonly header?: {
        /** @description The token of the compilation; `Authorization: Bearer` takes it, too */
        readonly 'X-Job-Token'?: string
      }
      readonly path: {
        /**
         * @description Of the compilation: the id of its job
         * @example 7b1e4c9a-52d3-4f7e-9a33-0f8c2f1d6e51
         */
        readonly requestId: string
      }
    }
    readonly requestBody?: {
      readonly content: {
        readonly 'application/json': components['schemas']['CompileCancelRequest']
      }
    }
    readonly responses: {
      /** @description It is cancelled */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['CompileCancelled']
        }
      }
      /** @description It was told to stop */
      readonly 202: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['CompileCancelled']
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['CompileError']
        }
      }
    }
  }
  readonly getV3Capabilities: {
    readonly parameters: {}
    readonly responses: {
      /** @description The capabilities */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['BooksCapabilities']
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['BooksError']
        }
      }
    }
  }
  readonly postV3WebhooksAlexandriaEnrichmentComplete: {
    readonly parameters: {
      readonly header: {
        /** @description The secret that both sides know */
        readonly 'x-alexandria-webhook-secret': string
      }
    }
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['BookChanged']
      }
    }
    readonly responses: {
      /** @description Done */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['BookChangedAnswer']
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['BooksError']
        }
      }
    }
  }
  readonly getV3BooksSearch: {
    readonly parameters: {
      readonly query: {
        /** @description What is looked for */
        readonly q: string
        /** @description How it is looked for */
        readonly mode?: 'text' | 'semantic' | 'similar'
        /** @description Which page, from 1 */
        readonly page?: number
        /** @description Books of a page */
        readonly limit?: number
      }
    }
    readonly responses: {
      /** @description A page of books */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['BookSearchAnswer']
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['BooksError']
        }
      }
    }
  }
  readonly getV3BooksByIsbn: {
    readonly parameters: {
      readonly path: {
        /** @description ISBN-13 or ISBN-10 */
        readonly isbn: string
      }
    }
    readonly responses: {
      /** @description The edition */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['BookAnswer']
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['BooksError']
        }
      }
    }
  }
  readonly postV3BooksEnrich: {
    readonly parameters: {}
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['BookEnrichRequest']
      }
    }
    readonly responses: {
      /** @description Those that were found */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['BookEnrichAnswer']
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['BooksError']
        }
      }
    }
  }
  readonly getV3RecommendationsWeekly: {
    readonly parameters: {
      readonly query?: {
        /** @description How many books */
        readonly limit?: number
      }
    }
    readonly responses: {
      /** @description The books */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['BooksOfTheWeek']
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['BooksError']
        }
      }
    }
  }
  readonly postV3JobsImports: {
    readonly parameters: {}
    readonly requestBody: {
      readonly content: {
        readonly 'multipart/form-data': components['schemas']['ImportForm']
      }
    }
    readonly responses: {
      /** @description The job was created */
      readonly 202: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['BooksJobCreated']
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['BooksError']
        }
      }
    }
  }
  readonly postV3JobsScans: {
    readonly parameters: {}
    readonly requestBody: {
      readonly content: {
        readonly 'multipart/form-data': components['schemas']['ScanForm']
      }
    }
    readonly responses: {
      /** @description The job was created */
      readonly 202: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['BooksJobCreated']
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['BooksError']
        }
      }
    }
  }
  readonly postV3JobsEnrichment: {
    readonly parameters: {}
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['EnrichmentRequest']
      }
    }
    readonly responses: {
      /** @description The job was created */
      readonly 202: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['BooksJobCreated']
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['BooksError']
        }
      }
    }
  }
  readonly getV3JobsImportsByJobId: {
    readonly parameters: {
      readonly query?: {
        /** @description Wait so many seconds for news of the job */
        readonly wait?: number
        /** @description With `wait`: news is what comes after this `seq`; what comes from now on by default */
        readonly after?: string
      }
      readonly path: {
        /** @description The id of the job */
        readonly jobId: string
      }
    }
    readonly responses: {
      /** @description The status */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['BooksJobStatus']
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['BooksError']
        }
      }
    }
  }
  readonly deleteV3JobsImportsByJobId: {
    readonly parameters: {
      readonly path: {
        /** @description The id of the job */
        readonly jobId: string
      }
    }
    readonly responses: {
      /** @description The status */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['BooksJobStatus']
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['BooksError']
        }
      }
    }
  }
  readonly getV3JobsImportsByJobIdStream: {
    readonly parameters: {
      readonly query?: {
        /** @description The cursor: the last seq that you have, 0 for all */
        readonly after?: string
        /** @description A ticket, instead of a header */
        readonly ticket?: string
      }
      readonly header?: {
        /** @description The id of the last message that you have: the stream goes on after it; it wins over `after` */
        readonly 'Last-Event-ID'?: string
      }
      readonly path: {
        /** @description The id of the job */
        readonly jobId: string
      }
    }
    readonly responses: {
      /** @description The stream */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          /**
           * @example event: progress
           *     id: 4
           *     data: {"jobId":"5d0a7c1e-3f2b-4c8d-9e6a-1b7f4d2c8a90","status":"processing","progress":1,"processedCount":1,"totalCount":1,"startedAt":"2026-11-22T10:30:01.234Z","currentBook":{"title":"The Fellowship of the Ring","isbn":"9780618346257"},"book":{"isbn":"9780618346257","isbn10":"0618346252","title":"The Fellowship of the Ring","authors":["J. R. R. Tolkien"],"publisher":"Houghton Mifflin","publishedDate":"2003","pageCount":398,"language":"en","provider":"alexandria","quality":70}}
           *
           *     event: completed
           *     id: 6
           *     data: {"jobId":"5d0a7c1e-3f2b-4c8d-9e6a-1b7f4d2c8a90","status":"completed","progress":1,"processedCount":1,"totalCount":1,"startedAt":"2026-11-22T10:30:01.234Z","completedAt":"2026-11-22T10:30:01.234Z","found":1,"books":[{"isbn":"9780618346257","isbn10":"0618346252","title":"The Fellowship of the Ring","authors":["J. R. R. Tolkien"],"publisher":"Houghton Mifflin","publishedDate":"2003","pageCount":398,"language":"en","provider":"alexandria","quality":70}]}
           */
          readonly 'text/event-stream': components['schemas']['ImportStreamMessage']
        }
      }
      /** @description A stream that is taken up again has nothing more to say: an EventSource stays away */
      readonly 204: {
        headers: {
          readonly [name: string]: unknown
        }
        content?: never
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['BooksError']
        }
      }
    }
  }
  readonly getV3JobsImportsByJobIdResults: {
    readonly parameters: {
      readonly path: {
        /** @description The id of the job */
        readonly jobId: string
      }
    }
    readonly responses: {
      /** @description The results */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['BooksJobResults']
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['BooksError']
        }
      }
    }
  }
  readonly getV3JobsScansByJobId: {
    readonly parameters: {
      readonly query?: {
        /** @description Wait so many seconds for news of the job */
        readonly wait?: number
        /** @description With `wait`: news is what comes after this `seq`; what comes from now on by default */
        readonly after?: string
      }
      readonly path: {
        /** @description The id of the job */
        readonly jobId: string
      }
    }
    readonly responses: {
      /** @description The status */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['BooksJobStatus']
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['BooksError']
        }
      }
    }
  }
  readonly deleteV3JobsScansByJobId: {
    readonly parameters: {
      readonly path: {
        /** @description The id of the job */
        readonly jobId: string
      }
    }
    readonly responses: {
      /** @description The status */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['BooksJobStatus']
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['BooksError']
        }
      }
    }
  }
  readonly getV3JobsScansByJobIdStream: {
    readonly parameters: {
      readonly query?: {
        /** @description The cursor: the last seq that you have, 0 for all */
        readonly after?: string
        /** @description A ticket, instead of a header */
        readonly ticket?: string
      }
      readonly header?: {
        /** @description The id of the last message that you have: the stream goes on after it; it wins over `after` */
        readonly 'Last-Event-ID'?: string
      }
      readonly path: {
        /** @description The id of the job */
        readonly jobId: string
      }
    }
    readonly responses: {
      /** @description The stream */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          /**
           * @example event: progress
           *     id: 4
           *     data: {"jobId":"5d0a7c1e-3f2b-4c8d-9e6a-1b7f4d2c8a90","status":"processing","progress":1,"processedCount":1,"totalCount":1,"startedAt":"2026-11-22T10:30:01.234Z","currentBook":{"title":"The Fellowship of the Ring","isbn":"9780618346257"},"book":{"isbn":"9780618346257","isbn10":"0618346252","title":"The Fellowship of the Ring","authors":["J. R. R. Tolkien"],"publisher":"Houghton Mifflin","publishedDate":"2003","pageCount":398,"language":"en","provider":"alexandria","quality":70}}
           *
           *     event: completed
           *     id: 6
           *     data: {"jobId":"5d0a7c1e-3f2b-4c8d-9e6a-1b7f4d2c8a90","status":"completed","progress":1,"processedCount":1,"totalCount":1,"startedAt":"2026-11-22T10:30:01.234Z","completedAt":"2026-11-22T10:30:01.234Z","found":1,"books":[{"isbn":"9780618346257","isbn10":"0618346252","title":"The Fellowship of the Ring","authors":["J. R. R. Tolkien"],"publisher":"Houghton Mifflin","publishedDate":"2003","pageCount":398,"language":"en","provider":"alexandria","quality":70}]}
           */
          readonly 'text/event-stream': components['schemas']['ScanStreamMessage']
        }
      }
      /** @description A stream that is taken up again has nothing more to say: an EventSource stays away */
      readonly 204: {
        headers: {
          readonly [name: string]: unknown
        }
        content?: never
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['BooksError']
        }
      }
    }
  }
  readonly getV3JobsScansByJobIdResults: {
    readonly parameters: {
      readonly path: {
        /** @description The id of the job */
        readonly jobId: string
      }
    }
    readonly responses: {
      /** @description The results */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['BooksJobResults']
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['BooksError']
        }
      }
    }
  }
  readonly getV3JobsEnrichmentByJobId: {
    readonly parameters: {
      readonly query?: {
        /** @description Wait so many seconds for news of the job */
        readonly wait?: number
        /** @description With `wait`: news is what comes after this `seq`; what comes from now on by default */
        readonly after?: string
      }
      readonly path: {
        /** @description The id of the job */
        readonly jobId: string
      }
    }
    readonly responses: {
      /** @description The status */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['BooksJobStatus']
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['BooksError']
        }
      }
    }
  }
  readonly deleteV3JobsEnrichmentByJobId: {
    readonly parameters: {
      readonly path: {
        /** @description The id of the job */
        readonly jobId: string
      }
    }
    readonly responses: {
      /** @description The status */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['BooksJobStatus']
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['BooksError']
        }
      }
    }
  }
  readonly getV3JobsEnrichmentByJobIdStream: {
    readonly parameters: {
      readonly query?: {
        /** @description The cursor: the last seq that you have, 0 for all */
        readonly after?: string
        /** @description A ticket, instead of a header */
        readonly ticket?: string
      }
      readonly header?: {
        /** @description The id of the last message that you have: the stream goes on after it; it wins over `after` */
        readonly 'Last-Event-ID'?: string
      }
      readonly path: {
        /** @description The id of the job */
        readonly jobId: string
      }
    }
    readonly responses: {
      /** @description The stream */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          /**
           * @example event: progress
           *     id: 4
           *     data: {"jobId":"5d0a7c1e-3f2b-4c8d-9e6a-1b7f4d2c8a90","status":"processing","progress":1,"processedCount":1,"totalCount":1,"startedAt":"2026-11-22T10:30:01.234Z","currentBook":{"title":"The Fellowship of the Ring","isbn":"9780618346257"},"book":{"isbn":"9780618346257","isbn10":"0618346252","title":"The Fellowship of the Ring","authors":["J. R. R. Tolkien"],"publisher":"Houghton Mifflin","publishedDate":"2003","pageCount":398,"language":"en","provider":"alexandria","quality":70}}
           *
           *     event: completed
           *     id: 6
           *     data: {"jobId":"5d0a7c1e-3f2b-4c8d-9e6a-1b7f4d2c8a90","status":"completed","progress":1,"processedCount":1,"totalCount":1,"startedAt":"2026-11-22T10:30:01.234Z","completedAt":"2026-11-22T10:30:01.234Z","found":1,"books":[{"isbn":"9780618346257","isbn10":"0618346252","title":"The Fellowship of the Ring","authors":["J. R. R. Tolkien"],"publisher":"Houghton Mifflin","publishedDate":"2003","pageCount":398,"language":"en","provider":"alexandria","quality":70}]}
           */
          readonly 'text/event-stream': components['schemas']['EnrichmentStreamMessage']
        }
      }
      /** @description A stream that is taken up again has nothing more to say: an EventSource stays away */
      readonly 204: {
        headers: {
          readonly [name: string]: unknown
        }
        content?: never
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['BooksError']
        }
      }
    }
  }
  readonly getV3JobsEnrichmentByJobIdResults: {
    readonly parameters: {
      readonly path: {
        /** @description The id of the job */
        readonly jobId: string
      }
    }
    readonly responses: {
      /** @description The results */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['BooksJobResults']
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['BooksError']
        }
      }
    }
  }
  readonly getV3JobsImportsByJobIdResultsFailedCsv: {
    readonly parameters: {
      readonly path: {
        /** @description The id of the job */
        readonly jobId: string
      }
    }
    readonly responses: {
      /** @description The file */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'text/csv': string
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['BooksError']
        }
      }
    }
  }
  readonly getV3JobsScansByJobIdResultsAnnotatedByPhoto: {
    readonly parameters: {
      readonly path: {
        /** @description The id of the job */
        readonly jobId: string
        /** @description `0.jpg` for the first photo */
        readonly photo: string
      }
    }
    readonly responses: {
      /** @description The picture */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'image/jpeg': Blob
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['BooksError']
        }
      }
    }
  }
  readonly postApiV2Imports: {
    readonly parameters: {}
    readonly requestBody: {
      readonly content: {
        readonly 'multipart/form-data': components['schemas']['ImportForm']
      }
    }
    readonly responses: {
      /** @description The job was created */
      readonly 202: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['ImportCreatedV2']
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['BooksErrorV2']
        }
      }
    }
  }
  readonly getApiV2ImportsByJobIdStream: {
    readonly parameters: {
      readonly query?: {
        /** @description The cursor: the last seq that you have, 0 for all */
        readonly after?: string
        /** @description A ticket, instead of a header */
        readonly ticket?: string
      }
      readonly header?: {
        /** @description The id of the last message that you have: the stream goes on after it; it wins over `after` */
        readonly 'Last-Event-ID'?: string
      }
      readonly path: {
        /** @description The id of the job */
        readonly jobId: string
      }
    }
    readonly responses: {
      /** @description The stream */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          /**
           * @example event: progress
           *     id: 4
           *     data: {"jobId":"5d0a7c1e-3f2b-4c8d-9e6a-1b7f4d2c8a90","status":"processing","progress":1,"processedCount":1,"totalCount":1,"startedAt":"2026-11-22T10:30:01.234Z","currentBook":{"title":"The Fellowship of the Ring","isbn":"9780618346257"},"book":{"isbn":"9780618346257","isbn10":"0618346252","title":"The Fellowship of the Ring","authors":["J. R. R. Tolkien"],"publisher":"Houghton Mifflin","publishedDate":"2003","pageCount":398,"language":"en","provider":"alexandria","quality":70}}
           *
           *     event: completed
           *     id: 6
           *     data: {"jobId":"5d0a7c1e-3f2b-4c8d-9e6a-1b7f4d2c8a90","status":"completed","progress":1,"processedCount":1,"totalCount":1,"startedAt":"2026-11-22T10:30:01.234Z","completedAt":"2026-11-22T10:30:01.234Z","found":1,"books":[{"isbn":"9780618346257","isbn10":"0618346252","title":"The Fellowship of the Ring","authors":["J. R. R. Tolkien"],"publisher":"Houghton Mifflin","publishedDate":"2003","pageCount":398,"language":"en","provider":"alexandria","quality":70}]}
           */
          readonly 'text/event-stream': components['schemas']['ImportStreamV2Message']
        }
      }
      /** @description A stream that is taken up again has nothing more to say: an EventSource stays away */
      readonly 204: {
        headers: {
          readonly [name: string]: unknown
        }
        content?: never
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['BooksErrorV2']
        }
      }
    }
  }
  readonly postApiV2Scans: {
    readonly parameters: {}
    readonly requestBody: {
      readonly content: {
        readonly 'multipart/form-data': components['schemas']['ScanForm']
      }
    }
    readonly responses: {
      /** @description The job was created */
      readonly 202: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['ScanCreatedV2']
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['BooksErrorV2']
        }
      }
    }
  }
  readonly postV1EnrichmentBatch: {
    readonly parameters: {}
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['EnrichmentRequest']
      }
    }
    readonly responses: {
      /** @description The job was created */
      readonly 202: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['EnrichmentCreatedV1']
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['BooksErrorV2']
        }
      }
    }
  }
  readonly postApiBatchEnrich: {
    readonly parameters: {}
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['EnrichmentRequest']
      }
    }
    readonly responses: {
      /** @description The job was created */
      readonly 202: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['EnrichmentCreatedV1']
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['BooksErrorV2']
        }
      }
    }
  }
  readonly getApiV2ImportsByJobId: {
    readonly parameters: {
      readonly query?: {
        /** @description Wait so many seconds for news of the job */
        readonly wait?: number
        /** @description With `wait`: news is what comes after this `seq`; what comes from now on by default */
        readonly after?: string
      }
      readonly path: {
        /** @description The id of the job */
        readonly jobId: string
      }
    }
    readonly responses: {
      /** @description The status */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['BooksJobStatusV2']
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['BooksErrorV2']
        }
      }
    }
  }
  readonly getV1JobsByJobIdStatus: {
    readonly parameters: {
      readonly query?: {
        /** @description Wait so many seconds for news of the job */
        readonly wait?: number
        /** @description With `wait`: news is what comes after this `seq`; what comes from now on by default */
        readonly after?: string
      }
      readonly path: {
        /** @description The id of the job */
        readonly jobId: string
      }
    }
    readonly responses: {
      /** @description The status */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['BooksJobStatusV2']
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['BooksErrorV2']
        }
      }
    }
  }
  readonly deleteApiV2JobsByJobIdCancel: {
    readonly parameters: {
      readonly path: {
        /** @description The id of the job */
        readonly jobId: string
      }
    }
    readonly responses: {
      /** @description The status */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['BooksJobStatusV2']
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['BooksErrorV2']
        }
      }
    }
  }
  readonly getV1SearchIsbn: {
    readonly parameters: {
      readonly query?: {
        /** @description ISBN-13 or ISBN-10; without it the answer is MISSING_ISBN */
        readonly isbn?: string
      }
    }
    readonly responses: {
      /** @description The edition */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['BookAnswer']
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['BooksErrorV2']
        }
      }
    }
  }
  readonly getV1SearchTitle: {
    readonly parameters: {
      readonly query: {
        /** @description What is looked for */
        readonly q: string
        /** @description How many books */
        readonly limit?: number
      }
    }
    readonly responses: {
      /** @description The books */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['BookSearchAnswer']
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['BooksErrorV2']
        }
      }
    }
  }
  readonly getExamplesSseClientExampleHtml: {
    readonly parameters: {}
    readonly responses: {
      /** @description The page */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'text/html': string
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly getHealth: {
    readonly parameters: {}
    readonly responses: {
      /** @description Ready */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Health']
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly getHealthReady: {
    readonly parameters: {}
    readonly responses: {
      /** @description Ready */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Health']
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly getHealthLive: {
    readonly parameters: {}
    readonly responses: {
      /** @description The process answers */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Liveness']
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly getMetrics: {
    readonly parameters: {}
    readonly responses: {
      /** @description The text format of Prometheus */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'text/plain': string
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly getProblemsByCode: {
    readonly parameters: {
      readonly path: {
        /**
         * @description An error code
         * @example JOB_NOT_FOUND
         */
        readonly code: string
      }
    }
    readonly responses: {
      /** @description The error */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['ErrorCode']
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly get: {
    readonly parameters: {}
    readonly responses: {
      /** @description Where to go from here */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Landing']
          readonly 'text/html': string
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly getOpenapiJson: {
    readonly parameters: {}
    readonly responses: {
      /** @description OpenAPI 3.0.3 */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': {
            /** @enum {string} */
            readonly openapi: '3.0.3'
            readonly paths: {
              readonly [key: string]: unknown
            }
          } & {
            readonly [key: string]: unknown
          }
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly getDocsApiOpenapiYaml: {
    readonly parameters: {}
    readonly responses: {
      /** @description The description */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/yaml': string
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly getDocsApiAsyncapiYaml: {
    readonly parameters: {}
    readonly responses: {
      /** @description The description */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/yaml': string
        }
      }
      /** @description What is wrong */
      readonly default: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
}
