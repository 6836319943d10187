#!/usr/bin/env python3
"""Creates a task and follows it to its end, with nothing but Python's standard library (3.8 or later).

    export API_URL=http://localhost:3000
    export API_KEY=your-api-key
    python3 examples/sse-client-example.py v885 check-integrity

A broken connection is taken up again after the last message. Exit codes: 0 the task completed, 1 it did not, or the server can't be
reached or refuses.
"""

import http.client
import json
import os
import random
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from datetime import datetime

API_URL = os.environ.get("API_URL", "http://localhost:3000").rstrip("/")
API_KEY = os.environ.get("API_KEY", "")
SILENCE_SECONDS = 75  # A server that is there says so every 30 seconds.
LONGEST_PAUSE_SECONDS = 15
LOST = (urllib.error.URLError, http.client.HTTPException, OSError)


def request(url, body=None, headers=None):
    """Sends a request with the key. Raises urllib.error.HTTPError for an answer that is an error."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"X-API-Key": API_KEY, "Content-Type": "application/json", **(headers or {})}
    return urllib.request.urlopen(urllib.request.Request(url, data, headers), timeout=SILENCE_SECONDS)


def messages(response):
    """Yields the messages of an SSE response as (id, data). A message ends with an empty line."""
    last_id, data = None, []
    for raw in response:
        line = raw.decode("utf-8").rstrip("\r\n")
        field, _, value = line.partition(":")
        value = value[1:] if value.startswith(" ") else value
        if field == "id":
            last_id = value
        elif field == "data":
            data.append(value)
        elif line == "":
            if data:
                yield last_id, "\n".join(data)
            data = []


def follow(stream_url):
    """Yields the messages of a task, over as many connections as it takes, up to and with its end."""
    last_id, pause = None, 1
    while True:
        try:
            with request(stream_url, headers={} if last_id is None else {"Last-Event-ID": last_id}) as response:
                for message_id, data in messages(response):
                    last_id, pause = message_id or last_id, 1
                    message = json.loads(data)
                    yield message
                    if message["type"] == "end":
                        return
                if response.status == 204:  # There is nothing after what we have.
                    return
        except urllib.error.HTTPError as error:
            if error.code < 500 and error.code != 429:
                raise
        except LOST:
            pass
        print("The connection broke; coming back.", file=sys.stderr)
        time.sleep(pause * random.uniform(0.5, 1))
        pause = min(2 * pause, LONGEST_PAUSE_SECONDS)


def local_time(timestamp):
    """The time of day of an ISO 8601 time in UTC, here."""
    return datetime.fromisoformat(timestamp.replace("Z", "+00:00")).astimezone().strftime("%H:%M:%S")


def main(version="v885", task_type="check-integrity"):
    print(f"API URL: {API_URL}\nTask type: {task_type}\nVersion: {version}")
    with request(f"{API_URL}/api/tasks/{urllib.parse.quote(task_type, safe='')}", {"version": version}) as response:
        created = json.load(response)
    print(f"Task created: {created['taskId']}\nStream URL: {created['streamUrl']}", flush=True)
    task = {}
    for message in follow(created["streamUrl"]):
        if message["type"] == "connected":
            task = message["task"]
            print(f"Connection established: status {task['status']}, progress {task['progress']}%", flush=True)
        elif message["type"] == "log":
            log = message["log"]
            print(f"[{local_time(log['timestamp'])}] {log['message']}", flush=True)
        elif message["type"] == "update":
            before, task = task, {**task, **message["task"]}
            if (before.get("status"), before.get("progress")) != (task["status"], task["progress"]):
                print(f"Update: status {task['status']}, progress {task['progress']}%", flush=True)
    if task.get("status") == "completed":
        print("Task completed")
        return 0
    print(f"Task {task.get('status')}: {task.get('error')}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    try:
        sys.exit(main(*sys.argv[1:3]))
    except urllib.error.HTTPError as error:
        answer = error.read().decode("utf-8", "replace")
        detail = json.loads(answer).get("detail") if "json" in error.headers.get("Content-Type", "") else answer
        sys.exit(f"The server refused ({error.code}): {detail}")
    except LOST as error:
        sys.exit(f"The server can't be reached: {error}")
    except KeyboardInterrupt:
        sys.exit("Stopped watching. The task goes on.")
