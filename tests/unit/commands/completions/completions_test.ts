import assert from "node:assert/strict";
import { allCommands } from "../../../../src/commands/command_entry.ts";
import { COMMANDS } from "../../../../src/commands/table.ts";
import { FIELDS } from "../../../../src/config/fields.ts";
import { PROVIDERS } from "../../../../src/providers/table.ts";
import { TestProfile } from "../../../fakes/command_context.ts";

async function script(shell: string): Promise<string> {
  await using profile = await TestProfile.create();
  const { code, out } = await profile.run(["completions", shell]);
  assert.equal(code, 0);
  return out;
}

async function has(program: string): Promise<boolean> {
  try {
    await new Deno.Command(program, { args: ["--version"], stdout: "null" }).output();
    return true;
  } catch {
    return false;
  }
}

const BASH = await has("bash");
const ZSH = await has("zsh");
const FISH = await has("fish");

async function output(program: string, args: string[], cwd?: string): Promise<string> {
  const { stdout, stderr, success } = await new Deno.Command(program, {
    args,
    ...(cwd === undefined ? {} : { cwd }),
  }).output();
  const errors = new TextDecoder().decode(stderr);
  assert.ok(success && errors === "", errors);
  return new TextDecoder().decode(stdout);
}

/** What bash offers for a command line whose last word is being typed. */
async function bash(words: readonly string[], cwd?: string): Promise<string[]> {
  const quoted = words.map((word) => `'${word}'`).join(" ");
  const asked = `${await script("bash")}
COMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}; _pyra
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const out = await output("bash", ["--norc", "-c", asked], cwd);
  return out.split("\n").filter((word) => word !== "");
}

async function fish(line: string, cwd?: string): Promise<string[]> {
  const path = await Deno.makeTempFile({ suffix: ".fish" });
  await Deno.writeTextFile(path, await script("fish"));
  try {
    const asked = `source ${path}; complete -C '${line}'`;
    const out = await output("fish", ["--no-config", "-c", asked], cwd);
    return out.split("\n").filter((word) => word !== "").map((row) => row.split("\t")[0] ?? "");
  } finally {
    await Deno.remove(path);
  }
}

/** What zsh hands to \`_describe\`, which needs a terminal to show it. */
async function zsh(words: readonly string[]): Promise<string[]> {
  const quoted = words.map((word) => `'${word}'`).join(" ");
  const asked = `compdef() { : }; _files() { print -r -- FILES }; compset() { : }
_describe() { print -rl -- "\${found[@]}" }
${await script("zsh")}
words=(${quoted}); CURRENT=${words.length}; _pyra; true`;
  const out = await output("zsh", ["-f", "-c", asked]);
  return out.split("\n").filter((word) => word !== "").map((row) => row.replace(/:.*/, ""));
}

const TOP = COMMANDS.map(({ name }) => name);
const IDS = PROVIDERS.map(({ id }) => id);
const KEYS = FIELDS.map(({ path }) => path);

Deno.test("there are completions for four shells, and others are refused by name", async () => {
  await using profile = await TestProfile.create();
  const { code, err } = await profile.run(["completions", "fissh"]);
  assert.equal(code, 2);
  assert.match(err, /did you mean fish/);
  assert.equal((await profile.run(["completions"])).code, 2);
});

Deno.test("every script knows every command, option, provider and setting", async () => {
  for (const shell of ["bash", "zsh", "fish", "powershell"]) {
    const text = await script(shell);
    for (const { words, entry } of allCommands(COMMANDS)) {
      assert.ok(text.includes(words.join(" ")), `${shell} ${words}`);
      for (const { flag } of entry.options) {
        assert.ok(text.includes(shell === "fish" ? `-l ${flag.slice(2)} ` : flag), shell + flag);
      }
    }
    for (const word of [...IDS, ...KEYS]) assert.ok(text.includes(word), shell + word);
  }
});

Deno.test("the PowerShell script balances its brackets and quotes", async () => {
  const text = (await script("powershell")).replaceAll(/^\s*#.*$/gm, "").replaceAll(/'[^']*'/g, "");
  for (const [open, close] of ["()", "{}", "[]"]) {
    assert.equal(text.split(open ?? "").length, text.split(close ?? "").length, open);
  }
  assert.equal(text.split('"').length % 2, 1);
  assert.ok(!text.includes("'"));
});

Deno.test({
  name: "bash completes commands, options and values",
  // Not every machine has this shell.
  ignore: !BASH,
  async fn() {
    assert.deepEqual(await bash(["pyra", ""]), TOP);
    assert.deepEqual(await bash(["pyra", "se"]), ["setup", "sessions", "security"]);
    assert.deepEqual(await bash(["pyra", "vault", "r"]), ["rm", "rotate", "recipients"]);
    assert.deepEqual(await bash(["pyra", "memory", "re"]), ["reindex"]);
    assert.deepEqual(await bash(["pyra", "memory", "search", "x", "--se"]), ["--semantic"]);
    assert.deepEqual(await bash(["pyra", "--json", "config", "g"]), ["get"]);
    assert.deepEqual(await bash(["pyra", "--home", "x", "config", "g"]), ["get"]);
    assert.deepEqual(await bash(["pyra", "ask", "--mo"]), ["--model"]);
    assert.deepEqual(await bash(["pyra", "vault", "set", "n", "--or"]), ["--origin"]);
    assert.deepEqual(await bash(["pyra", "vault", "set", "--ver"]), ["--verbose", "--version"]);
    assert.deepEqual(await bash(["pyra", "ask", "--provider", ""]), IDS);
    assert.deepEqual(await bash(["pyra", "ask", "-p", "ol"]), ["ollama"]);
    assert.deepEqual(await bash(["pyra", "ask", "--provider", "=", "ol"]), ["ollama"]);
    assert.deepEqual(await bash(["pyra", "config", "get", "ai.f"]), ["ai.fallbacks"]);
    assert.deepEqual(await bash(["pyra", "config", "set", "ai.model", ""]), []);
    assert.deepEqual(await bash(["pyra", "completions", ""]), [
      "bash",
      "zsh",
      "fish",
      "powershell",
    ]);
    assert.deepEqual(await bash(["pyra", "sessions", "export", "1", "--format", ""]), [
      "md",
      "json",
    ]);
    assert.deepEqual(await bash(["pyra", "ask", "--model", ""]), []);
  },
});

Deno.test({
  name: "bash completes files, spaces in their names included",
  // Not every machine has this shell.
  ignore: !BASH,
  async fn() {
    await using profile = await TestProfile.create();
    await Deno.writeTextFile(`${profile.home}/a b.png`, "");
    assert.deepEqual(await bash(["pyra", "ask", "--attach", "a"], profile.home), ["a b.png"]);
    assert.deepEqual(await bash(["pyra", "vault", "import", "a"], profile.home), ["a b.png"]);
    assert.deepEqual(await bash(["pyra", "memory", "import", "a"], profile.home), ["a b.png"]);
    assert.deepEqual(await bash(["pyra", "memory", "show", "a"], profile.home), []);
  },
});

Deno.test({
  name: "zsh completes commands, options and values",
  // Not every machine has this shell.
  ignore: !ZSH,
  async fn() {
    assert.deepEqual(await zsh(["pyra", ""]), TOP);
    assert.ok((await zsh(["pyra", "vault", ""])).includes("recipients"));
    assert.ok((await zsh(["pyra", "ask", "--"])).includes("--max-tokens"));
    assert.ok((await zsh(["pyra", "--home", "x", "ask", "-"])).includes("--json"));
    assert.deepEqual(await zsh(["pyra", "ask", "--provider", ""]), IDS);
    assert.deepEqual(await zsh(["pyra", "config", "get", ""]), KEYS);
    assert.deepEqual(await zsh(["pyra", "config", "set", "ai.model", ""]), []);
    assert.deepEqual(await zsh(["pyra", "ask", "--attach", ""]), ["FILES"]);
    assert.deepEqual(await zsh(["pyra", "vault", "import", ""]), ["FILES"]);
  },
});

Deno.test({
  name: "fish completes commands, options and values",
  // Not every machine has this shell.
  ignore: !FISH,
  async fn() {
    assert.deepEqual((await fish("pyra ")).toSorted(), TOP.toSorted());
    assert.deepEqual(await fish("pyra vault rot"), ["rotate"]);
    assert.deepEqual(await fish("pyra --json config g"), ["get"]);
    assert.deepEqual(await fish("pyra --home x config g"), ["get"]);
    assert.deepEqual(await fish("pyra ask --mo"), ["--model"]);
    assert.deepEqual(await fish("pyra vault set n --or"), ["--origin"]);
    assert.deepEqual((await fish("pyra ask --provider ")).toSorted(), IDS.toSorted());
    assert.deepEqual(await fish("pyra ask -p ol"), ["ollama"]);
    assert.deepEqual(await fish("pyra ask --provider=ol"), ["--provider=ollama"]);
    assert.deepEqual((await fish("pyra config get ")).toSorted(), KEYS.toSorted());
    assert.deepEqual(await fish("pyra config set ai.model "), []);
    await using profile = await TestProfile.create();
    await Deno.writeTextFile(`${profile.home}/picture.png`, "");
    assert.deepEqual(await fish("pyra ask --attach pic", profile.home), ["picture.png"]);
  },
});

Deno.test({
  name: "the scripts are sound for the shells that read them",
  // Not every machine has this shell.
  ignore: !BASH,
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      for (const [shell, there] of [["bash", BASH], ["zsh", ZSH], ["fish", FISH]] as const) {
        if (!there) continue;
        await Deno.writeTextFile(`${folder}/script`, await script(shell));
        await output(shell, ["-n", `${folder}/script`]);
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test({
  name: "shells complete the names of recipes, and run nothing that a file's name says",
  // Not every machine has these shells.
  ignore: !BASH || !ZSH || !FISH,
  async fn() {
    const home = await Deno.makeTempDir();
    const before = Deno.env.get("PYRA_HOME");
    try {
      const line = ["pyra", "recipe", "run", ""];
      Deno.env.set("PYRA_HOME", home);
      assert.deepEqual(await bash(line), []);
      assert.deepEqual(await fish("pyra recipe run "), []);
      await Deno.mkdir(`${home}/recipes`);
      for (const name of ["tea", "two-teas", "$(touch evil)"]) {
        await Deno.writeTextFile(`${home}/recipes/${name}.yaml`, "");
      }
      assert.deepEqual(await bash(line, home), ["tea", "two-teas"]);
      assert.deepEqual((await zsh(line)).slice(-2), ["tea", "two-teas"]);
      assert.deepEqual((await fish("pyra recipe run t", home)).sort(), ["tea", "two-teas"]);
      await assert.rejects(Deno.stat(`${home}/evil`), Deno.errors.NotFound);
    } finally {
      if (before === undefined) Deno.env.delete("PYRA_HOME");
      else Deno.env.set("PYRA_HOME", before);
      await Deno.remove(home, { recursive: true });
    }
  },
});
