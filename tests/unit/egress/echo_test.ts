import assert from "node:assert/strict";
import { channelFetch } from "../../../src/rooms/fetch.ts";
import { failure, Rig, serve, type Served } from "./rig.ts";

const KEY = "sk-proj-Zk3+x/9dQ7TfLm0aVbN8cR2e";

async function started({ origin, allowed }: Served): Promise<{ rig: Rig; sentinel: string }> {
  const placement = "authorization: Bearer {}";
  const rig = await Rig.start({
    origins: [allowed],
    secrets: { k: { value: KEY, origins: [origin], placement } },
  });
  return { rig, sentinel: await rig.issue("k") };
}

Deno.test("an echoed secret is blotted out of the status, the headers and the body", async () => {
  await using server = serve((request) => {
    const authorization = request.headers.get("authorization") ?? "";
    const key = authorization.slice("Bearer ".length);
    return new Response(
      JSON.stringify({ authorization, percent: encodeURIComponent(key), b64: btoa(`user:${key}`) }),
      {
        statusText: `no ${key}`,
        headers: [["set-cookie", `k=${encodeURIComponent(key)}`], ["x-echo", authorization]],
      },
    );
  });
  const { rig, sentinel } = await started(server);
  using _ = rig;
  const headers = { authorization: `Bearer ${sentinel}` };
  const response = await rig.fetch(server.origin, { headers });
  assert.deepEqual(response.headers.getSetCookie(), ["k=[secret]"]);
  assert.equal(response.headers.get("x-echo"), "Bearer [secret]");
  assert.equal(response.statusText.includes(KEY), false);
  const text = await response.text();
  assert.match(text, /"authorization":"Bearer \[secret\]","percent":"\[secret\]"/);
  for (const form of [KEY, encodeURIComponent(KEY), btoa(`user:${KEY}`).slice(8, 40)]) {
    assert.equal(text.includes(form), false, form);
  }
});

Deno.test("a secret sent once is blotted out of later answers of that origin, to any caller", async () => {
  let kept = "";
  await using server = serve((request) => {
    kept = request.headers.get("authorization") ?? kept;
    return new Response(kept);
  });
  const { rig, sentinel } = await started(server);
  using _ = rig;
  const headers = { authorization: `Bearer ${sentinel}` };
  await (await rig.fetch(server.origin, { headers })).text();
  assert.equal(await (await rig.fetch(server.origin)).text(), "Bearer [secret]");
  const plugin = channelFetch(await rig.open("plugin:x", [server.allowed]));
  assert.equal(await (await plugin(server.origin)).text(), "Bearer [secret]");
});

Deno.test("a compressed echo is blotted out, and an encoding nobody asked for is refused", async () => {
  let encoding = "gzip";
  let ranges = 0;
  await using server = serve((request) => {
    if (request.headers.has("range")) ranges++;
    const echo = new Blob([request.headers.get("authorization") ?? ""]).stream();
    const body = echo.pipeThrough(new CompressionStream("gzip"));
    return new Response(body, { headers: { "content-encoding": encoding } });
  });
  const { rig, sentinel } = await started(server);
  using _ = rig;
  const headers = {
    authorization: `Bearer ${sentinel}`,
    range: "bytes=0-9",
    "accept-encoding": "x",
  };
  const response = await rig.fetch(server.origin, { headers });
  assert.equal(await response.text(), "Bearer [secret]");
  assert.equal(response.headers.has("content-encoding"), false);
  encoding = "x-mine";
  const refused = await failure(rig.fetch(server.origin, { headers }));
  assert.deepEqual([refused.code, refused.data], ["network", { reason: "encoding" }]);
  assert.equal(ranges, 0);
});
