#!/bin/sh
# Creates a task and follows it to its end with curl; jq or, where there is none, python3 makes the lines readable.
#
#   export API_URL=http://localhost:3000
#   export API_KEY=your-api-key
#   sh examples/sse-client-example.sh v885 check-integrity
#
# A broken connection is taken up again after the last message. Exit codes: 0 the task completed, 1 it did not, or the server can't be
# reached or refuses.
set -eu
export LC_ALL=C.UTF-8

API_URL=${API_URL:-http://localhost:3000}
VERSION=${1:-v885}
TYPE=${2:-check-integrity}
SILENCE_SECONDS=75 # A server that is there says so every 30 seconds.

state=$(mktemp -d)
trap 'rm -rf "$state"' EXIT
trap 'exit 130' INT TERM
# In a file of our own, because arguments show in the list of processes.
(umask 077 && printf 'X-API-Key: %s\n' "${API_KEY:-}" >"$state/key")

ask() {
  curl --silent --show-error --header "@$state/key" "$@"
}

if command -v jq >/dev/null; then
  field() { jq --raw-output "$1 // empty"; }
  body() { jq --null-input --arg version "$1" '{version: $version}'; }
  readable() {
    jq --unbuffered --raw-output '
      if .type == "log" then "[\(.log.timestamp | sub("\\.[0-9]+"; "") | fromdate | strflocaltime("%H:%M:%S"))] \(.log.message)"
      elif .type == "connected" then "Connection established: status \(.task.status), progress \(.task.progress)%"
      elif .type == "update" then "Update: status \(.task.status)\(if .task.progress == null then "" else ", progress \(.task.progress)%" end)"
      else empty end' | drop_repeated
  }
elif command -v python3 >/dev/null; then
  field() {
    python3 -c 'import functools, json, sys
value = functools.reduce(lambda at, name: (at or {}).get(name), sys.argv[1].strip(".").split("."), json.load(sys.stdin))
print(value if value is not None else "")' "$1"
  }
  body() { python3 -c 'import json, sys; print(json.dumps({"version": sys.argv[1]}))' "$1"; }
  readable() {
    python3 -uc 'import datetime, json, sys
for line in iter(sys.stdin.readline, ""):
    message = json.loads(line)
    if message["type"] == "log":
        at = datetime.datetime.fromisoformat(message["log"]["timestamp"].replace("Z", "+00:00")).astimezone()
        print(at.strftime("[%H:%M:%S]"), message["log"]["message"])
    elif message["type"] in ("connected", "update"):
        name = "Connection established" if message["type"] == "connected" else "Update"
        status, progress = message["task"]["status"], message["task"].get("progress")
        print(f"{name}: status {status}" + ("" if progress is None else f", progress {progress}%"))' | drop_repeated
  }
else
  echo 'This example needs jq or python3 to read JSON.' >&2
  exit 1
fi

# Updates come several times a second, with the latest lines. What they change is shown.
drop_repeated() {
  last=
  while IFS= read -r line; do
    case $line in
      'Update: '*)
        [ "$line" != "$last" ] || continue
        last=$line
        ;;
    esac
    printf '%s\n' "$line"
  done
}

# Passes on the data of each message; keeps its id, for when the connection breaks, and whether it was the end.
messages() {
  while IFS= read -r line; do
    case $line in
      'id: '*) id=${line#id: } ;;
      'data: '*)
        printf '%s\n' "${line#data: }"
        [ "$line" != 'data: {"type":"end"}' ] || : >"$state/end"
        ;;
      '') [ -z "${id:-}" ] || printf 'Last-Event-ID: %s\n' "$id" >"$state/last" ;;
    esac
  done
}

printf 'API URL: %s\nTask type: %s\nVersion: %s\n' "$API_URL" "$TYPE" "$VERSION"
status=$(body "$VERSION" | ask --output "$state/answer" --write-out '%{http_code}' --header 'Content-Type: application/json' \
  --data @- "$API_URL/api/tasks/$TYPE") || exit 1
if [ "$status" != 202 ]; then
  echo "The task was not created ($status): $(field .detail <"$state/answer")" >&2
  exit 1
fi
printf 'Task created: %s\n' "$(field .taskId <"$state/answer")"
stream_url=$(field .streamUrl <"$state/answer")
status_url=$(field .statusUrl <"$state/answer")
printf 'Stream URL: %s\n' "$stream_url"

: >"$state/last"
pause=1
while [ ! -e "$state/end" ]; do
  before=$(cat "$state/last")
  : >"$state/head"
  ask --no-buffer --fail --header "@$state/last" --speed-limit 1 --speed-time "$SILENCE_SECONDS" \
    --dump-header "$state/head" "$stream_url" | messages | readable || true
  [ ! -e "$state/end" ] || break
  case $(sed -n '1s/^[^ ]* \([0-9]*\).*/\1/p' "$state/head") in
    204) break ;; # There is nothing after what we have.
    40[0-9]) exit 1 ;;
  esac
  echo 'The connection broke; coming back.' >&2
  if [ "$(cat "$state/last")" != "$before" ]; then pause=1; fi
  sleep "$pause"
  if [ "$pause" -lt 16 ]; then pause=$((pause * 2)); fi
done

ask --retry 5 "$status_url?logsLimit=0" >"$state/answer" || exit 1
status=$(field .task.status <"$state/answer")
if [ "$status" != completed ]; then
  echo "Task $status: $(field .task.error <"$state/answer")" >&2
  exit 1
fi
echo 'Task completed'
