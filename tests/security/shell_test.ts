/**
 * What a command may leave behind, take, or be agreed to without being read: nothing. On the real machine.
 * @module
 */
import assert from "node:assert/strict";
import { cleanEnvironment, detached, run, withHome } from "../e2e/command.ts";
import { markedSleep, ShellHome, untilRunning } from "../e2e/shell_process.ts";
import { pyra } from "../e2e/executable.ts";
import { hasTmux, Screen } from "../e2e/tmux.ts";
import { startModelServer } from "../fakes/model_server.ts";

// The lines are for bash, and processes are looked for with pgrep.
const withoutLinux = Deno.build.os !== "linux";

/** A command whose children ignore what is asked of them, each in its own way. */
function stubborn(text: string): string {
  return `trap '' TERM INT HUP
(trap '' TERM INT HUP; ${text}) &
nohup ${text} >/dev/null 2>&1 &
setsid ${text} >/dev/null 2>&1 &
(setsid sh -c "trap '' TERM; ${text} & ${text}" >/dev/null 2>&1 &)
echo started
${text}; ${text}`;
}

for (const sandbox of ["auto", "none"]) {
  Deno.test({
    name: `with the sandbox ${sandbox}, all that a command started is gone after its limit`,
    ignore: withoutLinux, // see above
    fn: () =>
      withHome(async (home) => {
        const shell = await ShellHome.make(home, sandbox);
        const { text, mark } = markedSleep();
        const result = shell.command(stubborn(text), { limit_seconds: 3 });
        await untilRunning(mark, 6, 20_000);
        const { stdout } = await result;
        assert.match(stdout, /^ended at its time limit after [34]\.\d s, held by .*\nstarted\n/);
        await untilRunning(mark, 0, 2_000);
      }),
  });

  Deno.test({
    name: `with the sandbox ${sandbox}, all of it is gone when Pyra is interrupted, or killed`,
    ignore: withoutLinux, // see above
    fn: () =>
      withHome(async (home) => {
        const shell = await ShellHome.make(home, sandbox);
        for (const signal of ["SIGINT", "SIGKILL"] as const) {
          const { text, mark } = markedSleep();
          const input = JSON.stringify({ command: stubborn(text), limit_seconds: 60 });
          const [program, args] = await detached(["tools", "call", "shell.run_command", input]);
          const child = new Deno.Command(program === "setsid" ? args[1] ?? "" : program, {
            args: program === "setsid" ? args.slice(2) : args,
            clearEnv: true,
            env: cleanEnvironment(home),
            cwd: shell.work,
            stdin: "null",
            stdout: "null",
            stderr: "null",
          }).spawn();
          await untilRunning(mark, 6, 20_000);
          child.kill(signal);
          await child.status;
          await untilRunning(mark, 0, 5_000);
        }
      }),
  });
}

Deno.test({
  name: "a flood of output does not grow memory, and its head and tail are told",
  ignore: withoutLinux, // see above
  fn: () =>
    withHome(async (home) => {
      const shell = await ShellHome.make(home);
      // 10 MB/s; the bench does it for 30 s.
      const command =
        "echo first; for i in $(seq 30); do head -c 1000000 /dev/zero | tr '\\0' x | " +
        "fold -w 99; echo; sleep 0.09; done; echo last";
      let [most, isOver] = [0, false];
      const look = async () => {
        while (!isOver) most = Math.max(most, await residentMegabytes(home));
      };
      const [{ stdout }] = await Promise.all([
        shell.command(command).finally(() => isOver = true),
        look(),
      ]);
      assert.match(stdout, /^exit code 0 [^\n]*\nfirst\nx+\n[^]*left out[^]*\nlast\n$/);
      assert.ok(most > 0 && most < 450, `${most} MB`);
    }),
});

/** Of all processes of Pyra that have this home, and of the process of its plugins. */
async function residentMegabytes(home: string): Promise<number> {
  const { stdout } = await new Deno.Command("ps", {
    args: ["-e", "-ww", "-o", "pid=,ppid=,rss=,args=", "e"],
  }).output();
  const all = new TextDecoder().decode(stdout).trim().split("\n").map((line) => {
    const [pid = "", parent = "", rss = "", ...rest] = line.trim().split(/\s+/);
    return { pid, parent, megabytes: Number(rss) / 1024, text: `${rest.join(" ")} ` };
  });
  const own = all.filter(({ text }) => text.includes(`HOME=${home} `));
  const pids = new Set(own.map(({ pid }) => pid));
  const hosts = all.filter(({ pid, parent, text }) =>
    !pids.has(pid) && pids.has(parent) && text.includes("--plugin-host")
  );
  return [...own, ...hosts].reduce((sum, { megabytes }) => sum + megabytes, 0);
}

