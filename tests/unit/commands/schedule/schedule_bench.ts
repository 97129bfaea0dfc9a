/**
 * The commands of `pyra schedule` on a profile of the test, with a kernel that keeps what is typed.
 * @module
 */
import type { KernelCalls } from "../../../../src/protocol/kernel_calls.ts";
import {
  type CommandResult,
  type CommandRun,
  TestProfile,
} from "../../../fakes/command_context.ts";

/** What the kernel keeps. */
export type Kept = ReturnType<KernelCalls["keptJobs"]>[number];

export const CONFIG = "ai:\n  provider_id: openai\n  model: gpt-5\n";

/** A profile, and what its kernel keeps of schedules. */
export class ScheduleBench implements AsyncDisposable {
  readonly profile: TestProfile;
  kept: Kept[] = [];
  /** What the daemon was asked. */
  readonly asked: unknown[] = [];
  /** What it answers; null: there is none. */
  daemon: null | 0 = null;

  private constructor(profile: TestProfile) {
    this.profile = profile;
  }

  static async create(): Promise<ScheduleBench> {
    return new ScheduleBench(await TestProfile.create());
  }

  /** Runs `pyra …`. */
  async run(argv: readonly string[], run: CommandRun = {}): Promise<CommandResult> {
    const { answers, ...rest } = run;
    return await this.profile.run(argv, {
      config: CONFIG,
      answers: {
        keptJobs: () => this.kept,
        keepJob: ({ schedule }) => {
          this.kept = [...this.kept, {
            schedule,
            typed: argv,
            workspace: this.profile.home,
            added: "2026-11-21T08:00:00.000Z",
          }];
          return null;
        },
        forgetJob: ({ schedule }) => {
          this.kept = this.kept.filter((one) => one.schedule !== schedule);
          return null;
        },
        daemonAsk: (ask) => {
          this.asked.push(ask);
          return this.daemon;
        },
        daemonStatus: () => null,
        bundledPlugins: () => [],
        ...answers,
      },
      ...rest,
    });
  }

  /** Runs what was typed for a schedule as its job, and reads the line that tells its end. */
  async perform(
    schedule: string,
    run: CommandRun = {},
  ): Promise<CommandResult & { readonly line: Readonly<Record<string, unknown>> }> {
    const { typed = [], added = "" } = this.kept.find((one) => one.schedule === schedule) ?? {};
    const result = await this.run(["schedule", "perform", schedule], {
      input: "",
      errorTerminal: false,
      job: { schedule, occurrence: 1, typed, added },
      ...run,
    });
    return { ...result, line: JSON.parse(result.out) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.profile[Symbol.asyncDispose]();
  }
}
