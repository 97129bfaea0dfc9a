/**
 * A daemon that runs, as `pyra doctor` is told of it.
 * @module
 */
import type { DaemonStatus, TaskStatus } from "../../../src/protocol/daemon_calls.ts";
import type { KernelCalls } from "../../../src/protocol/kernel_calls.ts";

/** One that is well. */
export function daemonStatus(more: Partial<DaemonStatus> = {}): DaemonStatus {
  return {
    pid: 4242,
    instance: "a".repeat(32),
    version: "1.2.3",
    started: new Date().toISOString(),
    profile: "default",
    transport: "unix",
    memory: 80e6,
    clients: 1,
    malformed: 0,
    runs: [],
    tasks: [taskStatus()],
    vault: { state: "absent", until: null },
    ...more,
  };
}

/** A task that runs. */
export function taskStatus(more: Partial<TaskStatus> = {}): TaskStatus {
  const well = {
    state: "running",
    crashes: 0,
    lastError: "",
    nextStart: null,
    detail: "",
  } as const;
  return { name: "schedules", ...well, ...more };
}

/** What was typed for a schedule. */
export function keptJob(
  schedule: string,
  ...options: readonly string[]
): ReturnType<KernelCalls["keptJobs"]>[number] {
  const typed = ["schedule", "add", "daily 08:00", "what is new", ...options];
  return { schedule, typed, workspace: "/home/me", added: new Date().toISOString() };
}
