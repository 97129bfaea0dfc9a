/**
 * Commands in the whole program, on the real machine: run, shown, ended, asked about.
 * @module
 */
import assert from "node:assert/strict";
import { startModelServer } from "../fakes/model_server.ts";
import { cleanEnvironment, withHome } from "./command.ts";
import { pyra } from "./executable.ts";
import { markedSleep, running, ShellHome, untilRunning } from "./shell_process.ts";
import { hasTmux, Screen } from "./tmux.ts";

const withoutTmux = !hasTmux();
// The lines are for bash, and processes are looked for with pgrep.
const withoutLinux = Deno.build.os !== "linux";

/** A model that runs a command, and says something of it. */
function runsCommand(input: Readonly<Record<string, unknown>>, text: string) {
  const call = { name: "shell__run_command", arguments: JSON.stringify(input) };
  return [{ tool_calls: [call] }, { text }];
}

function asking(url: string): Record<string, string> {
  return { PYRA_AI_PROVIDER_ID: "custom", PYRA_AI_MODEL: "m", PYRA_AI_BASE_URL: url };
}

Deno.test({
  name: "a command's end and its output are told as they are",
  ignore: withoutLinux, // see above
  fn: () =>
    withHome(async (home) => {
      const shell = await ShellHome.make(home);
      const told = async (command: string) => (await shell.command(command)).stdout;
      assert.match(
        await told("printf one; sleep 0.2; echo two >&2; sleep 0.2; printf three; exit 3"),
        /^exit code 3 after \d+\.\d s, held by \w[^\n]*\none\ntwo\nthree\n$/,
      );
      assert.match(await told("pwd; touch made"), new RegExp(`\n${shell.work}\n`));
      assert.ok((await Deno.stat(`${shell.work}/made`)).isFile);
      assert.match(await told('read -r x; echo "[$x] $?"; cat'), /\n\[\] 1\n/);
      assert.match(await told("kill -SEGV $$"), /SIGSEGV|139 \(it crashed/);
      assert.match(await told("head -c 5000 /bin/ls"), /characters that are no text/);
      assert.match(await told("there-is-no-such-program"), /^exit code 127 \(no program/);
      assert.match(
        await told("echo 'a terminal is required to read the password' >&2; exit 1"),
        /It wants a terminal/,
      );
      const tty = await told("tty; exec 3</dev/tty");
      assert.match(tty, /not a tty\n[^]*\/dev\/tty/);
      const long = await told("seq 1 200000");
      assert.ok(long.length < 4_000);
      assert.match(long, /\n1\n2\n[^]*lines left out; read_output 1 shows it[^]*\n200000\n$/);
      const elsewhere = await shell.command("ls", { folder: "../.." });
      assert.equal(elsewhere.code, 1);
      assert.match(elsewhere.stderr, /folder is one in the workspace/);
    }),
});

Deno.test({
  name: "the person sees the command, the lines as they come, and the answer, from a fresh profile",
  ignore: withoutTmux || withoutLinux, // tmux is the terminal; `.ci/run` installs it
  fn: () =>
    withHome(async (home) => {
      const shell = await ShellHome.make(home);
      for (let at = 1; at <= 12; at++) {
        await Deno.writeFile(`${shell.work}/file${at}.bin`, new Uint8Array(at * 1_000));
      }
      const command =
        "find . -type f -printf '%s %p\\n' | sort -rn |\n  head -n 10; sleep 1; echo end";
      await using server = await startModelServer(
        runsCommand({ command }, "The largest is file12.bin; you can delete file1.bin."),
      );
      const { path, args } = await pyra();
      const question = "find the ten largest files here and tell me which I can delete";
      const env = cleanEnvironment(home, { ...asking(server.url), NO_COLOR: "1" });
      await using screen = await Screen.start({
        command: [path, ...args, question],
        env,
        cwd: shell.work,
        rows: 60,
        columns: 100,
      });
      const asked = await screen.until(/\? details \[n\]$/);
      assert.match(asked, /shell\.run_command wants to run a command\n {2}writes /);
      assert.match(asked, /\n {2}(?:SAFE|MODERATE): it /);
      assert.match(
        asked,
        /│ \$ find \. -type f -printf '%s %p\\n' \| sort -rn \|\n.*│ {5}head -n 10; /,
      );
      assert.match(asked, /in the workspace · 30 s at most · no network in a sandbox/);
      await screen.type("y");
      await screen.press("Enter");
      const live = await screen.until(/│ 12000 \.\/file12\.bin/);
      assert.ok(!live.includes("The largest"), "the lines come while it runs");
      const done = await screen.until(/\[exit 0\]/);
      assert.match(done, /│ end\n/);
      assert.ok(!done.includes("more line"), "so short an output is shown whole");
      assert.match(done, /The largest is file12\.bin; you can delete file1\.bin\./);
      const told = JSON.stringify((await server.request(1)).body);
      assert.match(told, /12000 \.\/file12\.bin[^]*3000 \.\/file3\.bin/);
    }),
});

Deno.test({
  name: "in the chat the last lines are shown while a command runs, and Ctrl-C ends it",
  ignore: withoutTmux || withoutLinux, // tmux is the terminal; `.ci/run` installs it
  fn: () =>
    withHome(async (home) => {
      const shell = await ShellHome.make(home);
      const { text, mark } = markedSleep();
      await using server = await startModelServer([
        ...runsCommand({ command: `for i in $(seq 1 40); do echo line $i; done; ${text}` }, "no"),
        { text: "Good." },
      ]);
      const { path, args } = await pyra();
      const env = cleanEnvironment(home, { ...asking(server.url), NO_COLOR: "1" });
      await using screen = await Screen.start({
        command: [path, ...args, "chat"],
        env,
        cwd: shell.work,
        rows: 50,
        columns: 100,
      });
      await screen.until(/custom\/m$/);
      await screen.type("count");
      await screen.press("Enter");
      await screen.until(/y once[^\n]*details\s+custom\/m$/);
      await screen.press("y");
      const live = await screen.until(/│ line 40\n\S+ shell\.run_command · \d+ s · Ctrl-C stops/);
      assert.match(live, /│ line 35\n {2}│ line 36\n/);
      assert.ok(!/│ line 34\n/.test(live), "only the last lines");
      await untilRunning(mark, 1);
      await screen.press("C-c");
      const stopped = await screen.until(/stopped; what arrived is kept/);
      assert.match(stopped, /│ … 37 lines\n {2}│ line 38\n {2}│ line 39\n {2}│ line 40\n/);
      await untilRunning(mark, 0);
    }),
});

Deno.test({
  name: "a background job survives its turn, is shown by /jobs, and ends with the chat",
  ignore: withoutTmux || withoutLinux, // tmux is the terminal; `.ci/run` installs it
  fn: () =>
    withHome(async (home) => {
      const shell = await ShellHome.make(home);
      const { text, mark } = markedSleep();
      const command = `echo ready; ${text}`;
      await using server = await startModelServer(
        runsCommand({ command, background: true }, "It runs."),
      );
      const { path, args } = await pyra();
      const env = cleanEnvironment(home, { ...asking(server.url), NO_COLOR: "1" });
      await using screen = await Screen.start({
        command: [path, ...args, "chat"],
        env,
        cwd: shell.work,
        rows: 60,
        columns: 120,
      });
      await screen.until(/custom\/m$/);
      await screen.type("serve");
      await screen.press("Enter");
      const asked = await screen.until(/y once[^\n]*details\s+custom\/m$/);
      assert.match(asked, /in the background, until it ends or Pyra does/);
      await screen.press("y");
      await screen.until(/It runs\./);
      assert.match(
        JSON.stringify((await server.request(1)).body),
        /started as job 1; [^]*running for 0 s: echo ready[^]*ready/,
      );
      assert.equal(await running(mark), 1);
      await screen.type("/jobs tail 1");
      await screen.press("Enter");
      await screen.until(/1: running for \d+ s: echo ready; sleep \d+\n\s*ready\n/);
      assert.equal(await running(mark), 1);
      // What is typed while a command still runs is not taken.
      await new Promise((done) => setTimeout(done, 500));
      await screen.type("/quit");
      await screen.press("Enter");
      await screen.until(/\[exit 0\]/);
      await untilRunning(mark, 0);
    }),
});

Deno.test({
  name: "always is for what only reads and begins so, in that folder, and for nothing more",
  ignore: withoutTmux || withoutLinux, // tmux is the terminal; `.ci/run` installs it
  fn: () =>
    withHome(async (home) => {
      const shell = await ShellHome.make(home);
      await using server = await startModelServer([
        ...runsCommand({ command: "ls -la" }, "One."),
        ...runsCommand({ command: "ls -l ." }, "Two."),
        ...runsCommand({ command: "ls; rm -f x" }, "Three."),
      ]);
      const { path, args } = await pyra();
      const env = cleanEnvironment(home, { ...asking(server.url), NO_COLOR: "1" });
      const command = [path, ...args, "ask", "look"];
      const place = { command, env, cwd: shell.work, rows: 40, columns: 120 };
      await using first = await Screen.start(place);
      const asked = await first.until(/\? details \[n\]$/);
      assert.match(asked, /\nalways: allow shell\.run_command in \S+\/work running "ls \*"\n/);
      await first.type("a");
      await first.press("Enter");
      await first.until(/One\.\n\[exit 0\]/);
      await using second = await Screen.start(place);
      await second.until(/Two\.\n\[exit 0\]/);
      await using third = await Screen.start(place);
      await third.until(/MODERATE: it deletes files[^]*\? details \[n\]$/);
      await third.press("Enter");
      await third.until(/Three\.\n\[exit 0\]/);
    }),
});
