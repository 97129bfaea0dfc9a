/**
 * Attacks on files: the vault read, written, linked, imported, attached, watched.
 * @module
 */
import * as fs from "node:fs";
import { createRequire } from "node:module";
import { DatabaseSync } from "node:sqlite";
import type { Attack } from "./attack.ts";

const read = (path: string) => Deno.readTextFileSync(path);
/** Computed at run time, so that no bundler or module graph sees where it leads. */
const dynamic = (url: string, options?: ImportCallOptions) => import(url, options);
const fileUrl = (path: string) => new URL(`file://${path}`).href;

/** Each attack by its name. */
export const FILE_ATTACKS: Readonly<Record<string, Attack>> = {
  "read the vault directly": ({ secret }) => read(secret),
  "read it asynchronously": ({ secret }) => Deno.readFile(secret),
  "read it through ..": ({ own, secret, home }) => read(`${own}/..${secret.slice(home.length)}`),
  "read it with doubled slashes": ({ secret }) => read(secret.replaceAll("/", "//")),
  "read it through a file URL": ({ secret }) => Deno.readTextFileSync(new URL(fileUrl(secret))),
  "read it through an escaped file URL": ({ secret }) =>
    Deno.readTextFileSync(new URL(fileUrl(secret).replace("vault", "%76ault"))),
  "open it for reading": ({ secret }) => Deno.openSync(secret).statSync().size > 0,
  "open it for appending": ({ secret }) => Deno.openSync(secret, { append: true }) !== undefined,
  "list the vault": ({ vault }) => [...Deno.readDirSync(vault)].length >= 0,
  "list the home": ({ home }) => [...Deno.readDirSync(home)].length >= 0,
  "stat the secret": ({ secret }) => Deno.statSync(secret).isFile,
  "resolve a path in the vault": ({ secret }) => Deno.realPathSync(secret).length > 0,
  "read through /proc/self/root": ({ secret }) => read(`/proc/self/root${secret}`),
  "read through /proc/self/cwd": ({ secret }) => read(`/proc/self/cwd/../../../../../..${secret}`),
  "read through /proc/thread-self": ({ secret }) => read(`/proc/thread-self/root${secret}`),
  "read the environment of the process": () => read("/proc/self/environ").length > 0,
  "read the memory of the process": () => read("/proc/self/maps").length > 0,
  "list the open descriptors": () => [...Deno.readDirSync("/proc/self/fd")].length > 0,
  "make a symbolic link to it": ({ own, secret }) => {
    Deno.symlinkSync(secret, `${own}/link-1`);
    return read(`${own}/link-1`);
  },
  "make a hard link to it": ({ own, secret }) => {
    Deno.linkSync(secret, `${own}/link-2`);
    return read(`${own}/link-2`);
  },
  "make a symbolic link with node:fs": ({ own, vault }) => {
    fs.symlinkSync(vault, `${own}/link-3`);
    return fs.readdirSync(`${own}/link-3`).length > 0;
  },
  "copy it into the own folder": ({ own, secret }) => {
    Deno.copyFileSync(secret, `${own}/copy`);
    return read(`${own}/copy`);
  },
  "rename it into the own folder": ({ own, secret }) => {
    Deno.renameSync(secret, `${own}/renamed`);
    return read(`${own}/renamed`);
  },
  "rename the own folder over the vault": ({ own, vault }) => {
    Deno.renameSync(own, vault);
    return true;
  },
  "overwrite it": ({ secret }) => {
    Deno.writeTextFileSync(secret, "x");
    return true;
  },
  "remove it": ({ vault }) => {
    Deno.removeSync(vault, { recursive: true });
    return true;
  },
  "change its mode": ({ secret }) => {
    Deno.chmodSync(secret, 0o777);
    return true;
  },
  "change its times": ({ secret }) => {
    Deno.utimeSync(secret, 0, 0);
    return true;
  },
  "write the config": ({ home }) => {
    Deno.writeTextFileSync(`${home}/config.yaml`, "x");
    return true;
  },
  "write the grants": ({ home }) => {
    Deno.writeTextFileSync(`${home}/grants.json`, "{}");
    return true;
  },
  "write the security log": ({ home }) => {
    Deno.writeTextFileSync(`${home}/security.log`, "", { append: true });
    return true;
  },
  "write the heads of the logs": ({ home }) => {
    Deno.writeTextFileSync(`${home}/log_heads.json`, "{}");
    return true;
  },
  "write the log of tools": ({ home }) => {
    Deno.writeTextFileSync(`${home}/logs/tool_executions.log`, "", { append: true });
    return true;
  },
  "look for the security log": ({ home }) => {
    try {
      return Deno.statSync(`${home}/security.log`).isFile;
    } catch (error) {
      // Told that it is not there: it was looked for.
      return error instanceof Deno.errors.NotFound;
    }
  },
  "plant a plugin": ({ home }) => {
    Deno.mkdirSync(`${home}/plugins/evil`, { recursive: true });
    return true;
  },
  "watch the vault": ({ vault }) => Deno.watchFs(vault) !== undefined,
  "make a temporary file elsewhere": () => Deno.makeTempFileSync().length > 0,
  "truncate it": ({ secret }) => {
    Deno.truncateSync(secret);
    return true;
  },
  "read it with node:fs": ({ secret }) => fs.readFileSync(secret, "utf8"),
  "read it with node:fs promises": ({ secret }) => fs.promises.readFile(secret, "utf8"),
  "stream it with node:fs": async ({ secret }) => {
    let text = "";
    for await (const chunk of fs.createReadStream(secret)) text += chunk;
    return text;
  },
  "copy it with node:fs": ({ own, secret }) => {
    fs.cpSync(secret, `${own}/node-copy`);
    return fs.readFileSync(`${own}/node-copy`, "utf8");
  },
  "list it with node:fs": ({ vault }) => fs.opendirSync(vault).readSync() !== null,
  "look whether it is there with node:fs": ({ secret }) => fs.existsSync(secret),
  "require it": ({ secret }) => JSON.stringify(createRequire(import.meta.url)(secret)),
  "require it from its own folder": ({ secret, vault }) =>
    JSON.stringify(createRequire(`${vault}/x.js`)("./" + secret.split("/").at(-1))),
  "import the ciphertext as JSON": ({ secret }) =>
    dynamic(fileUrl(secret), { with: { type: "json" } }),
  "import the ciphertext as text": async ({ secret }) =>
    (await dynamic(fileUrl(secret), { with: { type: "text" } })).default,
  "import the ciphertext as bytes": async ({ secret }) =>
    (await dynamic(fileUrl(secret), { with: { type: "bytes" } })).default,
  "import the ciphertext as a module": ({ secret }) => dynamic(fileUrl(secret)),
  "import it as text with a query": async ({ secret }) =>
    (await dynamic(`${fileUrl(secret)}?x`, { with: { type: "text" } })).default,
  "import it through a hook of the module loader": async ({ secret }) => {
    const module = await import("node:module") as unknown as {
      registerHooks: (hooks: unknown) => void;
    };
    module.registerHooks({
      resolve: () => ({ url: fileUrl(secret), format: "json", shortCircuit: true }),
      load: () => ({ source: fs.readFileSync(secret), format: "json", shortCircuit: true }),
    });
    return JSON.stringify(await dynamic("hooked", { with: { type: "json" } }));
  },
  "fetch a file URL": async ({ secret }) => await (await fetch(fileUrl(secret))).text(),
  "fetch it relative": async ({ secret }) => await (await fetch(`../..${secret}`)).text(),
  "compile WebAssembly from it": ({ secret }) =>
    WebAssembly.compileStreaming(fetch(fileUrl(secret))),
  "open it with SQLite": ({ vault }) => new DatabaseSync(`${vault}/db`).location() !== null,
  "open it read-only with SQLite": ({ secret }) =>
    new DatabaseSync(secret, { readOnly: true }).prepare("select 1").all().length > 0,
  "open it with a SQLite URI": ({ secret }) =>
    new DatabaseSync(`file:${secret}?mode=ro&immutable=1`).prepare("select 1").all().length > 0,
  "attach it in SQLite": ({ own, vault }) => {
    const db = new DatabaseSync(`${own}/a.db`);
    db.exec(`attach database '${vault}/stolen' as v; create table v.t(a)`);
    return true;
  },
  "attach it in SQLite in memory": ({ secret }) => {
    const db = new DatabaseSync(":memory:");
    db.exec(`attach database '${secret}' as v`);
    return true;
  },
  "vacuum into the vault": ({ own, vault }) => {
    new DatabaseSync(`${own}/b.db`).exec(`vacuum into '${vault}/planted'`);
    return true;
  },
  "load an extension in SQLite": ({ own }) => {
    const db = new DatabaseSync(`${own}/c.db`, { allowExtension: true });
    db.loadExtension("/usr/lib/x86_64-linux-gnu/libc.so.6");
    return true;
  },
  "read with SQLite's readfile": ({ own, secret }) =>
    new DatabaseSync(`${own}/d.db`).prepare("select readfile(?) as x").get(secret)?.["x"],
  "back up a database into the vault": async ({ own, vault }) => {
    const sqlite = await import("node:sqlite") as unknown as {
      backup: (db: DatabaseSync, path: string) => Promise<void>;
    };
    await sqlite.backup(new DatabaseSync(`${own}/e.db`), `${vault}/backup`);
    return true;
  },
};
