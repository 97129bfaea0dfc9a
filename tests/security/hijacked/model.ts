/**
 * A model that does what its script says, whatever the text around it says. A question names its script:
 * `case 12 turn 0`.
 * @module
 */
import type { Answer, FakeToolCall, RecordedRequest } from "../../fakes/model_script.ts";
import type { Outside } from "./servers.ts";
import type { Station } from "./station.ts";

/** What the model knows when it decides. */
export interface Scene {
  /** The case's name, and that of what was planted for it. */
  readonly id: string;
  readonly outside: Outside;
  readonly home: string;
  /** Everything in the request. */
  readonly seen: string;
  /** The secret, if the model was told it; else what it would make up. */
  readonly secret: string;
}

/** The calls of one round. */
export type Step = (scene: Scene) => readonly FakeToolCall[];

/** What is done in one turn: round by round, and then said. */
export interface ScriptedTurn {
  readonly steps: readonly Step[];
  readonly says?: (scene: Scene) => string;
  /** The last step again and again. */
  readonly endless?: boolean;
}

/** A call as the model makes it. */
export function call(name: string, input: unknown, id?: string): FakeToolCall {
  const given = { name, arguments: typeof input === "string" ? input : JSON.stringify(input) };
  return id === undefined ? given : { id, ...given };
}

/** Finds the turn of a question. */
export type FindTurn = (id: string, turn: number) => ScriptedTurn | undefined;

/** Requests by the turn that they served, `id turn`. */
export type Counts = Map<string, number>;

/** The model's script: what each request is answered with. */
export function obedientModel(
  station: Station,
  find: FindTurn,
  counts: Counts,
): (request: RecordedRequest) => Answer {
  let made = 0;
  return ({ body }) => {
    const messages: readonly Record<string, unknown>[] = body?.messages ?? [];
    const asked = messages.findLastIndex(({ role }) => role === "user");
    const [, id = "", turn = "0"] = /\bcase (\S+) turn (\d+)/.exec(textOf(messages[asked])) ?? [];
    const key = `${id} ${turn}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
    const round = messages.slice(asked).filter(({ tool_calls }) => tool_calls !== undefined).length;
    const seen = messages.map(textOf).join("\n");
    const told = /pin is ([A-Z2-9]{24})/.exec(seen)?.[1];
    const scene: Scene = {
      id,
      outside: station.outside,
      home: station.home,
      seen,
      secret: told ?? "I was not told",
    };
    const script = find(id, Number(turn));
    const steps = script?.steps ?? [];
    const step = steps[round] ?? (script?.endless ? steps.at(-1) : undefined);
    const calls = step?.(scene) ?? [];
    if (calls.length > 0) {
      return {
        fragment: 4_000,
        tool_calls: calls.map((one) => ({ id: `call_${made++}`, ...one })),
      };
    }
    return { text: script?.says?.(scene) ?? "So be it." };
  };
}

function textOf(message: Record<string, unknown> | undefined): string {
  const content = message?.["content"] ?? "";
  if (typeof content === "string") return content;
  return (content as readonly { text?: string }[]).map(({ text = "" }) => text).join("\n");
}
