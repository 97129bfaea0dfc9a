/**
 * `pyra plugin …` on a real terminal: consent, set-up, a secret, a screen that is narrow.
 * @module
 */
import assert from "node:assert/strict";
import { cleanEnvironment, run, withHome } from "./command.ts";
import { pyra } from "./executable.ts";
import { hasTmux, Screen } from "./tmux.ts";

const ignore = !hasTmux(); // tmux is the terminal; `.ci/run` installs it

interface Terminal {
  readonly home: string;
  /** Runs `pyra plugin …` in a terminal; `[exit N]` shows when it has ended. */
  readonly open: (words: readonly string[], columns?: number) => Promise<Screen>;
}

function terminalTest(name: string, act: (terminal: Terminal) => Promise<void>): void {
  Deno.test({
    name,
    ignore, // without tmux there is no terminal to drive
    fn: () =>
      withHome(async (home) => {
        const { path, args } = await pyra();
        await act({
          home,
          open: (words, columns = 80) =>
            Screen.start({
              command: [path, ...args, "plugin", ...words],
              env: cleanEnvironment(home),
              cwd: home,
              columns,
            }),
        });
      }),
  });
}

const PLUGIN = `export default {
  tools: [{
    name: "say", description: "Says it.", parameters: { type: "object" },
    run: (_, { settings }) => settings.word + " " + settings.loud,
  }],
  configFields: () => [
    { key: "word", kind: "text", label: "The word", default: "hm" },
    { key: "loud", kind: "bool", label: "Loudly?", default: false },
  ],
};`;
const OWN_SETUP = PLUGIN.replace(
  "export default {",
  `export default {
  async setup(ui, secrets) {
    await ui.note("a few questions");
    const mood = await ui.select("Which mood?", ["calm", "merry"]);
    const word = await ui.text("Which word?", "hm");
    const has = await secrets.ask("api_key");
    console.log("mood " + mood + " " + has);
    return { settings: { word }, hosts: ["https://more.example"] };
  },`,
);

async function writePlugin(home: string, grants: object, text = PLUGIN): Promise<void> {
  await Deno.mkdir(`${home}/talker`, { recursive: true });
  const manifest = { name: "talker", version: "1.0.0", description: "talks", grants };
  await Deno.writeTextFile(`${home}/talker/manifest.json`, JSON.stringify(manifest));
  await Deno.writeTextFile(`${home}/talker/plugin.js`, text);
}

terminalTest("what a plugin asks for is shown, Enter is no, y is yes", async (terminal) => {
  const { home, open } = terminal;
  await writePlugin(home, { hosts: ["https://api.example"], workspace: "read" });
  {
    await using screen = await open(["install", "./talker"]);
    await screen.until(/reach https:\/\/api\.example[^]*read the files in[^]*Enable talker\?/);
    await screen.press("Enter");
    await screen.until(/\[exit 4\]/);
  }
  await assert.rejects(Deno.stat(`${home}/.pyra/plugins/talker`), Deno.errors.NotFound);
  {
    await using screen = await open(["install", "./talker"]);
    await screen.until(/Enable talker\?/);
    await screen.type("y");
    await screen.press("Enter");
    await screen.until(/talker 1\.0\.0 is installed and enabled[^]*\[exit 0\]/);
  }
  await writePlugin(home, { hosts: ["https://api.example", "https://more.example"] });
  {
    await using screen = await open(["install", "./talker"], 40);
    const shown = await screen.until(/takes the place of the 1\.0\.0[^]*Update talker\?/);
    assert.match(shown, /new: reach https:\/\/more\.example/);
    assert.doesNotMatch(shown, /new: reach https:\/\/api\.example/);
    await screen.press("C-c");
    await screen.until(/\[exit (130|4)\]/);
  }
  const { stdout } = await run(["plugin", "info", "talker"], { home });
  assert.match(stdout, /read the files in the workspace/, "the version before stays as it was");
});

