/**
 * Tools in the whole program: the model calls, the person is asked, the note is there, the rule is
 * stored, the log tells.
 * @module
 */
import assert from "node:assert/strict";
import { type ModelServer, startModelServer } from "../fakes/model_server.ts";
import { cleanEnvironment, detached, run, withHome } from "./command.ts";
import { pyra } from "./executable.ts";
import { hasTmux, Screen } from "./tmux.ts";

const withoutTmux = !hasTmux();

/** The settings that ask the fake server. */
function asking(server: ModelServer): Record<string, string> {
  return {
    PYRA_AI_PROVIDER_ID: "custom",
    PYRA_AI_MODEL: "m",
    PYRA_AI_BASE_URL: server.url,
    NO_COLOR: "1",
  };
}

/** A model that writes this note, and says what became of it. */
function writing(name: string) {
  const given = JSON.stringify({ name, text: "# Boat\n\nIt needs red paint." });
  return [{ tool_calls: [{ name: "memory_write", arguments: given }] }, { text: "That is that." }];
}

function toolLog(home: string): Record<string, unknown>[] {
  return Deno.readTextFileSync(`${home}/.pyra/logs/tool_executions.log`).trimEnd().split("\n")
    .map((line) => JSON.parse(line));
}

async function noteOf(home: string, name: string): Promise<string | undefined> {
  return await Deno.readTextFile(`${home}/.pyra/memory/${name}`).catch(() => undefined);
}

for (const columns of [40, 100]) {
  Deno.test({
    name: `at ${columns} columns the person agrees to a change, and the next time a rule does`,
    ignore: withoutTmux, // tmux is the terminal; `.ci/run` installs it
    fn: () =>
      withHome(async (home) => {
        await using server = await startModelServer([
          ...writing("knowledge/boat.md"),
          ...writing("knowledge/car.md"),
          ...writing("context/plan.md"),
        ]);
        const { path, args } = await pyra();
        const command = [path, ...args, "chat"];
        const env = cleanEnvironment(home, asking(server));
        await using screen = await Screen.start({ command, env, cwd: home, rows: 60, columns });
        await screen.until(/custom\/m$/);

        await screen.type("keep it");
        await screen.press("Enter");
        const shown = await screen.until(/y once · a always · n no · \?\s+details\s+custom\/m$/);
        assert.match(shown, /memory_write wants to make the note\s+knowledge\/boat\.md\n/);
        assert.match(shown, /\n {2}writes notes\/knowledge\n/);
        assert.match(shown, /│ \+It needs red paint\./);
        assert.match(shown, /always: allow memory_write in\s+notes\/knowledge/);
        assert.equal(await noteOf(home, "knowledge/boat.md"), undefined);
        await screen.press("a");
        await screen.until(/That is that\./);
        assert.match(await noteOf(home, "knowledge/boat.md") ?? "", /red paint/);
        assert.equal(
          await Deno.readTextFile(`${home}/.pyra/config.yaml`),
          "tools:\n  rules: [allow memory_write in notes/knowledge]\n",
        );

        await screen.type("the car too");
        await screen.press("Enter");
        await screen.until(/allowed: allow memory_write in[^]*That is that\./);
        assert.match(await noteOf(home, "knowledge/car.md") ?? "", /red paint/);

        await screen.type("and the plan");
        await screen.press("Enter");
        await screen.until(/y once · a always · n no · \?\s+details\s+custom\/m$/);
        await screen.press("C-c");
        await screen.until(/stopped; what arrived is kept/);
        assert.equal(await noteOf(home, "context/plan.md"), undefined);
        await new Promise((done) => setTimeout(done, 1_600));
        await screen.type("/quit");
        await screen.press("Enter");
        await screen.until(/\[exit 0\]/);

        const log = toolLog(home).map(({ tool, by, status }) => [tool, by, status]);
        assert.deepEqual(log.slice(0, 2), [
          ["memory_write", "terminal", "ok"],
          ["memory_write", "rule", "ok"],
        ]);
        const { mode } = await Deno.stat(`${home}/.pyra/logs/tool_executions.log`);
        assert.equal((mode ?? 0) & 0o777, 0o600);
      }),
  });
}

