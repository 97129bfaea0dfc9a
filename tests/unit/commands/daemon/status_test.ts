import assert from "node:assert/strict";
import { visibleWidth } from "@earendil-works/pi-tui/dist/utils.js";
import type { DaemonStatus } from "../../../../src/protocol/daemon_calls.ts";
import { TestProfile } from "../../../fakes/command_context.ts";

const STATUS: DaemonStatus = {
  pid: 4321,
  instance: "0".repeat(32),
  version: "1.2.3",
  started: new Date(Date.now() - (26 * 60 + 7) * 60_000).toISOString(),
  profile: "default",
  transport: "unix",
  memory: 123_456_789,
  clients: 3,
  malformed: 0,
  runs: [],
  tasks: [],
  vault: { state: "open", until: null },
};

async function shown(status: DaemonStatus | null, columns?: number, json = false) {
  await using profile = await TestProfile.create();
  return await profile.run(["daemon", "status"], {
    answers: { daemonStatus: () => status },
    options: { json },
    ...(columns === undefined ? {} : { columns, terminal: true }),
  });
}

Deno.test("without a daemon one line says how to start one, and the exit code is 3", async () => {
  const { code, out } = await shown(null);
  assert.deepEqual([code, out], [3, "no daemon runs; pyra daemon start starts it\n"]);
  const json = await shown(null, undefined, true);
  assert.deepEqual([json.code, json.out], [3, "null\n"]);
});

Deno.test("it says since when it runs, how the vault is, and what it does", async () => {
  const since = "2026-01-31T12:00:00.000Z";
  const { code, out } = await shown({
    ...STATUS,
    malformed: 2,
    runs: [{ kind: "client", what: "ask", since }, { kind: "job", what: "morning", since }],
    tasks: [
      {
        name: "schedules",
        state: "running",
        crashes: 0,
        lastError: "old news",
        nextStart: null,
        detail: "3 schedules, next at 2026-01-02T08:00:00.000Z",
      },
      {
        name: "mail.watch",
        state: "waiting",
        crashes: 2,
        lastError: "no\x1b[31m route",
        nextStart: since,
        detail: "",
      },
    ],
  });
  assert.equal(code, 0);
  assert.match(out, /^daemon +process 4321\nsince +.* \(1 d 2 h\)\nmemory +123 MB\n/);
  assert.match(out, /\nvault +open until the daemon ends\n/);
  assert.match(out, /\nclients +2\n/, "without the one that asks");
  assert.match(out, /\nframes +2 that were none\n/);
  assert.match(out, /\nruns +pyra ask, since .*\n +job morning, since /);
  assert.match(out, /\ntasks +schedules: running; 3 schedules, next at 2026-01-\d\d \d\d:\d\d\n/);
  assert.match(out, /mail\.watch: waiting until .* \(ended 2 times\); no \[31m route\n$/);
});

Deno.test("another version, and a locked vault, are told with what to do", async () => {
  const other = { ...STATUS, version: "1.0.0", vault: { state: "locked", until: null } } as const;
  const { out } = await shown(other);
  assert.match(out, /process 4321, Pyra 1\.0\.0: pyra daemon restart\n/);
  assert.match(out, /vault +locked; pyra vault unlock opens it\n/);
});

Deno.test("at 40 columns every line fits, and programs get all of it", async () => {
  const detail = "a task with rather a lot to say about what it does at the moment";
  const task = { crashes: 0, lastError: "", nextStart: null, detail, state: "running" } as const;
  const status = { ...STATUS, tasks: [{ ...task, name: "mail.watch" }] };
  const { out } = await shown(status, 40);
  for (const line of out.split("\n")) assert.ok(visibleWidth(line) <= 40, line);
  assert.match(out.replace(/\s+/g, " "), new RegExp(detail));
  assert.deepEqual(JSON.parse((await shown(status, undefined, true)).out), status);
});
