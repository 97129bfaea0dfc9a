import assert from "node:assert/strict";
import { kernelError } from "../../../fakes/kernel.ts";
import { TestProfile } from "../../../fakes/command_context.ts";
import { recordOf } from "../../../fakes/plugin_rooms.ts";

const RELOAD = [{ method: "reload" }];

Deno.test("a daemon that runs hears of what is disabled, and of nothing that only looks", async () => {
  await using profile = await TestProfile.create();
  const record = recordOf("mail");
  const answers = {
    plugins: () => [record],
    disablePlugin: () => ({ ...record, state: "disabled" as const }),
    pluginSecrets: () => [],
  };
  const disabled = await profile.run(["plugin", "disable", "mail"], { answers });
  assert.equal(disabled.code, 0, disabled.err);
  assert.deepEqual(disabled.kernel.of("daemonAsk"), RELOAD);
  for (const line of [["plugin", "list"], ["plugin", "grants", "mail"]]) {
    const looked = await profile.run(line, { answers });
    assert.equal(looked.code, 0, looked.err);
    assert.deepEqual(looked.kernel.of("daemonAsk"), []);
  }
});

Deno.test("a change that failed is told of too, and a daemon that does not hear costs a line", async () => {
  await using profile = await TestProfile.create();
  const { code, err, kernel } = await profile.run(["plugin", "remove", "mail"], {
    answers: {
      plugins: () => [recordOf("mail")],
      removePlugin: () => {
        throw kernelError("bad_plugin", "its files cannot be removed");
      },
      daemonAsk: () => {
        throw kernelError("no_daemon", "the daemon ended");
      },
    },
  });
  assert.equal(code, 1);
  assert.deepEqual(kernel.of("daemonAsk"), RELOAD);
  assert.match(err, /did not hear of it: the daemon ended; run pyra daemon reload\n/);
  assert.match(err, /its files cannot be removed/);
});
