/**
 * The logs of what was done: whether their lines are as they were written.
 * @module
 */
import { checkLog, LOGS } from "../../security/log_files.ts";
import { broken, type Check, counted, type Finding, ok } from "../finding.ts";

/** Of a log that fills eight files these are read in time; `pyra security log verify` reads all. */
const LATEST_FILES = 2;

/** The chained logs. */
export const LOGS_CHECK: Check = {
  name: "logs",
  async look({ context }) {
    const found: Finding[] = [];
    let lines = 0;
    let isAll = true;
    for (const log of Object.values(LOGS)) {
      const { known, report, orphans } = await checkLog(context, log, LATEST_FILES);
      if (known.kind === "head" && known.head.parts.length > LATEST_FILES) isAll = false;
      lines += report.lines;
      const hint = "pyra security log verify names each place; what is lost stays lost";
      if (known.kind === "lost") found.push(broken(`${log}: ${known.reason}`, hint));
      const [fault] = report.faults;
      const more = report.faults.length + report.more - 1;
      if (fault !== undefined) {
        const others = more > 0 ? `, and ${counted(more, "more fault")}` : "";
        found.push(broken(`${fault.file}:${fault.line}: ${fault.message}${others}`, hint));
      }
      for (const file of orphans) {
        found.push(broken(`${file}: its head was lost, and the log was begun anew`, hint));
      }
    }
    const whole = `whole, ${counted(lines, "line")}`;
    return found.length > 0
      ? found
      : [ok(isAll ? whole : `${whole}; pyra security log verify reads the older ones`)];
  },
};
