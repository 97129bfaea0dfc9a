/**
 * The plugins' process, as the system sees it: when it is there, what it is started with, and that it goes
 * with whoever started it.
 * @module
 */
import assert from "node:assert/strict";
import { cleanEnvironment, run, type RunResult, withHome } from "./command.ts";
import { pyra } from "./executable.ts";

const LINUX = Deno.build.os === "linux";
const CODE = `
const tool = (name, run, more = {}) =>
  ({ name, description: "x", parameters: { type: "object" }, run, ...more });
const grow = (chunk) => { for (const all = [];;) all.push(chunk()); };
export default { tools: [
  tool("good", () => "still here"),
  tool("bytes", () => grow(() => new Uint8Array(2 ** 24).fill(1))),
  tool("objects", () => grow(() => ({ x: String(Math.random()) }))),
  tool("spin", () => { for (;;); }, { timeLimit: 1000 }),
  tool("wait", (_, { dataFolder }) => {
    Deno.writeTextFileSync(dataFolder + "/began", "");
    return new Promise(() => {});
  }),
] };`;

/** A home in which the plugin `some` is enabled. */
async function withPlugin(act: (home: string) => Promise<void>): Promise<void> {
  await withHome(async (home) => {
    const folder = `${home}/made/some`;
    await Deno.mkdir(folder, { recursive: true });
    const manifest = { name: "some", version: "1.0.0", description: "for a test" };
    await Deno.writeTextFile(`${folder}/manifest.json`, JSON.stringify(manifest));
    await Deno.writeTextFile(`${folder}/plugin.ts`, CODE);
    const { code, stderr } = await run(["plugin", "install", folder, "--yes"], { home });
    assert.equal(code, 0, stderr);
    await act(home);
  });
}

function call(home: string, tool: string, env: Record<string, string> = {}): Promise<RunResult> {
  return run(["tools", "call", `some.${tool}`, "{}"], { home, env });
}

/** The plugins' processes of a home, and what they were started with. */
async function hosts(home: string): Promise<{ pid: number; environment: string[] }[]> {
  const found: { pid: number; environment: string[] }[] = [];
  // The runtime lets nobody read /proc; `-z` takes arguments and variables for lines.
  for (const file of await grep("-lzxe", "--plugin-host", "/proc/[0-9]*/cmdline")) {
    const environment = await grep("-hze", "", file.replace(/cmdline$/, "environ"));
    const pid = Number(file.split("/")[2]);
    if (environment.includes(`HOME=${home}`)) found.push({ pid, environment });
  }
  return found;
}

async function grep(options: string, pattern: string, files: string): Promise<string[]> {
  const script = `grep ${options} "$1" ${files} 2>/dev/null`;
  const { stdout } = await new Deno.Command("sh", { args: ["-c", script, "sh", pattern] }).output();
  return new TextDecoder().decode(stdout).split(/[\n\0]/).filter(Boolean);
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (let time = 0; !(await isSo()); time++) {
    assert.ok(time < 200, what);
    await new Promise((done) => setTimeout(done, 50));
  }
}

/** Starts a call that never ends, and waits until it runs. */
async function waiting(home: string, env: Record<string, string> = {}): Promise<Deno.ChildProcess> {
  const { path, args } = await pyra();
  const child = new Deno.Command(path, {
    args: [...args, "tools", "call", "some.wait", "{}"],
    clearEnv: true,
    env: cleanEnvironment(home, env),
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const began = `${home}/.pyra/data/some/began`;
  await until("the call runs", () => Deno.stat(began).then(() => true, () => false));
  return child;
}

Deno.test("a plugin that eats memory or spins fails its call alone, and the next call is answered", async () => {
  await withPlugin(async (home) => {
    for (const tool of ["bytes", "objects", "spin"]) {
      const { code, stdout, stderr } = await call(home, tool);
      assert.equal(code, 1, tool);
      assert.equal(stdout, "", tool);
      assert.match(stderr, /^pyra: [^\n]+\n$/, tool);
      const good = await call(home, "good");
      assert.deepEqual([good.code, good.stdout.trim()], [0, "still here"], good.stderr);
    }
  });
});

Deno.test({
  name: "the process starts with the first call, and knows nothing of the environment's secrets",
  // It is looked for in /proc.
  ignore: !LINUX,
  async fn() {
    await withPlugin(async (home) => {
      const listed = await run(["plugin", "list"], { home });
      assert.equal(listed.code, 0, listed.stderr);
      const secrets = {
        OPENAI_API_KEY: "sk-secret",
        PYRA_VAULT_PASSPHRASE: "s3cret",
        HTTPS_PROXY: "http://user:s3cret@127.0.0.1:1",
        ANYTHING: "s3cret",
      };
      const child = await waiting(home, secrets);
      try {
        const [host, ...others] = await hosts(home);
        assert.deepEqual(others, []);
        assert.ok(host);
        const names = host.environment.map((variable) => variable.split("=")[0]);
        assert.deepEqual(names.filter((name) => name !== "HOME" && name !== "DENO_DIR"), []);
      } finally {
        child.kill("SIGKILL");
        await child.status;
      }
    });
  },
});

for (const signal of ["SIGKILL", "SIGTERM", "SIGINT"] as const) {
  Deno.test({
    name: `no process is left behind after ${signal}`,
    // It is looked for in /proc.
    ignore: !LINUX,
    async fn() {
      await withPlugin(async (home) => {
        const child = await waiting(home);
        assert.equal((await hosts(home)).length, 1);
        child.kill(signal);
        await child.status;
        await until("the process ends", async () => (await hosts(home)).length === 0);
      });
    },
  });
}

Deno.test({
  name: "when the process is killed from outside, the call says so",
  // It is looked for in /proc.
  ignore: !LINUX,
  async fn() {
    await withPlugin(async (home) => {
      const waitingCall = call(home, "wait");
      const began = `${home}/.pyra/data/some/began`;
      await until("the call runs", () => Deno.stat(began).then(() => true, () => false));
      for (const { pid } of await hosts(home)) Deno.kill(pid, "SIGKILL");
      const { code, stderr } = await waitingCall;
      assert.equal(code, 1);
      assert.match(stderr, /process ended/);
    });
  },
});