terminalTest("set-up asks for settings, and Enter keeps what is set", async (terminal) => {
  const { home, open } = terminal;
  await writePlugin(home, {});
  assert.equal((await run(["plugin", "install", "./talker", "--yes"], { home })).code, 0);
  {
    await using screen = await open(["setup", "talker"]);
    await screen.until(/The word[^]*hm/);
    await screen.press("C-u");
    await screen.type("hey");
    await screen.press("Enter");
    await screen.until(/Loudly\?/);
    await screen.press("Up", "Enter");
    await screen.until(/talker is set up; saved: word, loud[^]*\[exit 0\]/);
  }
  assert.equal((await run(["tools", "call", "talker.say"], { home })).stdout, "hey true\n");
  {
    await using screen = await open(["setup", "talker"], 40);
    await screen.until(/The word[^]*hey/);
    await screen.press("Enter");
    await screen.until(/Loudly\?/);
    await screen.press("Enter");
    await screen.until(/talker is set up\n\[exit 0\]/);
  }
});

/** Stores a first secret, so that there is a vault that opens without a question. */
async function makeVault(home: string): Promise<void> {
  const words = ["vault", "set", "x", "--vault", "keyfile", "--stdin"];
  assert.equal((await run(words, { home, input: "first" })).code, 0);
}

const API_KEY = { label: "API key", origins: ["https://api.example"] };

terminalTest("secrets are asked for by Pyra itself, and each once", async (terminal) => {
  const { home, open } = terminal;
  const secrets = { api_key: API_KEY, second: { label: "Second key" }, third: { label: "Third" } };
  await writePlugin(home, { hosts: ["https://api.example"], secrets });
  assert.equal((await run(["plugin", "install", "./talker", "--yes"], { home })).code, 0);
  await makeVault(home);
  await using screen = await open(["setup", "talker"], 100);
  await screen.until(
    /api_key of the plugin talker[^]*sent to https:\/\/api\.example only[^]*API key/,
  );
  await screen.type("sk-hidden-value");
  await screen.press("Enter");
  await screen.until(/second of the plugin talker/);
  // Nothing typed: not now.
  await screen.press("Enter");
  await screen.until(/third of the plugin talker/);
  await screen.type("sk-hidden-third");
  await screen.press("Enter");
  await screen.until(/The word/);
  await screen.press("Enter");
  await screen.until(/Loudly\?/);
  await screen.press("Enter");
  const shown = await screen.until(/talker is set up[^]*\[exit 0\]/);
  assert.match(shown, /still missing: Second key/);
  assert.doesNotMatch(shown, /hidden/);
  assert.equal(shown.match(/second of/g)?.length, 1);
});

terminalTest("a plugin's own set-up goes on where Pyra asked between", async (terminal) => {
  const { home, open } = terminal;
  const secrets = { api_key: API_KEY };
  await writePlugin(home, { hosts: ["https://api.example"], secrets }, OWN_SETUP);
  assert.equal((await run(["plugin", "install", "./talker", "--yes"], { home })).code, 0);
  await makeVault(home);
  {
    await using screen = await open(["setup", "talker"], 100);
    await screen.until(/Which mood\?/);
    await screen.press("Down", "Enter");
    await screen.until(/Which word\?/);
    await screen.type("ho");
    await screen.press("Enter");
    await screen.until(/api_key of the plugin talker/);
    await screen.type("sk-hidden-value");
    await screen.press("Enter");
    await screen.until(/May the plugin talker reach https:\/\/more\.example/);
    await screen.type("y");
    await screen.press("Enter");
    // Nothing is asked twice: there were no more keys.
    const shown = await screen.until(/talker is set up; saved: word\n\[exit 0\]/);
    assert.doesNotMatch(shown, /sk-hidden/);
  }
  assert.match((await run(["plugin", "logs", "talker"], { home })).stdout, /mood merry true/);
  const { stdout } = await run(["plugin", "grants", "talker"], { home });
  assert.match(stdout, /reach https:\/\/more\.example \(added by you\)/);
  assert.equal((await run(["tools", "call", "talker.say"], { home })).stdout, "hmho false\n");
});
