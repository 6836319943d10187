// For PM2: `npm ci && npm run build`, then `pm2 start ecosystem.config.cjs --only resource-sync-api-sse`.
// Keys do not belong into this file: the server makes one in data/admin-key, or takes HEADWAY_API_KEYS from a headway.config.yaml
// or from the environment that `pm2 start` is called with.
module.exports = {
  apps: [
    {
      name: 'resource-sync-api-sse',
      script: 'src/api-server-sse.js',
      cwd: __dirname,
      // One process has the data folder; it uses more than one core by itself.
      exec_mode: 'fork',
      instances: 1,
      env: {
        NODE_ENV: 'production',
        PORT: '3000',
        HEADWAY_HOST: '127.0.0.1',
        HEADWAY_LOG_DIR: './logs',
        HEADWAY_SHUTDOWN_GRACE: '10s',
      },
      // The server's log lines go to stderr as well as to logs/combined.log.
      out_file: 'logs/pm2-out-sse.log',
      error_file: 'logs/pm2-error-sse.log',
      merge_logs: true,
      // SIGINT, then so many milliseconds until SIGKILL: HEADWAY_SHUTDOWN_GRACE, the longest grace of a task type (30 s) and the last streams (5 s).
      kill_timeout: 60_000,
      // Up to 200 MB, and 11 KiB for each stream: with 20,000 streams 420 MB.
      max_memory_restart: '1G',
      autorestart: true,
      exp_backoff_restart_delay: 200,
      watch: false,
    },
  ],
}
