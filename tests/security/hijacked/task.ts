/**
 * Ordinary tasks, done by a sensible model for a person who agrees to what they asked for, and how often that
 * person is asked.
 * @module
 */
import { startModelServer } from "../../fakes/model_server.ts";
import { Chat, describePlugins, pipedPyra } from "./chat.ts";
import { type Counts, obedientModel, type ScriptedTurn } from "./model.ts";
import { type Settings, Station } from "./station.ts";

/** An ordinary task. */
export interface Task {
  readonly name: string;
  /** `reads`: nothing is changed and nothing leaves, and all that is read first is the person's own. */
  readonly kind: "reads" | "changes" | "reaches";
  /** What the person types. */
  readonly question: string;
  readonly turn: ScriptedTurn;
  /** A file that goes with the question. */
  readonly attached?: string;
}

/** How a task went. */
export interface TaskOutcome {
  readonly name: string;
  readonly kind: Task["kind"];
  readonly questions: number;
  /** Calls whose result was an error or a no. */
  readonly failures: number;
}

/** Does the tasks one after the other, each in a conversation of its own. */
export async function doTasks(
  tasks: readonly Task[],
  settings: Settings,
): Promise<readonly TaskOutcome[]> {
  await using station = await Station.make(settings);
  const counts: Counts = new Map();
  const find = (id: string) => tasks[Number(id.slice(1))]?.turn;
  await using model = await startModelServer(obedientModel(station, find, counts));
  await describePlugins(station, model.url);
  await using chat = await Chat.start(station, model.url);
  const outcomes: TaskOutcome[] = [];
  for (const [at, { name, kind, question, attached }] of tasks.entries()) {
    const line = `${
      question.replace("PAGES", station.outside.origin("pages"))
    } (case t${at} turn 0)`;
    let questions = 0;
    let shown: string;
    if (attached === undefined) {
      await chat.say("/clear", () => "n");
      const handled = await chat.say(line, () => "y");
      questions = handled.questions.length;
      shown = handled.shown;
    } else {
      await station.write("letter.txt", attached);
      const path = `${station.home}/letter.txt`;
      const child = pipedPyra(station, model.url, ["ask", "--attach", path, line]).spawn();
      await child.stdin.close();
      const { stderr } = await child.output();
      shown = new TextDecoder().decode(stderr);
      questions = shown.split(" [n] ").length - 1;
    }
    const failures = shown.match(/^← (?:error|denied)/gm)?.length ?? 0;
    outcomes.push({ name, kind, questions, failures });
  }
  return outcomes;
}
