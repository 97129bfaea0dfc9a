/**
 * A chat in a process of its own, and the person at it.
 * @module
 */
import { cleanEnvironment } from "../../e2e/command.ts";
import { RUN_FLAGS } from "../../e2e/executable.ts";
import { type Station, TOOLS } from "./station.ts";

/** How the person answers. */
export type AnswerTo = (question: string) => "y" | "n";

/** What was seen of one line's handling. */
export interface Handled {
  /** What the person was asked, each question whole. */
  readonly questions: readonly string[];
  readonly shown: string;
}

const MAIN = new URL("./main.ts", import.meta.url).pathname;
const PYRA = new URL("../../../main.ts", import.meta.url).pathname;
const CONFIG = new URL("../../../deno.json", import.meta.url).pathname;
const LIMIT_MS = 60_000;

/** What starts Pyra with a terminal that is a pipe; `input: "text"`: without a terminal. */
export function pipedPyra(
  station: Station,
  modelUrl: string,
  args: readonly string[],
  { input }: { readonly input: "terminal" | "text" } = { input: "terminal" },
): Deno.Command {
  const main = input === "text" ? PYRA : MAIN;
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--config", CONFIG, ...RUN_FLAGS, main, ...args],
    clearEnv: true,
    env: cleanEnvironment(station.home, {
      PYRA_AI_PROVIDER_ID: "custom",
      PYRA_AI_MODEL: "m",
      PYRA_AI_BASE_URL: modelUrl,
      NO_COLOR: "1",
    }),
    cwd: station.workspace,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  });
}

/**
 * Has every plugin described once, so that a chat begins with all of their tools. One that may speak by raw TCP
 * needs another process, which ends those of the others: they are described the next time.
 */
export async function describePlugins(station: Station, modelUrl: string): Promise<void> {
  for (let tries = 0; tries < 4; tries++) {
    const child = pipedPyra(station, modelUrl, ["tools", "list", "--json"]).spawn();
    await child.stdin.close();
    const { stdout } = await child.output();
    const text = new TextDecoder().decode(stdout);
    const wanted = station.settings.notes === "on"
      ? TOOLS
      : TOOLS.filter((tool) => tool.includes("."));
    if (wanted.every((tool) => text.includes(JSON.stringify(tool)))) return;
  }
  throw new Error("not every plugin can be described");
}

/** A chat. One line at a time. */
export class Chat implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #reading: Promise<unknown>;
  #out = "";
  #err = "";
  #wake: () => void = () => undefined;
  #isOver = false;

  private constructor(child: Deno.ChildProcess) {
    this.#child = child;
    this.#writer = child.stdin.getWriter();
    this.#reading = Promise.all([
      this.#read(child.stdout, (text) => this.#out += text),
      this.#read(child.stderr, (text) => this.#err += text),
    ]).then(() => {
      this.#isOver = true;
      this.#wake();
    });
  }

  /** Starts it, and waits until it takes a question. */
  static async start(station: Station, modelUrl: string): Promise<Chat> {
    const args = ["chat", ...station.settings.options];
    const chat = new Chat(pipedPyra(station, modelUrl, args).spawn());
    await chat.#handled(() => "n");
    return chat;
  }

  /** Types a line, answers what is asked, and waits until the next line is taken. */
  async say(line: string, answer: AnswerTo): Promise<Handled> {
    this.#out = "";
    this.#err = "";
    await this.#type(line);
    return await this.#handled(answer);
  }

  async #handled(answer: AnswerTo): Promise<Handled> {
    const questions: string[] = [];
    let shown = "";
    const until = Date.now() + LIMIT_MS;
    for (;;) {
      if (this.#err.endsWith(" [n] ")) {
        questions.push(this.#err);
        shown += this.#err;
        this.#err = "";
        await this.#type(answer(questions.at(-1) ?? ""));
      } else if (/(?:^|\n)> $/.test(this.#out)) {
        shown += this.#err + this.#out;
        // What is not even tried proves nothing.
        if (/^error: /m.test(shown)) throw new Error(`a turn failed:\n${shown.slice(-2_000)}`);
        return { questions, shown };
      } else if (this.#isOver || Date.now() > until) {
        throw new Error(`the chat went away:\n${shown}${this.#err}${this.#out}`.slice(-4_000));
      }
      await this.#news();
    }
  }

  async #news(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    const timer = setTimeout(resolve, 1_000);
    await promise;
    clearTimeout(timer);
  }

  async #type(line: string): Promise<void> {
    await this.#writer.write(new TextEncoder().encode(`${line}\n`));
  }

  async #read(stream: ReadableStream<Uint8Array>, take: (text: string) => void): Promise<void> {
    for await (const text of stream.pipeThrough(new TextDecoderStream() as never)) {
      take(String(text));
      this.#wake();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writer.close().catch(() => undefined);
    const limit = setTimeout(() => this.#child.kill("SIGKILL"), 5_000);
    await this.#child.status;
    clearTimeout(limit);
    await this.#reading;
  }
}