Deno.test({
  name: "one question on a terminal asks there and is answered with a line",
  ignore: withoutTmux, // tmux is the terminal; `.ci/run` installs it
  fn: () =>
    withHome(async (home) => {
      await using server = await startModelServer(writing("knowledge/boat.md"));
      const { path, args } = await pyra();
      const command = [path, ...args, "ask", "keep it"];
      const env = cleanEnvironment(home, asking(server));
      await using screen = await Screen.start({ command, env, cwd: home, rows: 40 });
      await screen.until(/memory_write wants to make the note[^]*\? details \[n\]$/);
      await screen.type("y");
      await screen.press("Enter");
      await screen.until(/That is that\.\n\[exit 0\]/);
      assert.match(await noteOf(home, "knowledge/boat.md") ?? "", /red paint/);
    }),
});

Deno.test("without a terminal a change is denied with code 4, and --allow lets it happen", async () => {
  await withHome(async (home) => {
    await using server = await startModelServer([
      ...writing("knowledge/boat.md"),
      ...writing("knowledge/boat.md"),
    ]);
    const env = asking(server);
    const denied = await run(["ask", "keep it"], { home, env });
    assert.equal(denied.code, 4, denied.stderr);
    assert.match(
      denied.stderr,
      /memory_write was not allowed: nobody can be asked — allow it with/,
    );
    assert.equal(denied.stdout, "That is that.\n");
    assert.equal(await noteOf(home, "knowledge/boat.md"), undefined);
    const told = server.requests[1]?.body.messages.at(-1);
    assert.equal(told.content, "not done: nobody can be asked");

    const allowed = await run(["ask", "--allow", "memory_write", "keep it"], { home, env });
    assert.equal(allowed.code, 0, allowed.stderr);
    assert.match(await noteOf(home, "knowledge/boat.md") ?? "", /red paint/);
  });
});

Deno.test("a question pays for the tools that are of use, and for none where none is wanted", async () => {
  await withHome(async (home) => {
    await using server = await startModelServer([{ text: "ok" }]);
    const env = asking(server);
    await run(["ask", "--no-tools", "hello"], { home, env });
    await run(["ask", "hello"], { home, env });
    await run(["memory", "write", "knowledge/boat", "red"], { home });
    await run(["ask", "hello"], { home, env });
    const [without, first, withNotes] = server.requests;
    assert.equal(without?.body.tools, undefined);
    assert.ok((without?.bytes ?? 0) < 600, `${without?.bytes} bytes`);
    assert.equal(first?.body.tools.length, 1);
    assert.ok((first?.bytes ?? 0) < 1_024, `${first?.bytes} bytes`);
    assert.equal(withNotes?.body.tools.length, 5);
    const more = (withNotes?.bytes ?? 0) - (without?.bytes ?? 0);
    assert.ok(more < 2_048, `${more} bytes for the memory's tools`);
  });
});

Deno.test("a chat whose answers nobody reads any more ends quietly", async () => {
  await withHome(async (home) => {
    const [program, args] = await detached(["chat", "--provider", "demo", "--quiet"]);
    const child = new Deno.Command(program, {
      args,
      clearEnv: true,
      env: cleanEnvironment(home),
      cwd: home,
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
      signal: AbortSignal.timeout(60_000),
    }).spawn();
    const writer = child.stdin.getWriter();
    const feed = async () => {
      for (let line = 0; line < 2_000; line++) {
        await writer.write(new TextEncoder().encode("show markdown\n"));
      }
    };
    // It ends before it has read all that.
    const feeding = feed().catch(() => undefined);
    const reader = child.stdout.getReader();
    await reader.read();
    await reader.cancel();
    const [{ code }, error] = await Promise.all([
      child.status,
      new Response(child.stderr).text(),
    ]);
    await feeding;
    await writer.abort().catch(() => undefined);
    assert.equal(code, 0, error);
    assert.doesNotMatch(error, /error|uncaught|pipe/i);
  });
});
