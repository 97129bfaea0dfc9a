import assert from "node:assert/strict";
import fc from "fast-check";
import { readFrame } from "../../../src/rpc/frame.ts";
import { errorLine, type Frame, frameLine, readLine } from "../../../src/rpc/json_rpc.ts";
import { FRAME_LIMIT_BYTES } from "../../../src/rpc/ndjson.ts";

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function json(line: Uint8Array | undefined): Record<string, unknown> {
  const text = new TextDecoder().decode(line);
  assert.ok(text.endsWith("\n") && text.indexOf("\n") === text.length - 1);
  return JSON.parse(text);
}

function read(value: unknown) {
  return readLine(bytes(typeof value === "string" ? value : JSON.stringify(value)));
}

/** Arrays in each other. */
function nested(levels: number): unknown {
  return levels === 0 ? 1 : [nested(levels - 1)];
}

/** The answer to what is no frame. */
function refusal(value: unknown) {
  const reading = read(value);
  if (reading.kind === "frame") throw new TypeError(`a frame: ${JSON.stringify(value)}`);
  return reading.answer && json(reading.answer);
}

Deno.test("each kind of frame crosses as JSON-RPC 2.0 and comes back the same", () => {
  const id = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
  const name = fc.string({ unit: "grapheme" }).filter((text) => !text.startsWith("$/"));
  const value = fc.jsonValue({ maxDepth: 5 });
  const error = fc.oneof(
    fc.record({ code: fc.string(), message: fc.string() }),
    fc.record({ code: fc.string(), message: fc.string(), data: value }),
  );
  const direction = fc.constantFrom("up" as const, "down" as const);
  const frame: fc.Arbitrary<Frame> = fc.oneof(
    fc.record({ id, method: name, params: value, input: fc.boolean() }),
    fc.record({ id, result: value }),
    fc.record({ id, error }),
    fc.record({ method: fc.constant("$/cancel" as const), params: fc.record({ id }) }),
    fc.record({
      method: fc.constant("$/item" as const),
      params: fc.record({ id, direction, value }),
    }),
    fc.record({ method: fc.constant("$/end" as const), params: fc.record({ id, error }) }),
    fc.record({
      method: fc.constant("$/credit" as const),
      params: fc.record({ id, direction, count: id }),
    }),
    fc.record({ method: fc.constant("$/notify" as const), params: fc.record({ name, value }) }),
  );
  fc.assert(fc.property(frame, (made) => {
    // Without what JSON has not: objects that inherit nothing, and -0.
    const sent: Frame = JSON.parse(JSON.stringify(made));
    const line = frameLine(sent);
    assert.equal(json(line)["jsonrpc"], "2.0");
    const reading = readLine(line);
    assert.deepEqual(reading, { kind: "frame", frame: sent });
  }));
});

Deno.test("what other programs write is understood", () => {
  const frames: [unknown, Frame][] = [
    [{ jsonrpc: "2.0", id: 1, method: "status" }, {
      id: 1,
      method: "status",
      params: null,
      input: false,
    }],
    [{ jsonrpc: "2.0", id: 1, method: "tasks", params: [1], more: 2 }, {
      id: 1,
      method: "tasks",
      params: [1],
      input: false,
    }],
    [{ jsonrpc: "2.0", method: "resize", params: { columns: 1 } }, {
      method: "$/notify",
      params: { name: "resize", value: { columns: 1 } },
    }],
    [{ jsonrpc: "2.0", method: "interrupt" }, {
      method: "$/notify",
      params: { name: "interrupt", value: null },
    }],
    [{ jsonrpc: "2.0", id: 4, error: { code: -32_601, message: "Method not found" } }, {
      id: 4,
      error: { code: "-32601", message: "Method not found" },
    }],
  ];
  for (const [value, frame] of frames) assert.deepEqual(read(value), { kind: "frame", frame });
  assert.equal(read(' {"jsonrpc":"2.0","id":1,"method":"status"} \r').kind, "frame");
});

Deno.test("an error has JSON-RPC's number and our code", () => {
  const number = (code: string) => Object(json(errorLine({ code, message: "m" }, 3))["error"]).code;
  assert.equal(number("method_not_found"), -32_601);
  assert.equal(number("bad_call"), -32_602);
  assert.equal(number("vault_locked"), -32_000);
  assert.deepEqual(json(errorLine({ code: "denied", message: "no", data: { hint: "h" } }, null)), {
    jsonrpc: "2.0",
    id: null,
    error: { code: -32_000, message: "no", data: { code: "denied", data: { hint: "h" } } },
  });
});

