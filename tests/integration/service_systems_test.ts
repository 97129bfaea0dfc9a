import assert from "node:assert/strict";
import { launchd, taskScheduler } from "../../src/kernel/daemon/service/systems.ts";
import { factsWith, someFacts } from "../unit/service/some_facts.ts";
import { Rig } from "./service_rig.ts";

/** Stands in for launchctl: one service, loaded or not, in a file. */
const LAUNCHCTL = `case $1 in
print) [ "$2" != "\${2%/*/*}" ] || exit 0
  [ -e "$0.loaded" ] || { echo "Could not find service" >&2; exit 113; }
  printf '%s = {\\n\\tstate = running\\n\\tpid = 4711\\n\\tlast exit code = (never exited)\\n}\\n' "$2";;
bootstrap) [ -e "$3" ] || { echo "Bootstrap failed: 5: Input/output error" >&2; exit 5; }
  touch "$0.loaded";;
bootout) rm "$0.loaded" || exit 3;;
esac`;

const unlessUnix = { ignore: Deno.build.os === "windows" };

// The stand-ins are scripts for sh.
Deno.test("launchd takes a service, tells of it, and forgets it", unlessUnix, async () => {
  await using rig = await Rig.make();
  const calls = await rig.program("launchctl", LAUNCHCTL);
  const gui = `gui/${Deno.uid()}`;
  const off = { registered: false, running: false, pid: undefined, failure: undefined };
  const on = { registered: true, running: true, pid: 4711, failure: undefined };
  await launchd.ready();
  assert.deepEqual(await launchd.look("pyra"), off);
  await assert.rejects(launchd.start("pyra", `${rig.folder}/none`), {
    message: "launchctl failed: Bootstrap failed: 5: Input/output error",
  });
  const file = `${rig.folder}/pyra.plist`;
  await Deno.writeTextFile(file, launchd.text(someFacts()));
  await launchd.start("pyra", file);
  assert.deepEqual(await launchd.look("pyra"), on);
  assert.deepEqual(calls().slice(-4), [
    `print ${gui}/pyra`,
    `enable ${gui}/pyra`,
    `bootstrap ${gui} ${file}`,
    `print ${gui}/pyra`,
  ]);
  await launchd.start("pyra", file);
  assert.ok(
    calls().includes(`bootout ${gui}/pyra`),
    "what runs is ended before it is started anew",
  );
  await launchd.stop("pyra");
  await launchd.stop("pyra");
  assert.deepEqual(await launchd.look("pyra"), off);
});

// The stand-ins are scripts for sh.
Deno.test(
  "the Task Scheduler takes a service, tells of it, and forgets it",
  unlessUnix,
  async () => {
    await using rig = await Rig.make();
    const calls = await rig.program(
      "schtasks",
      `case "$1 $2" in "/Query /TN") [ -e "$0.is" ];; "/Create /TN") touch "$0.is";;
"/Delete /TN") rm "$0.is";; esac`,
    );
    await taskScheduler.ready();
    assert.equal((await taskScheduler.look("pyra")).registered, false);
    await taskScheduler.stop("pyra");
    await taskScheduler.start("pyra", "C:\\x.xml");
    assert.equal((await taskScheduler.look("pyra")).registered, true);
    await taskScheduler.stop("pyra");
    assert.deepEqual(calls().filter((call) => !call.startsWith("/Query")), [
      "/Create /TN pyra /XML C:\\x.xml /F",
      "/Run /TN pyra",
      "/End /TN pyra",
      "/Delete /TN pyra /F",
    ]);
    const path = "C:\\%TEMP%";
    assert.throws(() => taskScheduler.text(factsWith(path)), { code: "usage" });
  },
);
