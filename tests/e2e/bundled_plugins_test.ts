import assert from "node:assert/strict";
import { serve } from "../unit/egress/rig.ts";
import { run, type RunResult, withHome } from "./command.ts";

/** Pyra in one home folder. */
function pyra(home: string): (...args: string[]) => Promise<RunResult> {
  return (...args) => run(args, { home });
}

async function installed(home: string, name: string): Promise<ReturnType<typeof pyra>> {
  const call = pyra(home);
  const { code, stderr } = await call("plugin", "install", name, "--yes");
  assert.equal(code, 0, stderr);
  return call;
}

Deno.test("the plugins that come with Pyra are listed, and none is installed", async () => {
  await withHome(async (home) => {
    const { code, stdout } = await pyra(home)("plugin", "available", "--json");
    assert.equal(code, 0);
    const text = JSON.stringify(JSON.parse(stdout));
    for (const name of ["clock", "fetch", "websearch"]) assert.match(text, new RegExp(`"${name}"`));
    assert.ok(!stdout.includes("Error"));
  });
});

Deno.test("clock tells the time without any right", async () => {
  await withHome(async (home) => {
    const call = await installed(home, "clock");
    const input = { time: "2026-12-24 18:00", from: "Europe/Berlin", to: ["tokyo"] };
    const { code, stdout } = await call("tools", "call", "clock.convert", JSON.stringify(input));
    assert.equal(code, 0);
    assert.match(stdout, /is Friday, 25 December 2026, 02:00 in Asia\/Tokyo/);
    const wrong = await call("tools", "call", "clock.now", '{"zone":"atlantis"}');
    assert.equal(wrong.code, 1);
    assert.match(wrong.stderr, /no time zone is called "atlantis"/);
  });
});

Deno.test("fetch reads no private address, unless that very host was added", async () => {
  let requests = 0;
  const page = () => new Response("<h1>Inside</h1>", { headers: { "content-type": "text/html" } });
  await using other = serve(() => (requests++, page()));
  await using server = serve((request) => {
    requests++;
    const headers = { location: `${other.origin}/secret` };
    return new URL(request.url).pathname === "/away"
      ? new Response(null, { status: 302, headers })
      : page();
  });
  await withHome(async (home) => {
    const call = await installed(home, "fetch");
    const read = (url: string) => call("tools", "call", "fetch.page", JSON.stringify({ url }));
    const nowhere = await read("https://no.such.name.invalid/page");
    assert.match(nowhere.stderr, /^pyra: [^\n]*\npyra: [^\n]*its name leads nowhere\n$/);
    const listed = await call("tools", "list");
    assert.match(listed.stdout, /^fetch\.page +network: any host/m);
    for (
      const url of [server.origin, `http://localhost:${server.port}`, "http://169.254.169.254"]
    ) {
      const refused = await read(url);
      assert.equal(refused.code, 1, url);
      assert.match(refused.stderr, /private network/, url);
    }
    assert.equal(requests, 0);
    assert.equal(
      (await call("plugin", "grants", "fetch", "--add", server.origin, "--yes")).code,
      0,
    );
    const seen = await read(server.origin);
    assert.match(seen.stdout, /# Inside/);
    const away = await read(`${server.origin}/away`);
    assert.match(away.stdout, /leads to another host/);
    assert.ok(!away.stdout.includes("Inside"));
    assert.match((await read(`${other.origin}/secret`)).stderr, /private network/);
    assert.equal(requests, 2);
  });
});

Deno.test("websearch reaches nobody until a service is chosen, and then that one alone", async () => {
  const results = [{ title: "Found", url: "https://a.test/", content: "here" }];
  await using server = serve(() => Response.json({ results }));
  await withHome(async (home) => {
    const call = await installed(home, "websearch");
    const search = () => call("tools", "call", "websearch.search", '{"query":"deno"}');
    assert.match((await search()).stderr, /pyra plugin setup websearch/);
    await call("config", "set", "plugin_settings.websearch.service", "searxng");
    await call("config", "set", "plugin_settings.websearch.searxng_url", server.origin);
    const ungranted = await search();
    assert.equal(ungranted.code, 1);
    assert.match(ungranted.stderr, /pyra plugin setup websearch/);
    assert.equal(
      (await call("plugin", "grants", "websearch", "--add", server.origin, "--yes")).code,
      0,
    );
    const found = await search();
    assert.equal(found.code, 0, found.stderr);
    assert.match(found.stdout, /1\. Found\n {3}https:\/\/a\.test\/\n {3}here/);
  });
});

Deno.test({
  name: "system tells of this machine, and leaves alone what it runs on",
  // Its parsers for other systems are tested with what their programs write.
  ignore: Deno.build.os !== "linux",
}, async () => {
  await withHome(async (home) => {
    const call = await installed(home, "system");
    const told = await call("tools", "call", "system.get_system_info", "{}");
    assert.equal(told.code, 0, told.stderr);
    assert.match(told.stdout, /^system: .+\n[^]*^memory: .+ available$[^]*^disks:\n- /m);
    // A sandbox has processes of its own; these are the machine's.
    const [, processes] = /^processes: (\d+)$/m.exec(told.stdout) ?? [];
    assert.ok(Number(processes) > 3, told.stdout);
    assert.ok(!told.stdout.includes(Deno.hostname()));
    const input = { action: "remove", names: ["bash"], manager: "apt" };
    const refused = await call("tools", "call", "system.manage_application", JSON.stringify(input));
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /bash belongs to what this machine runs on/);
  });
});