Deno.test("what is no frame is answered, with its id where it has one", () => {
  const cases: [unknown, number, number | null][] = [
    ["", -32_700, null],
    ["nothing", -32_700, null],
    ['{"jsonrpc":"2.0","id":1,"method":"sta', -32_700, null],
    ['{"a":1}{"b":2}', -32_700, null],
    ["[".repeat(100_000), -32_700, null],
    [`${"[".repeat(100_000)}${"]".repeat(100_000)}`, -32_600, null],
    ["null", -32_600, null],
    ["7", -32_600, null],
    [[{ jsonrpc: "2.0", id: 1, method: "status" }], -32_600, null],
    [{ id: 1, method: "status" }, -32_600, 1],
    [{ jsonrpc: "1.0", id: 2, method: "status" }, -32_600, 2],
    [{ jsonrpc: "2.0", id: 0, method: "status" }, -32_600, 0],
    [{ jsonrpc: "2.0", id: "a", method: "status" }, -32_600, null],
    ['{"jsonrpc":"2.0","id":1e999,"method":"status"}', -32_600, null],
    ['{"jsonrpc":"2.0","id":9007199254740993,"method":"status"}', -32_600, null],
    [{ jsonrpc: "2.0", id: 5, method: 5 }, -32_600, 5],
    [{ jsonrpc: "2.0", id: 5 }, -32_600, 5],
    [{ jsonrpc: "2.0", id: 5, method: "x", input: "yes" }, -32_600, 5],
    [{ jsonrpc: "2.0", id: 5, method: "$/cancel", params: { id: 5 } }, -32_600, 5],
    [{ jsonrpc: "2.0", id: 6, method: "x", params: nested(100) }, -32_600, 6],
    [{ jsonrpc: "2.0", method: "$/unknown", params: {} }, -32_600, null],
    [{ jsonrpc: "2.0", method: "$/credit", params: { id: 1, direction: "down" } }, -32_600, null],
    ['{"__proto__":{"jsonrpc":"2.0","id":1,"method":"status"}}', -32_600, null],
  ];
  for (const [value, code, id] of cases) {
    const answer = refusal(value);
    const label = JSON.stringify(value).slice(0, 80);
    assert.equal(answer?.["id"], id, label);
    assert.equal(Object(answer?.["error"]).code, code, label);
  }
  assert.equal(read({ jsonrpc: "2.0", id: 6, method: "x", params: nested(99) }).kind, "frame");
  const cut = new Uint8Array([...bytes('{"jsonrpc":"2.0","id":1,"method":"'), 0xe2, 0x82]);
  const truncated = readLine(new Uint8Array([...cut, ...bytes('"}')]));
  assert.ok(truncated.kind === "malformed");
});

Deno.test("an answer that is none is not answered, so that two cannot go on for ever", () => {
  for (const id of [null, "a", 0, -1]) {
    assert.equal(refusal({ jsonrpc: "2.0", id, error: { code: 1, message: "m" } }), undefined);
    assert.equal(refusal({ jsonrpc: "2.0", id, result: {} }), undefined);
  }
  assert.equal(refusal({ jsonrpc: "2.0", id: 1, error: "text" }), undefined);
  // What answers a frame that is none is such an answer.
  assert.equal(refusal(refusal("nothing")), undefined);
});

Deno.test("a key `__proto__` gives a frame no fields, and a key that is there twice counts once", () => {
  const line = '{"jsonrpc":"2.0","id":1,"method":"a","method":"b","params":{"__proto__":{"x":1}}}';
  const reading = read(line);
  assert.ok(reading.kind === "frame" && "params" in reading.frame && "method" in reading.frame);
  assert.equal(reading.frame.method, "b");
  assert.equal(Object(reading.frame.params).x, undefined);
  assert.equal(Object.hasOwn(Object(reading.frame.params), "__proto__"), true);
});

Deno.test("a failure arrives even if what it carries cannot", () => {
  const circle: Record<string, unknown> = {};
  circle["self"] = circle;
  for (const data of [circle, 1n, "x".repeat(FRAME_LIMIT_BYTES)]) {
    const error = { code: "denied", message: "no", data };
    const answer = json(frameLine({ id: 1, error }));
    assert.deepEqual(answer["error"], { code: -32_000, message: "no", data: { code: "denied" } });
    const end = json(frameLine({ method: "$/end", params: { id: 1, error } }));
    assert.deepEqual(Object(end["params"]).error, { code: "denied", message: "no" });
    assert.throws(() => frameLine({ id: 1, result: data }));
  }
});

Deno.test("whatever a line is, it is a frame or answered with one line at most", () => {
  const value = fc.oneof(
    fc.uint8Array(),
    fc.json({ maxDepth: 5 }).map(bytes),
    fc.string({ unit: "binary" }).map(bytes),
    fc.record({
      jsonrpc: fc.constant("2.0"),
      id: fc.anything(),
      method: fc.constantFrom("$/item", "status", 7, null),
      params: fc.jsonValue(),
    }, { requiredKeys: [] }).map((fields) => {
      try {
        return bytes(JSON.stringify(fields));
      } catch {
        return bytes("");
      }
    }),
  );
  fc.assert(
    fc.property(value, (line) => {
      const reading = readLine(line);
      if (reading.kind === "frame") assert.equal(readFrame(reading.frame), reading.frame);
      else if (reading.answer) assert.ok(Object(json(reading.answer)["error"]).code <= -32_600);
    }),
    { numRuns: 1_000 },
  );
});