Deno.test({
  name: "a command's environment has no keys, and it reads nothing of the profile",
  ignore: withoutLinux, // see above
  fn: () =>
    withHome(async (home) => {
      const shell = await ShellHome.make(home);
      await Deno.mkdir(`${home}/.pyra/memory`, { recursive: true });
      await Deno.writeTextFile(`${home}/.pyra/memory/note.md`, "a private note");
      const input = JSON.stringify({
        command: "env; cat ~/.pyra/memory/note.md ~/.pyra/config.yaml",
      });
      const { stdout } = await run(["tools", "call", "shell.run_command", input], {
        home,
        cwd: shell.work,
        env: {
          OPENAI_API_KEY: "sk-very-secret-0123456789",
          MY_TOKEN: "t0ps3cret",
          SSH_AUTH_SOCK: "x",
        },
      });
      assert.match(stdout, /\nTERM=dumb\n/);
      assert.ok(!/very-secret|t0ps3cret|SSH_AUTH_SOCK|private note/.test(stdout), stdout);
    }),
});

Deno.test({
  name: "what is never right does not run, and what is dangerous runs by no rule and no option",
  ignore: withoutLinux, // see above
  fn: () =>
    withHome(async (home) => {
      const shell = await ShellHome.make(home);
      await Deno.writeTextFile(`${shell.work}/kept`, "kept");
      const dangerous = "rm -f kept; git reset --hard";
      const rule = JSON.stringify([
        `allow shell.run_command in ${shell.work} running ${JSON.stringify(dangerous)}`,
        `allow shell.run_command in ${shell.work} running bash`,
      ]);
      const set = await run(["config", "set", "tools.rules", rule], { home });
      assert.equal(set.code, 0, set.stderr);
      const calls = [dangerous, "rm -rf / --no-preserve-root", "touch made-by-bash-rule"];
      await using server = await startModelServer([
        ...calls.map((command, at) => ({
          tool_calls: [{
            id: `c${at}`,
            name: "shell__run_command",
            arguments: JSON.stringify({ command }),
          }],
        })),
        { text: "I could not." },
      ]);
      const args = ["ask", "tidy up", "--allow", "shell.run_command", "--json"];
      const { stdout } = await run(args, { home, cwd: shell.work, env: model(server.url) });
      const results = stdout.split("\n").filter((line) => line.includes('"tool_result"'));
      assert.equal(await Deno.readTextFile(`${shell.work}/kept`), "kept");
      assert.match(results[0] ?? "", /"denied"/);
      assert.match(results[1] ?? "", /this is never run/);
    }),
});

Deno.test({
  name: "what is hidden in a command is seen in its question",
  ignore: withoutLinux || !hasTmux(), // tmux is the terminal; `.ci/run` installs it
  fn: () =>
    withHome(async (home) => {
      const shell = await ShellHome.make(home);
      const command = "echo safe \u202e; echo \u200bhidden\necho second";
      const call = { name: "shell__run_command", arguments: JSON.stringify({ command }) };
      await using server = await startModelServer([{ tool_calls: [call] }, { text: "No." }]);
      const { path, args } = await pyra();
      await using screen = await Screen.start({
        command: [path, ...args, "ask", "do it"],
        env: cleanEnvironment(home, { ...model(server.url), NO_COLOR: "1" }),
        cwd: shell.work,
        rows: 40,
        columns: 100,
      });
      const asked = await screen.until(/\? details \[n\]$/);
      assert.match(
        asked,
        /│ \$ echo safe \\u\{202e\}; echo \\u\{200b\}hidden\n.*│ {3}echo second\n/,
      );
      assert.match(asked, /\d characters of this cannot be seen/);
      assert.ok(!/always:/.test(asked), "nobody reads such a rule");
      await screen.type("n");
      await screen.press("Enter");
      await screen.until(/\[exit \d\]/);
    }),
});

function model(url: string): Record<string, string> {
  return { PYRA_AI_PROVIDER_ID: "custom", PYRA_AI_MODEL: "m", PYRA_AI_BASE_URL: url };
}
