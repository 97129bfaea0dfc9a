import assert from "node:assert/strict";
import { type Ran, SomePrograms } from "./some_programs.ts";
import { refusal } from "./some_run.ts";

function test(name: string, fn: () => Promise<void>): void {
  // The programs and signals of these tests are those of Unix.
  Deno.test({ name, ignore: Deno.build.os === "windows", fn });
}

/** Programs of this machine whose environment or arguments have this text in them. */
async function running(text: string): Promise<number> {
  const script = 'grep -lsa -- "$1" /proc/[0-9]*/cmdline | wc -l';
  const args = ["-c", script, "sh", text];
  const { stdout } = await new Deno.Command("sh", { args }).output();
  // The looking itself has it among its arguments: sh, and grep.
  return Number(new TextDecoder().decode(stdout)) - 2;
}

/** Waits until it holds, 5 s at most. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let look = 0; look < 50; look++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail("it did not come to that");
}

const KINDS = ["auto", "none"] as const;

for (const sandbox of KINDS) {
  test(`what a program writes, and how it ends, comes to the plugin (${sandbox})`, async () => {
    await using programs = await SomePrograms.make();
    programs.config(`sandbox: ${sandbox}`);
    const ran = await programs.bash("printf 'é\\n'; echo no >&2; exit 3");
    assert.equal(ran.stdout, "é\n");
    assert.equal(ran.stderr, "no\n");
    assert.equal(ran.code, 3);
    assert.equal(ran.signal, null);
    assert.equal((await programs.bash("kill -9 $$")).signal ?? "SIGKILL", "SIGKILL");
    const read = ["bash", "-c", "cat; pwd"];
    const said = await programs.call("run", {
      argv: read,
      options: { input: "in\n" },
    }, [{ program: "bash" }]) as Ran;
    assert.equal(said.stdout, `in\n${programs.work}\n`);
  });

  test(`all that a program started ends with it, whatever it ignores (${sandbox})`, async () => {
    await using programs = await SomePrograms.make();
    programs.config(`sandbox: ${sandbox}`);
    const mark = `7${Math.floor(Math.random() * 1e8)}`;
    const children = `trap '' TERM; (trap '' TERM; setsid sleep ${mark}) & sleep ${mark} &`;
    const late = await programs.bash(`${children} sleep ${mark}`, { limitMs: 400 });
    assert.equal(late.timedOut, true);
    assert.equal(late.code, null);
    await until(async () => await running(mark) === 0);
    const done = await programs.bash(`${children} echo done`);
    assert.equal(done.stdout, "done\n");
    await until(async () => await running(mark) === 0);
    // The plugin leaves the loop.
    await programs.call("leave", { argv: ["bash", "-c", `${children} echo x; sleep ${mark}`] });
    await until(async () => await running(mark) === 0);
    // The call ends before what it started.
    await programs.call("forget", { argv: ["bash", "-c", `${children} sleep ${mark}`] });
    await until(async () => await running(mark) === 0);
    const abort = new AbortController();
    const argv = ["bash", "-c", `${children} sleep ${mark}`];
    const cut = programs.call("run", { argv }, undefined, abort.signal);
    await until(async () => await running(mark) > 0);
    abort.abort();
    await assert.rejects(cut);
    await until(async () => await running(mark) === 0);
  });

  test(`jobs go on after the call, and end with the run (${sandbox})`, async () => {
    const mark = `8${Math.floor(Math.random() * 1e8)}`;
    {
      await using programs = await SomePrograms.make();
      programs.config(`sandbox: ${sandbox}`);
      const argv = ["bash", "-c", `echo begun; sleep ${mark}`];
      const first = await programs.call("start", { argv }) as { id: string; result: null };
      assert.equal(first.result, null);
      await until(async () => {
        const { text } = await programs.call("tail", { id: first.id }) as { text: string };
        return text === "begun\n";
      });
      await programs.rooms.stop("some");
      assert.equal((await programs.call("list", {}) as unknown[]).length, 1, "its room may end");
      assert.ok(await running(mark) > 0);
      const stopped = await programs.call("stop", { id: first.id }) as { result: unknown };
      assert.ok(stopped.result);
      await until(async () => await running(mark) === 0);
      await programs.call("start", { argv });
      await until(async () => await running(mark) > 0);
    }
    await until(async () => await running(mark) === 0);
  });
}

test("of much output the beginning and the end come, and memory does not grow", async () => {
  await using programs = await SomePrograms.make();
  const before = Deno.memoryUsage().rss;
  const ran = await programs.bash("echo first; yes | head -c 200000000; echo last", {});
  const grown = Deno.memoryUsage().rss - before;
  assert.ok(grown < 150e6, `${Math.round(grown / 1e6)} MB`);
  assert.equal(ran.truncated, true);
  assert.ok(ran.characters <= 10.6e6 && ran.characters > 9e6, String(ran.characters));
  assert.equal(ran.characters + ran.dropped, 200_000_011);
  assert.ok(ran.stdout.endsWith("last\n"));
});

test("a call runs what was agreed to: those arguments once, that program, that network", async () => {
  await using programs = await SomePrograms.make();
  const argv = ["bash", "-c", "echo hi"];
  const asked = (runs: Parameters<SomePrograms["call"]>[2], options = {}) =>
    programs.call("run", { argv, options }, runs);
  const denied = (error: unknown) => /nobody agreed/.test(String(error));
  await asked([{ program: "bash", argv }]);
  await asked([{ program: "bash" }]);
  await assert.rejects(asked([]), denied);
  await assert.rejects(asked([{ program: "true" }]), denied);
  await assert.rejects(asked([{ program: "bash", argv: ["bash", "-c", "echo ho"] }]), denied);
  await assert.rejects(asked([{ program: "bash", argv }], { input: "x" }), denied);
  await assert.rejects(asked([{ program: "bash", argv }], { network: true }), denied);
  const twice = (runs: Parameters<SomePrograms["call"]>[2]) =>
    programs.call("twice", { argv }, runs);
  assert.deepEqual(await twice([{ program: "bash", argv }]), [0, "denied"]);
  assert.deepEqual(await twice([{ program: "bash" }]), [0, 0]);
  const other = programs.call("run", { argv: ["ls"] }, [{ program: "ls" }]);
  await assert.rejects(other, /manifest does not ask to run ls/);
  await assert.rejects(asked([{ program: "bash", argv: [] }]), refusal("bad_call"));
});

test("what was agreed to runs in the folder that was agreed to, and in no other", async () => {
  await using programs = await SomePrograms.make();
  const { work } = programs;
  await Deno.mkdir(`${work}/a`);
  const argv = ["bash", "-c", "pwd"];
  const ask = (folder?: string, agreed?: string) =>
    programs.call(
      "run",
      { argv, ...(folder === undefined ? {} : { options: { folder } }) },
      [{ program: "bash", argv, ...(agreed === undefined ? {} : { folder: agreed }) }],
    ) as Promise<Ran>;
  for (const [folder, agreed] of [["a", undefined], [undefined, "a"], ["./a", "a"]] as const) {
    await assert.rejects(ask(folder, agreed), /nobody agreed/, `${folder} and ${agreed}`);
  }
  assert.equal((await ask("a", "a")).stdout, `${work}/a\n`);
  assert.equal((await ask()).stdout, `${work}\n`);
});

test("a program is one of the system's, in a folder of the workspace, without secrets", async () => {
  await using programs = await SomePrograms.make({ run: ["bash", "no-such-program", "mine"] });
  const { work } = programs;
  await Deno.writeTextFile(`${work}/mine`, "#!/bin/sh\necho mine\n", { mode: 0o755 });
  await assert.rejects(programs.call("run", { argv: ["mine"] }), /mine is not installed/);
  await assert.rejects(programs.call("run", { argv: ["no-such-program"] }), /is not installed/);
  Deno.env.set("PYRA_TEST_SECRET", "x");
  const { stdout } = await programs.bash("env");
  Deno.env.delete("PYRA_TEST_SECRET");
  assert.ok(!stdout.includes("PYRA_TEST_SECRET"));
  assert.match(stdout, /^TERM=dumb$/m);
  for (const folder of ["..", "/", "no/such", `${programs.some.profile.home}`]) {
    await assert.rejects(programs.bash("pwd", { folder }), /folder/, folder);
  }
  await Deno.mkdir(`${work}/a`);
  assert.equal((await programs.bash("pwd", { folder: "a" })).stdout, `${work}/a\n`);
});

test("no weaker sandbox takes the place of the one that was chosen", async () => {
  await using programs = await SomePrograms.make();
  programs.config("sandbox: sandbox-exec");
  // On a Mac it is there.
  if (Deno.build.os !== "darwin") {
    await assert.rejects(programs.bash("true"), /sandbox-exec.*does not work here/);
  }
  programs.config("sandbox: container");
  await assert.rejects(programs.bash("true"), /image is not set/);
  programs.config("sandbox: nonesuch");
  await assert.rejects(programs.bash("true"), /block shell of the config cannot be read/);
  programs.config("sandbox: { a: none }");
  await assert.rejects(programs.bash("true"), /block shell of the config cannot be read/);
  programs.config('sandbox: "none" # for now');
  assert.equal((await programs.bash("true")).sandbox, "none");
  assert.ok(
    programs.some.log.some(({ event, sandbox }) => event === "plugin.run" && sandbox === "none"),
  );
});
