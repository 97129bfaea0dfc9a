import assert from "node:assert/strict";
import type * as z from "zod/mini";
import { readAsk, readRequest, readRunParams } from "../../../src/kernel/daemon/socket/requests.ts";
import type {
  ClientCalls,
  DaemonCalls,
  HostedRunItem as Item,
} from "../../../src/protocol/daemon_calls.ts";
import {
  CALLS,
  CLIENT_CALLS,
  ErrorFrame,
  EXAMPLES,
  HostedRunItem,
  NotificationFrame,
  RequestFrame,
  ResultFrame,
  RUN_EXAMPLE,
} from "../../../src/protocol/daemon_schemas.ts";
import type { Handler } from "../../../src/rpc/channel.ts";
import { DoorRig } from "../../fakes/daemon_door.ts";

type Shape = { readonly params: z.ZodMiniType; readonly result: z.ZodMiniType };
const SHAPES: Readonly<Record<string, Shape>> = CALLS;

/** Both ways, so that neither has what the other has not. */
type Same<One, Other> = One extends Other ? Other extends One ? true : false : false;
type Contract = { [Name in keyof DaemonCalls]: Parameters<DaemonCalls[Name]>[0] };
type Params = { [Name in keyof DaemonCalls]: z.infer<(typeof CALLS)[Name]["params"]> };
/** `run` is a stream; what `tasks` answers is any JSON, of which zod has its own type. */
type Answered = Exclude<keyof DaemonCalls, "run" | "tasks">;
type Results = { [Name in Answered]: ReturnType<DaemonCalls[Name]> };
type Shown = { [Name in keyof Results]: z.infer<(typeof CALLS)[Name]["result"]> };
type ClientContract = { [Name in keyof ClientCalls]: ReturnType<ClientCalls[Name]> };
type ClientShown = { [Name in keyof ClientCalls]: z.infer<(typeof CLIENT_CALLS)[Name]["result"]> };

Deno.test("the schemas say what the contract says", () => {
  // Type checking is the test; each is true or does not compile.
  const same: [
    Same<Contract, Params>,
    Same<Results, Shown>,
    Same<Item, z.infer<typeof HostedRunItem>>,
    Same<ClientContract, ClientShown>,
  ] = [true, true, true, true];
  assert.ok(same.every(Boolean));
});

/** A daemon whose calls answer as the examples say. */
function exampleDaemon(): Promise<DoorRig> {
  const answers = EXAMPLES.flatMap(({ request, answer }): [string, Handler][] => {
    const { result } = JSON.parse(answer);
    return result === undefined ? [] : [[JSON.parse(request).method, () => result]];
  });
  const items = RUN_EXAMPLE.filter((line) => line.startsWith("<"))
    .flatMap((line) => JSON.parse(line.slice(2)).params?.value ?? []);
  const run: Handler = async function* () {
    await Promise.resolve();
    yield* items;
  };
  return DoorRig.open({ serve: () => ({ handlers: { ...Object.fromEntries(answers), run } }) });
}

Deno.test("each example crosses the socket as it is written, and has its call's shape", async () => {
  await using rig = await exampleDaemon();
  for (const { says, request, answer } of EXAMPLES) {
    using client = await rig.proven();
    await client.send(request);
    const line = JSON.parse(JSON.stringify(await client.next()));
    assert.deepEqual(line, JSON.parse(answer), says);
    if (line.error) {
      ErrorFrame.parse(line);
      continue;
    }
    const { method, params = null } = RequestFrame.parse(JSON.parse(request));
    SHAPES[method]?.params.parse(params);
    SHAPES[method]?.result.parse(ResultFrame.parse(line).result);
  }
  const shown = new Set(EXAMPLES.map(({ request }) => /"method":"([^"]+)"/.exec(request)?.[1]));
  const missing = Object.keys(CALLS).filter((method) => !shown.has(method));
  assert.deepEqual(missing, ["hello", "prove", "run"]);
});

Deno.test("a run crosses as it is written, line by line", async () => {
  await using rig = await exampleDaemon();
  using client = await rig.proven();
  for (const line of RUN_EXAMPLE) {
    const frame = JSON.parse(line.slice(2));
    if (line.startsWith(">")) await client.send(frame);
    else assert.deepEqual(await client.next(), frame);
    if (frame.method === "run") CALLS.run.params.parse(RequestFrame.parse(frame).params);
    else if (frame.method === undefined) ResultFrame.parse(frame);
    else NotificationFrame.parse(frame);
    const value = frame.params?.value;
    if (value) HostedRunItem.parse(value);
  }
});

Deno.test("the handshake has the shape that the schemas say", async () => {
  await using rig = await exampleDaemon();
  using client = await rig.stranger();
  const params = CALLS.hello.params.parse({
    protocol: 1,
    version: "0.1.0",
    nonce: "00".repeat(16),
  });
  CALLS.hello.result.parse((await client.call(1, "hello", params))?.["result"]);
  using proven = await rig.stranger();
  CALLS.prove.result.parse((await proven.prove(rig.instance.token))?.["result"]);
});

Deno.test("the kernel's own readers take what the schemas take", () => {
  const readers: Readonly<Record<string, (params: unknown) => unknown>> = {
    stop: (params) => readRequest("stop", params),
    "vault.unlock": (params) => readRequest("unlock", params),
    tasks: readAsk,
    run: readRunParams,
  };
  const requests = [...EXAMPLES.map(({ request }) => request), RUN_EXAMPLE[0]?.slice(2) ?? ""];
  let read = 0;
  for (const request of requests) {
    if (!request.startsWith("{")) continue;
    const { method, params } = JSON.parse(request);
    const reader = readers[method];
    if (!reader) continue;
    read++;
    assert.deepEqual(reader(params), SHAPES[method]?.params.parse(params));
    for (const wrong of [null, 7, [], {}, { limitMs: -1 }, { method: "exec" }]) {
      assert.throws(
        () => reader(wrong),
        { code: "bad_call" },
        `${method} ${JSON.stringify(wrong)}`,
      );
      assert.ok(!SHAPES[method]?.params.safeParse(wrong).success);
    }
  }
  assert.equal(read, 4);
});
