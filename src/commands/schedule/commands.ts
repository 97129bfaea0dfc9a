/**
 * The runners of `pyra schedule`.
 * @module
 */
import type { CommandRunner } from "../runner.ts";
import { addSchedule } from "./add.ts";
import { listHistory, listSchedules } from "./list.ts";
import { runSchedule } from "./run.ts";
import { showSchedule } from "./show.ts";
import { disableSchedule, enableSchedule, removeSchedule } from "./switches.ts";

/** The second words of `pyra schedule`. */
export const SCHEDULE_COMMANDS: Readonly<Record<string, CommandRunner>> = {
  add: addSchedule,
  list: listSchedules,
  show: showSchedule,
  run: runSchedule,
  history: listHistory,
  enable: enableSchedule,
  disable: disableSchedule,
  rm: removeSchedule,
};
