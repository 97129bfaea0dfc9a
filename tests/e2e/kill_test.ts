/**
 * The settings' file under `kill -9` at random moments.
 * @module
 */
import assert from "node:assert/strict";
import { loadConfig } from "../../src/config/load.ts";
import { cleanEnvironment, withHome } from "./command.ts";
import { pyra } from "./executable.ts";

const KILLS = 200;
const LONGEST_MS = 160;
/** Runs at a time. */
const LANES = 2;

async function killed(home: string, value: string): Promise<void> {
  const { path, args } = await pyra();
  const child = new Deno.Command(path, {
    args: [...args, "config", "set", "ai.temperature", value],
    clearEnv: true,
    env: cleanEnvironment(home),
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  await new Promise((done) => setTimeout(done, Math.random() * LONGEST_MS));
  try {
    child.kill("SIGKILL");
  } catch (error) {
    // It ended before: as good a moment as any.
    if (!(error instanceof TypeError) && !(error instanceof Deno.errors.NotFound)) throw error;
  }
  await child.status;
}

Deno.test("settings are whole after 200 kills while they are written", async () => {
  await withHome(async (base) => {
    const lanes = Array.from({ length: LANES }, async (_, lane) => {
      const home = `${base}/${lane}`;
      const file = `${home}/.pyra/config.yaml`;
      await Deno.mkdir(`${home}/.pyra`, { recursive: true, mode: 0o700 });
      let written = 0;
      for (let kill = 0; kill < KILLS / LANES; kill++) {
        await killed(home, `${kill / 100}`);
        const { config, warnings } = await loadConfig({ profilePath: file, env: {} });
        assert.deepEqual(warnings, []);
        const kept = config.ai.temperature;
        if (kept !== undefined) assert.ok(kept * 100 <= kill + 1e-9, `${kept} after ${kill}`);
        if (kept === kill / 100) written++;
        for await (const { name } of Deno.readDir(`${home}/.pyra`)) {
          assert.ok(name !== "config.yaml.bak", name);
        }
      }
      return written;
    });
    const written = (await Promise.all(lanes)).reduce((sum, count) => sum + count, 0);
    assert.ok(written > 0 && written < KILLS, `${written} of ${KILLS} came through`);
  });
});
