/**
 * The ground that hostile plugins are let loose on: a real profile with a vault, secrets, another plugin
 * and its data, servers on loopback, and the kernel's own code that starts and calls plugins.
 * @module
 */
import { PluginCatalog } from "../../../src/kernel/plugins/catalog.ts";
import { PluginRooms } from "../../../src/kernel/plugins/rooms.ts";
import { parseCommandLine } from "../../../src/kernel/command_line.ts";
import { takeEnvironment } from "../../../src/kernel/environment.ts";
import { Run } from "../../../src/kernel/run.ts";
import { Terminal } from "../../../src/kernel/terminal.ts";
import { VaultAccess } from "../../../src/kernel/vault_access.ts";
import type { Json } from "../../../src/protocol/plugin.ts";
import type { PluginMethod } from "../../../src/protocol/plugin_calls.ts";
import type { Targets } from "./plugin/attack.ts";

/** What every secret thing holds. */
export const CANARY = "CANARY-7d20aa";
const GOOD_CODE = `export default { tools: [{ name: "echo", description: "says it again",
  parameters: { type: "object" }, run: (input) => "good: " + input.text }] };`;
/** A plugin that may ask for everything but what matters. */
const GRANTS = {
  conversation: true,
  hosts: ["*"],
  secrets: {
    own: { label: "its own" },
    bound: {
      label: "bound",
      origins: ["https://api.example.com"],
      placement: "authorization: Bearer {}",
    },
  },
};

/** What a plugin on this ground is. */
export interface Given {
  readonly files: Readonly<Record<string, string>>;
  readonly grants?: Readonly<Record<string, unknown>>;
}

/** The ground. */
export class Ground {
  readonly targets: Targets;
  readonly rooms: PluginRooms;
  readonly home: string;
  readonly #base: string;
  readonly #run: Run;
  readonly #catalog: PluginCatalog;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  private constructor(base: string, entries: URL) {
    this.#base = base;
    this.home = `${base}/home`;
    const args = ["--home", this.home, "--workspace", `${base}/work`, "ask", "--vault", "keyfile"];
    Deno.mkdirSync(`${base}/work`);
    this.#run = new Run({
      line: parseCommandLine(args),
      environment: takeEnvironment(),
      folder: Deno.cwd(),
      entries,
      terminal: new Terminal(() => {}),
      died(room, cause) {
        throw new Error(`the ${room} room ended`, { cause });
      },
    });
    this.#catalog = new PluginCatalog(this.#run.profile, undefined, `${base}/system`);
    const denied = () => Promise.reject(new Deno.errors.PermissionDenied("nobody is asked"));
    this.rooms = new PluginRooms(this.#run, this.#catalog, {
      run: this.#run,
      vault: new VaultAccess(this.#run),
      storeSecret: denied,
      // The app's part: notes that hold the canary, for those who may search them.
      app: ({ method }) => Promise.resolve(method === "memory.search" ? [{ snippet: CANARY }] : {}),
    });
    this.#server = Deno.serve(
      { port: 0, hostname: "0.0.0.0", onListen() {} },
      () => new Response(CANARY),
    );
    this.targets = {
      own: `${this.home}/data/insider`,
      home: this.home,
      userHome: base,
      canary: CANARY,
      port: this.#server.addr.port,
      hostName: Deno.hostname(),
      pid: Deno.pid,
    };
  }

  /** Makes it. @param entries the folder of the rooms' entries */
  static async make(entries: URL): Promise<Ground> {
    const base = await Deno.realPath(await Deno.makeTempDir());
    const ground = new Ground(base, entries);
    await ground.#bury();
    await ground.agree("good", {
      files: { "plugin.ts": GOOD_CODE },
      grants: { secrets: { good_token: { label: "a token" } } },
    });
    await Deno.mkdir(`${ground.home}/data/good`, { recursive: true });
    await Deno.writeTextFile(`${ground.home}/data/good/canary`, CANARY);
    return ground;
  }

  /** Puts canaries where a plugin may not look. */
  async #bury(): Promise<void> {
    const { profile } = this.#run;
    const vault = new VaultAccess(this.#run);
    await vault.ensure();
    const set = (name: string, origins: string[] = []) =>
      vault.call("set", {
        name,
        origins,
        placement: origins.length > 0 ? "authorization: Bearer {}" : "",
        value: CANARY,
      });
    await set("provider:openai", ["https://api.openai.com"]);
    await set("plugin:good:good_token");
    await set("plugin:insider:bound", ["https://api.example.com"]);
    await Deno.writeTextFile(`${profile.vault}/secrets/canary.age`, CANARY);
    await Deno.writeTextFile(profile.config, `${CANARY}\n`);
    await Deno.mkdir(`${profile.memory}/user`, { recursive: true });
    await Deno.writeTextFile(`${profile.memory}/user/profile.md`, CANARY);
    await Deno.mkdir(`${this.#base}/.ssh`);
    await Deno.writeTextFile(`${this.#base}/.ssh/id_ed25519`, CANARY);
  }

  /** Puts a plugin into the profile, as if the person had agreed to it as it is. */
  async agree(name: string, { files, grants = GRANTS }: Given): Promise<void> {
    await this.rooms.stop(name);
    const folder = `${this.home}/plugins/${name}`;
    await Deno.remove(folder, { recursive: true }).catch(() => undefined);
    const manifest = { name, version: "1.0.0", description: "a plugin of a test", grants };
    for (
      const [path, text] of Object.entries({ ...files, "manifest.json": JSON.stringify(manifest) })
    ) {
      const file = `${folder}/${path}`;
      await Deno.mkdir(file.slice(0, file.lastIndexOf("/")), { recursive: true });
      await Deno.writeTextFile(file, text);
    }
    const found = await this.#catalog.find(name);
    await this.#catalog.agree(found, found.record.wishes);
  }

  /** Calls a plugin as the app does; the result, or the refusal's code and words. */
  async call(
    name: string,
    method: PluginMethod,
    params: Json,
    { limitMs = 5_000 }: { limitMs?: number } = {},
  ): Promise<{ result: unknown } | { code: string; message: string }> {
    try {
      let result: unknown;
      const call = { name, method, params, limitMs };
      for await (const item of this.rooms.call(call, new AbortController().signal)) {
        if ("result" in item) result = item.result;
      }
      return { result };
    } catch (error) {
      return { code: String(Object(error).code), message: Object(error).message };
    }
  }

  /** The text that a tool answers, or the refusal. */
  async tool(name: string, tool: string, input: Json, limitMs = 5_000): Promise<string> {
    const answer = await this.call(name, "run", { tool, input }, { limitMs });
    if ("code" in answer) return `${answer.code}: ${answer.message}`;
    return String(Object(answer.result).text);
  }

  /** Whether the other plugin can still be called: the next call starts what was ended. */
  async goesOn(): Promise<boolean> {
    return await this.tool("good", "echo", { text: "still" }) === "good: still";
  }

  /** Ends everything. */
  async end(): Promise<void> {
    await this.rooms.close();
    await this.#server.shutdown();
    await Deno.remove(this.#base, { recursive: true });
  }
}
