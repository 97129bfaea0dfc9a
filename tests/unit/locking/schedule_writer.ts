/**
 * Another process that adds a schedule, closes the database and ends: `schedule_writer.ts PATH NAME`.
 * @module
 */
import { ScheduleStore } from "../../../src/scheduler/store.ts";

const [path = "", name = ""] = Deno.args;
using store = await ScheduleStore.open(path);
const rule = { kind: "every", ms: 60_000, from: 0 } as const;
store.add({ name, rule, missed: "late" }, { now: Date.now(), nextAt: null });
